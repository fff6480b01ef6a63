"""Every format of an exported machine is whole, and has what goes with it."""

import hashlib
import re
import tarfile
from pathlib import Path
from typing import TYPE_CHECKING

import docker
import pytest
from docker.models.containers import Container

from deployment_drift import paths
from deployment_drift.build import archive, images
from deployment_drift.engine import ownership
from deployment_drift.engine.engines import Engine
from deployment_drift.engine.ownership import Session
from deployment_drift.errors import DriftError
from deployment_drift.machine import export as exporting
from deployment_drift.machine.export import FORMATS, MAKER, copy_out, of_box, require_login
from deployment_drift.machine.person import Person
from deployment_drift.targets import disks, readiness
from tests import ovf

if TYPE_CHECKING:
    from tests.demo.conftest import Filters

YUKI = Person("yuki", Path("id.pub"), "")


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
    with tarfile.open(tmp_path / "ova" / "drift-tiny.ova") as tar:
        packed = tar.extractfile("drift-tiny.ovf")
        assert packed
        also = packed.read().decode()
    assert [ovf.faults(each) for each in (described, also)] == [[], []]
    assert "$" not in described
    assert f'ovf:size="{(tmp_path / "ovf" / "drift-tiny.vmdk").stat().st_size}"' in described


def test_nobody_is_locked_out(
    docker_client: docker.DockerClient, session: Session, trixie: str
) -> None:
    """A name that the image has for itself lets nobody in, be it a user's or a group's: refused."""
    for taken in ("mail", "sync", "sudo"):
        with pytest.raises(DriftError, match=f"nobody could log in as {taken}") as raised:
            require_login(docker_client, session, trixie, taken)
        assert raised.value.hint == "--user attendee"
    for free in ("yuki", "root"):
        require_login(docker_client, session, trixie, free)


def test_stopped_export_leaves_nothing(
    docker_client: docker.DockerClient,
    trixie: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Ctrl-C while the disk is made: neither what makes it goes on, nor is there a folder."""
    makers: list[Container] = []

    def stop(making: Container) -> bool:
        making.reload()
        makers.append(making)
        raise KeyboardInterrupt

    monkeypatch.setattr(exporting, "_guest", lambda *_: trixie)
    monkeypatch.setattr(readiness, "is_off", stop)
    with pytest.raises(KeyboardInterrupt):
        list(exporting.export("local", "kvm", str(tmp_path / "out"), YUKI))
    assert [each.status for each in makers] == ["running"]
    assert list(tmp_path.iterdir()) == []
    ours: Filters = {"label": [ownership.LABEL, f"{ownership.OWNER}={ownership.owner()}"]}
    assert docker_client.containers.list(all=True, filters=ours) == []
    assert docker_client.volumes.list(filters=ours) == []


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
        making.remove(v=True, force=True)
    return sorted(each.name for each in to.iterdir())


def inside(file: Path) -> list[str]:
    """Return what is in an archive, in its order."""
    with tarfile.open(file) as tar:
        return tar.getnames()


def print_nothing(_: str, __: str) -> None:
    """Say nothing of a build."""
