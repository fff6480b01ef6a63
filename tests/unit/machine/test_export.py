"""A machine is exported whole or not at all, and what cannot be is refused before anything runs."""

import io
import re
import subprocess
import tarfile
from pathlib import Path
from typing import Any
from unittest.mock import Mock
from xml.etree import ElementTree as ET

import pytest

from deployment_drift import paths
from deployment_drift.build import archive
from deployment_drift.cli import Command
from deployment_drift.errors import DriftError
from deployment_drift.machine import export as exporting
from deployment_drift.machine.export import FORMATS, PAGE, copy_out, export, identity, of_box
from deployment_drift.machine.person import Person
from tasks import namespace

YUKI = Person("yuki", Path("/home/yuki's/.ssh/id.pub"), "ssh-ed25519 AAAA it's mine")
OVF = "{http://schemas.dmtf.org/ovf/envelope/1}"
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


def test_ovf_says_what_virtualbox_expects() -> None:
    """Each item has what OVF 1.0 requires, in its schema's order, and what is named is there."""
    root = ET.parse(paths.root() / "images" / "export" / "ovf").getroot()  # noqa: S314 -- our own
    assert root.tag == f"{OVF}Envelope"
    assert [each.tag.removeprefix(OVF) for each in root] == [
        "References",
        "DiskSection",
        "NetworkSection",
        "VirtualSystem",
    ]
    (file,), (disk,) = root.iter(f"{OVF}File"), root.iter(f"{OVF}Disk")
    assert disk.get(f"{OVF}fileRef") == file.get(f"{OVF}id")
    items = [{_local(part.tag): part.text for part in item} for item in root.iter(f"{OVF}Item")]
    for item in items:
        assert list(item) == sorted(item, key=str.lower)
        assert {"ElementName", "InstanceID", "ResourceType"} <= set(item)
    assert len({item["InstanceID"] for item in items}) == len(items)
    kinds = {item["ResourceType"]: item for item in items}
    assert kinds["17"]["HostResource"] == f"ovf:/disk/{disk.get(f'{OVF}diskId')}"
    assert kinds["17"]["Parent"] == kinds["${BUS}"]["InstanceID"]
    assert [each.get(f"{OVF}name") for each in root.iter(f"{OVF}Network")] == [
        kinds["10"]["Connection"]
    ]


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]
