import io
import shutil
import signal
import socket
import subprocess
import sys
import tarfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import docker
import pytest

from deployment_drift import paths
from deployment_drift.build import bases, images
from deployment_drift.engine import daemon
from deployment_drift.engine.engines import Engine
from deployment_drift.errors import BuildError

PREPARE = Path(__file__).with_name("prepare_base.py")
CONFIG = Path(__file__).with_name("registry.yml")


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@pytest.fixture(scope="session")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the registry of Debian's package, unpacked and not installed."""
    found = shutil.which("docker-registry")
    if found:
        return Path(found)
    folder = tmp_path_factory.mktemp("package")
    for command in (["update"], ["download", "docker-registry"]):
        subprocess.run(["apt-get", "-q", *command], cwd=folder, check=False)
    (package,) = folder.glob("*.deb")
    subprocess.run(["dpkg-deb", "--extract", package, folder], check=True)
    return folder / "usr/bin/docker-registry"


@pytest.fixture
def registry(program: Path, tmp_path: Path) -> Iterator[str]:
    """Give the address of a real registry that is empty and answers."""
    address = f"127.0.0.1:{free_port()}"
    settings = {
        "REGISTRY_HTTP_ADDR": address,
        "REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY": str(tmp_path),
    }
    with subprocess.Popen([program, "serve", CONFIG], env=settings) as process:
        for _ in range(100):
            time.sleep(0.05)
            try:
                urlopen(f"http://{address}/v2/").close()
                break
            except OSError:
                continue
        yield address
        process.terminate()


def test_pulled_base_has_the_registrys_digest(
    engine: Engine, docker_client: docker.DockerClient, registry: str
) -> None:
    """A base that a registry has is pulled, and its digest is the one that the push reported."""
    name = f"{registry}/debian:trixie-slim"
    digest = push(docker_client, name)
    lines: list[str] = []
    (base,) = bases.prepare(engine, [name], lambda _, line: lines.append(line))
    docker_client.images.remove(name)
    assert (base.name, base.digest, base.origin) == (name, digest, "pulled")
    assert any("Pull complete" in line for line in lines)


def test_built_on_the_registrys_digest(
    engine: Engine, docker_client: docker.DockerClient, registry: str, tmp_path: Path
) -> None:
    """What is built starts from the very digest that a registry gave, whoever moves the name."""
    name = f"{registry}/debian:trixie-slim"
    pinned = f"{registry}/debian@{push(docker_client, name)}"
    (base,) = bases.prepare(engine, [name], lambda *_: None)
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "Dockerfile").write_text(f"FROM {name}\nCOPY Dockerfile /\n")
    lines: list[str] = []
    built = images.build(engine, "site", lambda _, line: lines.append(line), root=tmp_path)
    below, layers = (
        docker_client.images.get(each).attrs["RootFS"]["Layers"] for each in (base.id, built.id)
    )
    for each in (built.tag, name):
        docker_client.images.remove(each)
    assert any(line.endswith(f"FROM {pinned}") for line in lines)
    assert layers[:-1] == below


def push(client: docker.DockerClient, name: str) -> str:
    """Push an image of one small file, forget it here, and return its digest."""
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w") as tar:
        tar.add(__file__, "file")
    repository, tag = bases.split(name)
    client.api.import_image_from_data(content.getvalue(), repository, tag)
    for message in client.api.push(repository, tag, stream=True, decode=True):
        assert "error" not in message
    digest = client.images.get(name).attrs["RepoDigests"][0].partition("@")[2]
    client.images.remove(name)
    return str(digest)


def test_present_bases_are_used(engine: Engine, trixie: str) -> None:
    """A base that is there is used at once, and nothing is said about it."""
    begin = time.monotonic()
    (base,) = bases.prepare(engine, ["debian:trixie-slim"], lambda *_: pytest.fail("it is there"))
    assert (base.id, base.origin) == (trixie, "present")
    assert time.monotonic() - begin < 1


def test_without_registry_it_is_made_from_packages(
    engine: Engine, docker_client: docker.DockerClient
) -> None:
    """Where no registry answers, the suite's base is bootstrapped: slim, updated, with a shell."""
    name = f"127.0.0.1:{free_port()}/debian:trixie-slim"
    (base,) = bases.prepare(engine, [name], lambda *_: None)
    try:
        run = docker_client.containers.run
        shown = run(
            name, "cat /etc/os-release /etc/apt/sources.list", remove=True, network_disabled=True
        ).decode()
        documents = run(name, "find /usr/share/man /usr/share/locale -type f", remove=True)
    finally:
        docker_client.images.remove(name)
    assert (base.origin, base.digest) == ("bootstrapped", "")
    assert "VERSION_CODENAME=trixie" in shown
    assert "trixie-updates" in shown
    assert documents.decode().split() in ([], ["/usr/share/locale/locale.alias"])


def test_unknown_base_is_a_clear_error(engine: Engine) -> None:
    """A base that no registry has and that is not a Debian suite is named in the error."""
    with pytest.raises(BuildError, match=r"nothing:at-all could not be pulled"):
        bases.prepare(engine, [f"127.0.0.1:{free_port()}/nothing:at-all"], lambda *_: None)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_interrupted_bootstrap_leaves_nothing(
    docker_client: docker.DockerClient, environment: dict[str, str], number: signal.Signals
) -> None:
    """Ctrl-C, or `kill -9`, in a bootstrap leaves no process, mount, file or half an image."""
    name = f"127.0.0.1:{free_port()}/debian:trixie-slim"
    command = [sys.executable, str(PREPARE), name]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert any("running apt-get update" in line for line in process.stdout)
        process.send_signal(number)
        process.communicate(timeout=10)
    folder = paths.state() / "bootstrap"
    assert daemon.mounts(folder) == []
    assert list(folder.glob("*/*")) == []  # the empty folder of a suite stays after a kill
    assert bases.find(docker_client, name) is None
