"""A machine is exported whole or not at all, and what cannot be is refused before anything runs."""

import io
import re
import subprocess
import tarfile
from pathlib import Path
from string import Template
from typing import Any
from unittest.mock import Mock

import pytest

from deployment_drift import paths
from deployment_drift.build import archive
from deployment_drift.cli import Command
from deployment_drift.errors import DriftError
from deployment_drift.machine import export as exporting
from deployment_drift.machine.export import FORMATS, PAGE, copy_out, export, identity, of_box
from deployment_drift.machine.person import Person
from tasks import namespace
from tests import ovf

YUKI = Person("yuki", Path("/home/yuki's/.ssh/id.pub"), "ssh-ed25519 AAAA it's mine")
PAGES = paths.root() / "docs" / "machines"


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Mock:
    """Stand in for what makes a machine; it writes a file of it."""

    def make(server: str, product: str, _: Person, folder: Path) -> None:
        (folder / f"drift-{server}.{FORMATS[product]}").write_bytes(bytes(1 << 20))

    standing_in = Mock(side_effect=make)
    monkeypatch.setattr(exporting, "_export", standing_in)
    return standing_in


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Be in a folder of one's own."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def left(place: Path) -> list[str]:
    """Return what is in a folder, hidden or not."""
    return sorted(each.name for each in place.iterdir())


@pytest.mark.parametrize("product", FORMATS)
def test_machine_comes_with_its_page(product: str, made: Mock, place: Path) -> None:
    """A folder has the machine and three steps that name it, and who may log in is said."""
    said = list(export("release", product, "", YUKI))
    folder = place / f"drift-release-{product}"
    assert left(folder) == sorted([PAGE, f"drift-release.{FORMATS[product]}"])
    page = (folder / PAGE).read_text("utf-8")
    assert "drift-release" in page
    assert not re.search("drift-local|8080|2222", page)
    assert f"yuki may log in, with the private half of {YUKI.file}" in said
    assert made.call_count == 1


@pytest.mark.parametrize("product", FORMATS)
def test_page_has_three_steps(product: str) -> None:
    """Whoever takes a machine home is three steps from its shop, in each language."""
    text = (PAGES / f"{product}.md").read_text("utf-8")
    for half in text.split("## 日本語"):
        assert re.findall(r"^(\d)\. ", half, re.MULTILINE) == ["1", "2", "3"]


@pytest.mark.parametrize("there", ["folder", "file", "link"])
def test_nothing_is_written_over(there: str, made: Mock, place: Path) -> None:
    """What is there already is left alone, whatever it is: a machine of it may be running."""
    output = place / "out"
    if there == "link":
        output.symlink_to("nowhere")
    else:
        (output.mkdir if there == "folder" else output.touch)()
    with pytest.raises(DriftError, match="out is there already"):
        list(export("local", "kvm", "out", YUKI))
    assert (made.called, left(place)) == (False, ["out"])


@pytest.mark.parametrize("error", [KeyboardInterrupt(), OSError(28, "No space left on device")])
def test_nothing_is_left_of_what_failed(error: BaseException, made: Mock, place: Path) -> None:
    """Stopped, or on a full disk, an export leaves no file at all."""

    def fail(*words: Any) -> None:  # noqa: ANN401 -- those of what it stands in for
        (words[-1] / "half").write_bytes(b"half")
        raise error

    made.side_effect = fail
    with pytest.raises((KeyboardInterrupt, DriftError)) as raised:
        list(export("local", "kvm", "out", YUKI))
    assert left(place) == []
    if isinstance(raised.value, DriftError):
        assert raised.value.what == "out could not be written: No space left on device"


