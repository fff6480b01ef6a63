"""An engine whose disk really has 500 MB: a sentence, an exit status, and nothing left behind."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import docker
import pytest

from deployment_drift.engine import daemon, private
from tests.demo.conftest import Invoke

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0,
    reason="a private engine, and a disk of its own, need Linux and root",
)


@pytest.fixture(scope="module")
def disk() -> Iterator[Path]:
    """Give a state folder on a file system of 500 MB; nothing is mounted there in the end."""
    folder = Path(tempfile.mkdtemp(prefix="drift-"))
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=500m", "tmpfs", folder], check=True)
    try:
        yield folder
        assert daemon.mounts(folder) == [str(folder)]
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)
        shutil.rmtree(folder)


@pytest.fixture(scope="module")
def small(disk: Path) -> Iterator[str]:
    """Give the address of an engine that has all its data there, and nothing else."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(disk))
        private.install(print)
        try:
            yield private.start(print)
        finally:
            private.remove()
        assert daemon.processes(private.folder()) == {}


@pytest.mark.parametrize(
    "typed",
    [
        "demo-drift",
        "demo-startup",
        "demo-startup --hypervisor xen",
        "demo-mail",
        "demo-limits",
        "machine.export local --for kvm --key id.pub",
    ],
)
def test_disk_of_500_mb(  # noqa: PLR0913, PLR0917 -- fixtures
    small: str,
    invoke: Invoke,
    disk: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    typed: str,
) -> None:
    """It says how much is free and how much is needed, ends with 2, and leaves nothing."""
    monkeypatch.chdir(tmp_path)
    Path("id.pub").write_text("ssh-ed25519 AAAA", "ascii")
    said = invoke(*typed.split(), DOCKER_HOST=small, XDG_STATE_HOME=str(disk)).error(status=2)
    assert [each.name for each in tmp_path.iterdir()] == ["id.pub"]
    assert "MiB are free" in said
    assert "/invoke clean" in said  # as it is typed from elsewhere
    with closing(docker.DockerClient(small)) as client:
        assert client.containers.list(all=True) == []
        assert client.volumes.list() == []
