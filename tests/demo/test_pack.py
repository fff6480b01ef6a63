"""The archive for a second laptop, taken where nothing that is outside can be reached."""

import os
import platform
import re
import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import docker
import pytest

from deployment_drift.build import bases
from deployment_drift.engine import ownership
from deployment_drift.engine.engines import Engine
from tests.demo.conftest import Invoke

MOST = 600  # MiB of an archive for ten minutes
ISOLATED = ["unshare", "--net", "--mount", "--propagation", "private"]
GONE = {"DOCKER_HOST", "DOCKER_CONTEXT", "PIP_INDEX_URL", "UV_INDEX_URL"}


@pytest.fixture(scope="module")
def archive(invoke: Invoke, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the archive of a talk of ten minutes."""
    for scene, status in (("demo-drift", 0), ("demo-container", 0)):
        invoke(scene).expect(status)
    file = tmp_path_factory.mktemp("pack") / "talk.tar"
    told = invoke("pack", str(file), "--minutes", "10").expect(0)
    assert [line.split(":")[0] for line in told.splitlines()] == [
        "images",
        "wheels",
        "packages",
        str(file),
    ]
    assert file.stat().st_size < MOST * 2**20
    assert list(file.parent.iterdir()) == [file]
    return file


@pytest.fixture
def state() -> Iterator[Path]:
    """Give a folder for another user's state, with a name short enough for a socket's path."""
    with TemporaryDirectory(prefix="drift-") as folder:
        yield Path(folder)


def test_second_laptop_needs_no_network(archive: Path, state: Path, tmp_path: Path) -> None:
    """Where nothing answers, it is taken, the talk is ready, and an exercise can be begun.

    The doctor says that it is ready, and no longer does when something was changed. What was
    changed is built on the steps of the images that were taken.
    """
    kept = {name: value for name, value in os.environ.items() if name not in GONE}
    script = Path(__file__).with_name("offline.sh")
    ended = subprocess.run(
        [*ISOLATED, "sh", str(script), str(archive)],
        cwd=tmp_path,
        env={**kept, "HOME": str(tmp_path), "XDG_STATE_HOME": str(state), "LANG": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
    )
    _, *parts = re.split("^== ", ended.stdout, flags=re.MULTILINE)
    told = dict(part.split("\n", 1) for part in parts)
    ended_with = {name: text.rstrip().rpartition("status ")[2] for name, text in told.items()}
    assert ended_with == {
        "unpack": "0",
        "prepare": "0",
        "doctor": "0",
        "exercise": "1",
        "changed": "0",
        "build": "0",
        "clean": "0",
    }, ended.stdout[-4000:] + ended.stderr
    assert "READY: 2 scenes were played with no network" in told["prepare"]
    assert "one of 10 minutes was played with no network on" in told["doctor"]
    assert "NOT YET: 0 of 2 rows are green" in told["exercise"]
    assert "something has changed since" in told["changed"]
    assert "Using cache" in told["build"]
    assert ", 0 images" not in told["clean"]


def test_engine_comes_from_the_archive(
    archive: Path, engine: Engine, docker_client: docker.DockerClient, tmp_path: Path
) -> None:
    """On a bare machine of the same release, an engine is installed from what was packed."""
    release = platform.freedesktop_os_release()
    (base,) = bases.prepare(engine, [f"debian:{release['VERSION_CODENAME']}-slim"], print)
    with tarfile.open(archive) as packed:
        inside = "deployment-drift/.pack/packages/"
        members = [each for each in packed if each.name.startswith(inside)]
        packed.extractall(tmp_path, members, filter="data")
    folder = tmp_path / inside
    (folder / "lists" / "partial").mkdir(parents=True)
    said = docker_client.containers.run(
        base.id,
        ["sh", "-ec", INSTALL],
        labels={ownership.LABEL: "pack", ownership.OWNER: ownership.owner()},
        network_mode="none",
        remove=True,
        volumes={str(folder): {"bind": "/packages"}},
    )
    assert said.decode().splitlines()[-1].startswith("Docker version")


INSTALL = """
echo 'deb [trusted=yes] file:/packages ./' >/etc/apt/only.list
set -- -o Dir::Etc::sourcelist=/etc/apt/only.list -o Dir::Etc::sourceparts=-
apt-get "$@" -q update
DEBIAN_FRONTEND=noninteractive apt-get "$@" -q -y --no-install-recommends install docker.io iproute2
dockerd --version
"""
