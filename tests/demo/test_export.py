"""Exported machines boot on other computers than ours, by a BIOS and by UEFI, and are compared."""

import hashlib
import re
import subprocess
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from urllib.request import urlopen

import docker
import pytest

from bench.machines import Computer, computer, disk_of, first_page, powered_on
from deployment_drift import paths
from deployment_drift.build import archive, images
from deployment_drift.engine import ownership
from deployment_drift.engine.engines import Engine
from deployment_drift.engine.ownership import Session
from deployment_drift.machine.export import FORMATS, MAKER, copy_out, of_box
from deployment_drift.machine.person import Person
from deployment_drift.targets import disks
from tests.demo.conftest import Invoke
from tests.demo.ssh_server import keygen

MB = 10**6
LARGEST = {"ova": 120 * MB, "vhdx": 370 * MB}
YUKI = Person("yuki", Path("id.pub"), "")
PRODUCTS = {"local": "virtualbox", "release": "hyper-v"}
FIRMWARE = "test -d /sys/firmware/efi && echo UEFI || echo BIOS"
CARD = "readlink /sys/class/net/eth0/device/driver"


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give an attendee's key, and what ssh is told to reach machines that nobody knows yet."""
    file = tmp_path_factory.mktemp("attendee") / "id"
    keygen(file)
    known = (
        "BatchMode yes\nStrictHostKeyChecking no\nUserKnownHostsFile /dev/null\nLogLevel ERROR\n"
    )
    config = f"IdentityFile {file}\nIdentitiesOnly yes\n{known}"
    file.with_name("config").write_text(config, "utf-8")
    return file


@pytest.fixture(scope="module")
def exported(patient: Invoke, key: Path) -> dict[str, Path]:
    """Give the disk of each server's machine, for a product that has a BIOS and one with UEFI."""
    found = {}
    for server, product in PRODUCTS.items():
        folder = key.with_name(server)
        words = ("--key", f"{key}.pub", "--user", "yuki", "--output", str(folder))
        said = patient("machine.export", server, "--for", product, *words).expect(status=0)
        assert f"yuki may log in, with the private half of {key}.pub" in said
        found[server] = disk_of(folder)
    return found


@pytest.fixture(scope="module")
def booted(
    engine: Engine, docker_client: docker.DockerClient, exported: Mapping[str, Path], key: Path
) -> Iterator[dict[str, Computer]]:
    """Give both machines when their shops have answered; they boot side by side."""
    image = computer(engine, docker_client)
    with ownership.session() as session, ExitStack() as running:
        found = {
            server: running.enter_context(powered_on(docker_client, session, image, product, disk))
            for (server, product), disk in zip(PRODUCTS.items(), exported.values(), strict=True)
        }
        for each in found.values():
            first_page(each)
            shell(each, key, "true")  # as whoever logs in for the first time: the machine is known
        yield found


def address(machine: Computer, key: Path) -> str:
    """Return a machine's address, with the patience that an emulated one needs."""
    config = key.with_name("config")
    return f"ssh://yuki@127.0.0.1:{machine.ssh}?sudo=true&timeout=240&ssh_config={config}"


def shell(machine: Computer, key: Path, line: str, user: str = "yuki") -> str:
    """Return what a line of sh prints there, for somebody who has the attendee's key."""
    words = [
        "ssh",
        "-F",
        str(key.with_name("config")),
        "-o",
        "BatchMode=yes",
        "-p",
        str(machine.ssh),
    ]
    done = subprocess.run(
        [*words, f"{user}@127.0.0.1", line], capture_output=True, text=True, check=True, timeout=240
    )
    return done.stdout


def test_exports_are_small(exported: Mapping[str, Path]) -> None:
    """A machine fits on any stick: an OVA in 120 MB, a VHDX in 370 MB."""
    for file in exported.values():
        assert MB < file.stat().st_size <= LARGEST[file.suffix[1:]]


def test_shop_is_served(booted: Mapping[str, Computer]) -> None:
    """What answers from a machine is the shop of its own server."""
    for server, machine in booted.items():
        with urlopen(machine.shop, timeout=240) as answer:  # noqa: S310 -- http
            assert f"<strong>{server}</strong>" in answer.read().decode()