def test_folder_has_to_be_there(made: Mock) -> None:
    """A folder in a folder that is nowhere cannot be written."""
    with pytest.raises(DriftError, match="no/out could not be written: No such file"):
        list(export("local", "kvm", "no/out", YUKI))
    assert not made.called


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["container", "--for", "kvm"], "'container' is no server of the story: local or release"),
        (["local", "--for", "cloud"], "'cloud' is no product"),
        (["local"], "'' is no product"),
    ],
)
def test_what_cannot_be_is_refused(
    words: list[str], said: str, place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An unknown server or product is named, with what to type instead, and status 2."""
    (place / "id.pub").write_text(YUKI.key, "utf-8")
    with pytest.raises(SystemExit) as raised:
        Command(namespace=namespace).run(["./invoke", "machine.export", *words, "--key", "id.pub"])
    error = capsys.readouterr().err
    assert (raised.value.code, left(place)) == (2, ["id.pub"])
    assert said in error
    assert "Next: " in error


def test_a_key_is_missed_after_an_unknown_product(
    place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever has no key, and has mistyped the product, reads of the product first."""
    monkeypatch.setenv("HOME", str(place))
    with pytest.raises(SystemExit):
        Command(namespace=namespace).run(["./invoke", "machine.export", "local", "--for", "cloud"])
    error = capsys.readouterr().err
    assert "'cloud' is no product" in error
    assert "ssh key" not in error


def test_machine_knows_who_may_log_in() -> None:
    """Sh reads a machine's file as it was meant, whatever a key's comment has in it."""
    read = f'{identity("drift-local", YUKI)["etc/machine"]}printf "%s\\n" "$LOGIN" "$KEY"'
    said = subprocess.run(["sh", "-c", read], capture_output=True, text=True, check=True).stdout
    assert said == f"{YUKI.name}\n{YUKI.key}\n"


def test_ruby_reads_where_the_key_is() -> None:
    """In a Vagrantfile a path is quoted as Ruby's single quotes want it."""
    told = of_box("release", YUKI)
    assert told == {"PORT": "8081", "LOGIN": "yuki", "PRIVATE_KEY": "/home/yuki\\'s/.ssh/id"}


def test_only_files_are_copied_out(place: Path) -> None:
    """From an engine come files by their own names: no folder, no link, no path that leads out."""
    packed = io.BytesIO(archive.pack({"out/disk": b"disk", "../../up": b"up"}))
    with tarfile.open(fileobj=packed, mode="a") as tar:
        link = tarfile.TarInfo("out/link")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(link)
    sent = packed.getvalue()
    parts = (sent[at : at + 700] for at in range(0, len(sent), 700))
    copy_out(Mock(get_archive=Mock(return_value=(parts, {}))), "/out", place)
    assert left(place) == ["disk", "up"]
    assert (place / "disk").read_bytes() == b"disk"


def described(system: str, bus: str, controller: str, card: str) -> str:
    """Return an OVF as an export writes it."""
    template = Template((paths.root() / "images" / "export" / "ovf").read_text("utf-8"))
    kind = {"SYSTEM": system, "BUS": bus, "CONTROLLER": controller, "CARD": card}
    return template.substitute(FILE="a.vmdk", SIZE=115, CAPACITY=716, NAME="drift-local", **kind)


SYSTEMS = {
    "virtualbox": ("virtualbox-2.2", "20", "AHCI", "E1000"),
    "vmware": ("vmx-10", "6", "VirtualSCSI", "VmxNet3"),
}


@pytest.mark.parametrize("product", SYSTEMS)
def test_ovf_is_what_its_schema_and_virtualbox_expect(product: str) -> None:
    """What an export writes has no fault by the rules of both."""
    assert ovf.faults(described(*SYSTEMS[product])) == []


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("envelope/1", "envelope/2", "the root is"),
        ("<Info>The disk</Info>", "", "DiskSection has Disk"),
        ("ovf:href=", "href=", "File has href=''"),
        ('ovf:capacity="716"', 'ovf:capacity="716 MB"', "Disk has capacity='716 MB'"),
        ("rasd:Parent>", "vssd:Parent>", "property of another class"),
        ("rasd:Address>", "rasd:Zone>", "an Item has Zone, ElementName"),
        ("<rasd:ResourceType>17</rasd:ResourceType>", "", "no ResourceType"),
        ('ovf:fileRef="file1"', 'ovf:fileRef="file2"', "disk disk1 is no file"),
        ("InstanceID>5<", "InstanceID>4<", "one InstanceID"),
        ("byte * 2^20", "bytes", "memory is told in bytes"),
        ("AHCI", "SATA", "SATA is no controller"),
        ("Connection>NAT", "Connection>LAN", "LAN is no network"),
        ("Parent>3", "Parent>2", "a disk hangs on 2"),
        ("ovf:/disk/disk1", "ovf:/disk/disk2", "a disk is ovf:/disk/disk2"),
        ("ResourceType>10", "ResourceType>35", "is missing"),
    ],
)
def test_spoiled_ovf_is_refused(before: str, after: str, told: str) -> None:
    """Each rule can fail: an OVF that breaks it is told apart."""
    good = described(*SYSTEMS["virtualbox"])
    assert before in good
    said = ovf.faults(good.replace(before, after))
    assert any(told in each for each in said), said
