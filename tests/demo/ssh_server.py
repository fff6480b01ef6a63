"""An ssh server in a container, and the client's side of it."""

import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import docker
import pytest
from docker.models.containers import Container

from deployment_drift.engine import packages

LABELS = {"deployment-drift": "test"}
SSHD = Path(__file__).with_name("sshd")


@dataclass(frozen=True)
class Server:
    """An ssh server, and the client's folder with key, known hosts and configuration."""

    container: Container
    folder: Path
    port: int

    def address(self, **options: str) -> str:
        """Return the server's address with the right key, and `config` or other options."""
        query = {"ssh_config": str(self.folder / "config"), "timeout": "5", **options}
        words = "&".join(f"{key}={value}" for key, value in query.items())
        return f"ssh://root@127.0.0.1:{self.port}?{words}"

    def logins(self) -> int:
        """Return how many connections the server has let in."""
        return bytes(self.container.logs()).count(b"Accepted publickey")


def keygen(path: Path) -> None:
    """Make a key without a password."""
    command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "test", "-f", str(path)]
    subprocess.run(command, check=True)


@pytest.fixture(scope="session")
def server(
    docker_client: docker.DockerClient, trixie: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """Give a running ssh server whose key is known."""
    if not shutil.which("ssh-keygen"):
        packages.install(["openssh-client"])
    assert trixie
    folder = tmp_path_factory.mktemp("ssh")
    shutil.copytree(SSHD, folder / "sshd")
    keygen(folder / "id")
    keygen(folder / "wrong")
    shutil.copy(folder / "id.pub", folder / "sshd")
    image, _ = docker_client.images.build(path=str(folder / "sshd"), labels=LABELS, rm=True)
    container = docker_client.containers.run(
        image, detach=True, labels=LABELS, ports={"22/tcp": ("127.0.0.1", 0)}
    )
    try:
        yield prepared(container, folder)
    finally:
        container.remove(force=True)
        docker_client.images.remove(str(image.id), force=True)


def prepared(container: Container, folder: Path) -> Server:
    """Write the client's configuration for a server that answers."""
    container.reload()
    port = int(container.attrs["NetworkSettings"]["Ports"]["22/tcp"][0]["HostPort"])
    for _ in range(100):
        if b"Server listening" in container.logs():
            break
        time.sleep(0.1)
    shown = cast("bytes", container.exec_run("cat /etc/ssh/ssh_host_ed25519_key.pub").output)
    key = shown.decode().split()
    (folder / "known").write_text(f"[127.0.0.1]:{port} {key[0]} {key[1]}\n", "utf-8")
    config = f"IdentityFile {folder}/id\nIdentitiesOnly yes\nUserKnownHostsFile {folder}/known\n"
    (folder / "config").write_text(config, "utf-8")
    return Server(container, folder, port)