def test_computers_differ(booted: Mapping[str, Computer], key: Path) -> None:
    """The machines were started by another firmware, and found another network card, each."""
    seen = {
        server: shell(machine, key, f"{FIRMWARE}; {CARD}").split()
        for server, machine in booted.items()
    }
    found = {server: (firmware, Path(card).name) for server, (firmware, card) in seen.items()}
    assert found == {"local": ("BIOS", "e1000"), "release": ("UEFI", "e1000e")}


def test_only_the_attendee_gets_in(booted: Mapping[str, Computer], key: Path) -> None:
    """The key is for the attendee alone, who may become root; nobody has a password."""
    machine = booted["local"]
    assert shell(machine, key, "sudo id -un") == "root\n"
    assert shell(machine, key, "sudo sed -n '/^root:[*!]/p' /etc/shadow | wc -l") == "1\n"
    with pytest.raises(subprocess.CalledProcessError):
        shell(machine, key, "true", user="root")


def test_drift_is_played_on_exported_machines(
    booted: Mapping[str, Computer], patient: Invoke, key: Path
) -> None:
    """Reached by the attendee's own key, two machines drift as the scene's own do."""
    words = [word for name, each in booted.items() for word in (f"--{name}", address(each, key))]
    document = patient("demo-drift", "--machines", "vm", *words, "--json").document(status=0)
    assert document["verdict"] == "drift"
    seen = {each["name"]: each["observations"] for each in document["checks"]}
    here, there = [each["value"] for each in seen["php_version"]]
    assert (here[:3], there[:3]) == ("8.4", "8.2")


def test_every_format_is_whole(
    engine: Engine, docker_client: docker.DockerClient, session: Session, tmp_path: Path
) -> None:
    """Each format converts back to the disk that it was made of, and has what goes with it."""
    image = images.build(engine, MAKER, print_nothing, root=paths.root()).id
    found = {
        kind: made(docker_client, session, image, kind, tmp_path / kind)
        for kind in sorted(set(FORMATS.values()))
    }
    assert found == {
        "box": ["drift-tiny.box"],
        "ova": ["drift-tiny.ova"],
        "ovf": ["drift-tiny.mf", "drift-tiny.ovf", "drift-tiny.vmdk"],
        "qcow2": ["drift-tiny.qcow2"],
        "vhdx": ["drift-tiny.vhdx"],
    }
    assert inside(tmp_path / "ova" / "drift-tiny.ova") == [
        "drift-tiny.ovf",
        "drift-tiny.mf",
        "drift-tiny.vmdk",
    ]
    boxed = inside(tmp_path / "box" / "drift-tiny.box")
    assert boxed == ["metadata.json", "Vagrantfile", "box.ovf", "drift-tiny.vmdk"]
    for line in (tmp_path / "ovf" / "drift-tiny.mf").read_text().splitlines():
        name, digest = re.fullmatch(r"SHA256\((.*)\)= (.*)", line).groups()  # type: ignore[union-attr]
        content = (tmp_path / "ovf" / name).read_bytes()
        assert digest == hashlib.sha256(content).hexdigest()
    described = (tmp_path / "ovf" / "drift-tiny.ovf").read_text()
    assert "$" not in described
    assert f'ovf:size="{(tmp_path / "ovf" / "drift-tiny.vmdk").stat().st_size}"' in described


def made(
    client: docker.DockerClient, session: Session, image: str, kind: str, to: Path
) -> list[str]:
    """Return the names of what a format's files are, for a machine that has hardly any."""
    told = {"FORMAT": kind, "NAME": "drift-tiny", **of_box("local", YUKI)}
    options = {"environment": told, "labels": dict(session.labels), **disks.MAKER}
    making = ownership.create(client, "maker", image, ["export"], volumes=["/guest"], **options)
    try:
        making.put_archive("/guest", archive.pack({"etc/hostname": "drift-tiny\n"}))
        disks.make(making, kind)
        to.mkdir()
        copy_out(making, "/out", to)
    finally:
        making.remove(force=True)
    return sorted(each.name for each in to.iterdir())


def inside(file: Path) -> list[str]:
    """Return what is in an archive, in its order."""
    with tarfile.open(file) as tar:
        return tar.getnames()


def print_nothing(_: str, __: str) -> None:
    """Say nothing of a build."""
