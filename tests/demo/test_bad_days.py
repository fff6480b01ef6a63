"""What happens when it does not go well: a clear error, an exit status, and nothing left."""

import os
import re
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from subprocess import PIPE, Popen

import docker
import pytest

from deployment_drift import paths, scenes
from deployment_drift.engine import ownership
from deployment_drift.engine.engines import Engine
from deployment_drift.errors import BuildError, DriftError
from deployment_drift.run import play
from tests.demo.conftest import Filters, Invoke, quiet


def ours(client: docker.DockerClient) -> int:
    """Return the count of our containers and networks."""
    mine: Filters = {"label": [ownership.LABEL, f"{ownership.OWNER}={ownership.owner()}"]}
    containers = client.containers.list(all=True, filters=mine)
    return len(containers) + len(client.networks.list(filters=mine))


def start(*words: str) -> Popen[str]:
    """Start `./invoke` in a process group of its own."""
    program = [str(paths.root() / "invoke"), *words]
    return Popen(program, stdout=PIPE, stderr=PIPE, text=True, start_new_session=True)


def until(process: Popen[str], text: str) -> None:
    """Read what a scene prints until a line with that text comes."""
    assert process.stdout is not None
    for line in process.stdout:
        if text in line:
            return
    raise AssertionError(f"{text!r} never came")


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_leaves_nothing(docker_client: docker.DockerClient, sent: signal.Signals) -> None:
    """Ctrl-C or SIGTERM in the checks ends the scene with 130 and takes the servers away."""
    with start("demo-drift") as scene:
        until(scene, "5  ")
        os.killpg(scene.pid, sent)
        _, err = scene.communicate(timeout=30)
    assert scene.returncode == 130
    assert "Traceback" not in err
    assert ours(docker_client) == 0


def test_kill_leaves_nothing_after_the_next_scene(
    docker_client: docker.DockerClient, invoke: Invoke
) -> None:
    """What a killed scene leaves, the next scene removes."""
    with start("demo-drift") as scene:
        until(scene, "5  ")
        os.killpg(scene.pid, signal.SIGKILL)
        scene.communicate(timeout=30)
    assert ours(docker_client) == 2
    invoke("demo-container", "--json").document(status=0)
    assert ours(docker_client) == 0


def test_two_scenes_at_once_both_succeed(docker_client: docker.DockerClient) -> None:
    """Two scenes that start at the same moment do not disturb each other."""
    with start("demo-drift", "--json") as one, start("demo-drift", "--json") as other:
        one.communicate(timeout=60)
        other.communicate(timeout=60)
    assert (one.returncode, other.returncode) == (0, 0)
    assert ours(docker_client) == 0


def test_what_is_not_ours_is_not_touched(
    docker_client: docker.DockerClient, invoke: Invoke, trixie: str, tmp_path: Path
) -> None:
    """Scenes and cleaning leave other people's containers, networks and images alone."""
    theirs = docker_client.containers.run(trixie, ["sleep", "600"], name="theirs", detach=True)
    network = docker_client.networks.create("theirs")
    docker_client.images.get(trixie).tag("theirs/image", "1")
    try:
        invoke("demo-container", "--json").document(status=0)
        invoke("clean", XDG_STATE_HOME=str(tmp_path)).expect(status=0)
        theirs.reload()
        assert theirs.status == "running"
        assert docker_client.networks.get(str(network.id)).name == "theirs"
        assert docker_client.images.get("theirs/image:1").id == trixie
    finally:
        theirs.remove(force=True)
        network.remove()
        docker_client.images.remove("theirs/image:1")


def test_keep_leaves_the_servers_until_clean(
    docker_client: docker.DockerClient, invoke: Invoke, tmp_path: Path
) -> None:
    """--keep prints addresses that answer, another scene leaves them, and clean ends them."""
    elsewhere = {"XDG_STATE_HOME": str(tmp_path)}  # a user of their own, with images of others
    said = invoke("demo-container", "--keep", **elsewhere).expect(status=0)
    kept = re.findall(r"docker://(drift-[\w-]+)", said)
    assert len(kept) == 2
    invoke("demo-drift", "--json", **elsewhere).document(status=0)
    assert {docker_client.containers.get(each).status for each in kept} == {"running"}
    invoke("clean", **elsewhere).expect(status=0)
    for each in kept:
        with pytest.raises(docker.errors.NotFound):
            docker_client.containers.get(each)


def test_wrong_engine_is_named(invoke: Invoke) -> None:
    """A DOCKER_HOST where nobody answers is an error that names it, and nothing is installed."""
    failed = invoke("demo-drift", DOCKER_HOST="tcp://127.0.0.1:9")
    said = failed.error(status=2)
    assert "tcp://127.0.0.1:9" in said


def test_failing_build_shows_its_last_lines(repository: Path) -> None:
    """When a build fails, what it printed last is part of the error."""
    dockerfile = repository / "release" / "Dockerfile"
    dockerfile.write_text(dockerfile.read_text() + "RUN echo the disk is full >&2 && false\n")
    with pytest.raises(BuildError) as raised:
        play(scenes.find("drift"), quiet, root=repository)
    assert "the disk is full" in raised.value.detail


def test_folder_without_dockerfile_is_named(repository: Path) -> None:
    """An environment without a Dockerfile is an error that names the missing file."""
    (repository / "release" / "Dockerfile").unlink()
    with pytest.raises(DriftError, match="release/Dockerfile"):
        play(scenes.find("drift"), quiet, root=repository)


@contextmanager
def proxy(engine: Engine, folder: Path) -> Iterator[Path]:
    """Give a socket that leads to the engine until the block ends: then the engine is gone."""
    path, links = folder / "engine.sock", list[socket.socket]()
    server = socket.socket(socket.AF_UNIX)
    server.bind(str(path))
    server.listen(64)

    def pump(source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)

    def accept() -> None:
        with suppress(OSError):
            while True:
                client, _ = server.accept()
                upstream = socket.socket(socket.AF_UNIX)
                upstream.connect(engine.url.removeprefix("unix://"))
                links.extend((client, upstream))
                for pair in ((client, upstream), (upstream, client)):
                    threading.Thread(target=pump, args=pair, daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield path
    finally:
        server.shutdown(socket.SHUT_RDWR)
        server.close()
        path.unlink()
        for link in links:
            with suppress(OSError):
                link.shutdown(socket.SHUT_RDWR)
            link.close()


def test_engine_that_stops_in_the_middle(
    engine: Engine, tmp_path: Path, docker_client: docker.DockerClient, invoke: Invoke
) -> None:
    """An engine that goes away during the checks is an error, soon, and no verdict."""
    program = [str(paths.root() / "invoke"), "demo-drift"]
    with proxy(engine, tmp_path) as path:
        where = {**os.environ, "DOCKER_HOST": f"unix://{path}"}
        scene = Popen(program, stdout=PIPE, stderr=PIPE, text=True, env=where)
        until(scene, "5  ")
    begin = time.monotonic()
    _, err = scene.communicate(timeout=60)
    assert scene.returncode == 2
    assert "Traceback" not in err
    assert time.monotonic() - begin < 45
    invoke("demo-container", "--json").document(status=0)
    assert ours(docker_client) == 0
