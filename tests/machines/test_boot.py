"""Exported machines boot on other computers than ours, by a BIOS and by UEFI, and are compared."""

import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from urllib.request import urlopen

import docker
import pytest

from bench.machines import Computer, computer, disk_of, first_page, powered_on
from deployment_drift.engine import ownership
from deployment_drift.engine.engines import Engine
from tests.demo.conftest import Invoke, docker_client, engine, patient
from tests.demo.ssh_server import keygen

__all__ = ["docker_client", "engine", "patient"]  # fixtures that live elsewhere
MB = 10**6
LARGEST = {"ova": 120 * MB, "vhdx": 370 * MB, "qcow2": 120 * MB, "vmdk": 120 * MB}
PRODUCTS = {"local": "virtualbox", "release": "hyper-v"}
FIRMWARE = "test -d /sys/firmware/efi && echo UEFI || echo BIOS"
CARD = "readlink /sys/class/net/eth0/device/driver"


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give an attendee's key, and what ssh is told to reach machines that nobody knows yet."""
    file = tmp_path_factory.mktemp("attendee") / "id"
    keygen(file)
    known = f"StrictHostKeyChecking accept-new\nUserKnownHostsFile {file}.known\nLogLevel ERROR\n"
    config = f"IdentityFile {file}\nIdentitiesOnly yes\nBatchMode yes\n{known}"
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


@pytest.fixture(scope="module")
def others(patient: Invoke, key: Path) -> list[Path]:
    """Give the disks of a machine for products whose formats are not booted here."""
    folders = [key.with_name(product) for product in ("kvm", "vmware")]
    for folder in folders:
        words = ("--for", folder.name, "--key", f"{key}.pub", "--output", str(folder))
        patient("machine.export", "local", *words).expect(status=0)
    return [disk_of(folder) for folder in folders]


def test_exports_are_small(exported: Mapping[str, Path], others: Sequence[Path]) -> None:
    """A machine fits on any stick: an OVA, VMDK or qcow2 in 120 MB, a VHDX in 370 MB."""
    for file in (*exported.values(), *others):
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
