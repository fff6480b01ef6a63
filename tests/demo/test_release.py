"""Releases on an engine that knows nothing of ours: what goes wrong leaves the old version."""

import io
import json
import os
import shutil
import subprocess
import tarfile
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import docker
import pytest
from docker.models.containers import Container

from deployment_drift import paths
from deployment_drift.build import images
from deployment_drift.engine import engines, leftovers, ownership
from deployment_drift.engine.engines import Engine
from deployment_drift.errors import EngineError
from deployment_drift.ship import container, on_engine, registry, reproduce
from deployment_drift.ship.differences import lines
from deployment_drift.ship.on_engine import BEFORE, NAME, NEXT, OnEngine
from deployment_drift.ship.registry import Name
from deployment_drift.ship.release import Release, read
from deployment_drift.ship.told import LABEL, drift
from deployment_drift.targets import hosts, nested, swarm, throwaway
from deployment_drift.targets.nested import Nested
from deployment_drift.targets.target import Target
from deployment_drift.waiting import until
from tests import installed
from tests.by_hand import CONTAINER, changed
from tests.demo.conftest import Ended, Invoke
from tests.demo.ssh_server import LABELS, Server

ROOT = paths.root()
FOLDERS = ("images/registry", nested.FOLDER)
NOBODY = f"sha256:{'0' * 64}"
TAG = "deployment-drift/tiny:made"
SERVES = ["sh", "-c", "trap 'exit 0' WINCH; httpd -f -p 8080 -h /www & wait"]
VERSIONS = {
    "one": ("", "exit 0"),
    "two": ("", "exit 0"),
    "slow": ("", "sleep 2"),
    "sick": ("", "exit 1"),
    "other": ("riscv64", "exit 0"),
}
"""For which CPU each version says that it is, if not this one's; and what its php does."""
FAR = "DOCKER_HOST=tcp://127.0.0.1:2376 DOCKER_TLS_VERIFY=1 DOCKER_CERT_PATH=/far"
CERTIFICATE = "/tmp/certificate.pem"  # noqa: S108 -- in the registry's container


@dataclass
class World:
    """A registry with versions by their names, and an engine that has pulled none of them yet."""

    shelf: Container
    far: Nested
    images: dict[str, str]
    invoke: Invoke

    def run(self, command: str, *words: str) -> Ended:
        """Run a command of ship's on that engine."""
        where = self.far.engine
        words = ("--to", where.context, "--yes", *words)
        return self.invoke(f"ship.{command}", *words, DOCKER_CONFIG=where.config)

    def release(self, version: str, *words: str) -> Ended:
        """Release a version there."""
        return self.run("release", "--image", self.images[version], *words)

    def answer(self) -> str:
        """Return what the release there answers."""
        with urlopen(f"http://{swarm.address(self.far)}:{on_engine.PUBLISHED}/", timeout=5) as said:
            return str(said.read().decode().strip())

    def forget(self, version: str) -> None:
        """See that a version is not there any more, if it ever was."""
        with engines.opened(self.far.engine) as client, suppress(docker.errors.APIError):
            client.api.remove_image(self.images[version])

    def left(self) -> list[str]:
        """Return the names of all containers there."""
        with engines.opened(self.far.engine) as client:
            return [str(each.name) for each in client.containers.list(all=True)]


def layer(version: str, health: str) -> bytes:
    """Return the files of a server of 2 MB: busybox, and a program that is called php."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        tar.add(installed.need("busybox", "busybox-static"), "bin/busybox")
        for name in ("sh", "httpd", "sleep"):
            link = tarfile.TarInfo(f"bin/{name}")
            link.type, link.linkname = tarfile.SYMTYPE, "busybox"
            tar.addfile(link)
        for name, text in (("bin/php", f"#!/bin/sh\n{health}\n"), ("www/index.html", version)):
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(text), 0o755
            tar.addfile(entry, io.BytesIO(text.encode()))
    return buffer.getvalue()


def image(layer: bytes, architecture: str) -> bytes:
    """Return an image of one layer, as `docker save` would give it."""
    settings = {
        "architecture": architecture,
        "os": "linux",
        "config": {"Cmd": SERVES},
        "rootfs": {"type": "layers", "diff_ids": [f"sha256:{sha256(layer).hexdigest()}"]},
    }
    parts = {"Config": "config.json", "Layers": ["layer.tar"], "RepoTags": [TAG]}
    files = {"config.json": settings, "manifest.json": [parts]}
    texts = {name: json.dumps(content).encode() for name, content in files.items()}
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for name, content in {**texts, "layer.tar": layer}.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    return buffer.getvalue()


def pushed(client: docker.DockerClient, name: Name, content: bytes) -> str:
    """Push an image, and return its digest; nothing of it stays on this engine."""
    client.images.load(content)
    try:
        with registry.names_kept(client, TAG, name):
            return registry.push(client, TAG, name).name.digest
    finally:
        client.api.remove_image(TAG, force=True)


def published(held: Container) -> str:
    """Return where a registry in a container is reached, as soon as it listens."""
    listens = "bash -c '</dev/tcp/127.0.0.1/5000'"
    assert until(lambda: throwaway.ask(held, listens).done, limit=30, pause=0.2)
    held.reload()
    (port,) = held.ports["5000/tcp"] or []
    return f"127.0.0.1:{port['HostPort']}"


def trusted(far: Nested, shelf: Container) -> None:
    """Let an engine trust the registry, which has made its certificate anew."""
    nested.trust(far, "registry:5000", throwaway.ask(shelf, f"cat {CERTIFICATE}").text)


@pytest.fixture(scope="module")
def world(engine: Engine, docker_client: docker.DockerClient, invoke: Invoke) -> Iterator[World]:
    """Give a registry that has three versions and one for another CPU, and another engine."""
    quiet: Any = lambda *_: None  # noqa: E731
    shelf, node = images.build_all(engine, FOLDERS, quiet, root=ROOT)
    with ownership.session() as session, ExitStack() as running:
        running.callback(leftovers.remove_session, engine, session.id)
        network = hosts.network(engine, session, "release")
        one = hosts.options(docker_client, Target("registry", "", network=network, port=5000))
        held = throwaway.container(docker_client, session, shelf.id, name="registry", **one)
        kept = running.enter_context(held)
        far = running.enter_context(
            nested.start(engine, session, Target("far", node.id, network=network))
        )
        trusted(far, kept)
        where = published(kept)
        made = {"nobody": NOBODY}
        for version, (architecture, health) in VERSIONS.items():
            packed = image(layer(version, health), architecture or engine.architecture)
            made[version] = pushed(docker_client, Name(where, "tiny", version), packed)
        named = {version: f"registry:5000/tiny@{digest}" for version, digest in made.items()}
        yield World(kept, far, named, invoke)


@pytest.fixture
def one(world: World) -> World:
    """Give the same where version one has been released, and nothing else runs."""
    world.release("one", "--anyway").expect(0)
    assert world.answer() == "one"
    assert world.left() == [NAME]
    return world


def test_a_version_takes_over_and_goes_back(one: World) -> None:
    """The next version takes over; going back by digest needs no registry."""
    assert one.release("two").out.strip() == one.images["two"]
    assert (one.answer(), one.left()) == ("two", [NAME])
    one.shelf.pause()
    try:
        one.release("one").expect(0)
    finally:
        one.shelf.unpause()
    assert one.answer() == "one"


def test_container_that_is_not_ours_stays(one: World) -> None:
    """Somebody's container that has a name of ours is not touched: the release fails instead."""
    with engines.opened(one.far.engine) as client:
        theirs = client.containers.create(one.images["one"], name=BEFORE)
        try:
            assert "is somebody else's" in one.release("two").error(2)
            assert one.answer() == "one"
            assert sorted(one.left()) == [NAME, BEFORE]
            assert client.containers.get(BEFORE).id == theirs.id
            assert client.containers.get(BEFORE).status == "created"
        finally:
            theirs.remove(force=True)


def test_what_runs_is_the_release(one: World) -> None:
    """User, limits, variables, health and spool of what runs are those of container/."""
    running = OnEngine(one.far.engine).running()
    assert running
    assert running.found == running.told == read(ROOT / "container", one.images["one"])
    assert "already" in one.release("one").err


@pytest.mark.parametrize(
    ("version", "said"),
    [
        ("sick", "shop-next runs, but is not healthy"),
        ("nobody", "does not have it"),
        ("other", "is for linux/riscv64"),
    ],
)
def test_what_cannot_be_released_changes_nothing(one: World, version: str, said: str) -> None:
    """A sick version, a digest that is not there and another CPU's image leave the old version."""
    assert said in one.release(version).error(2)
    assert (one.answer(), one.left()) == ("one", [NAME])


def test_a_change_by_hand_is_named_first(one: World) -> None:
    """A limit that somebody has changed on the target is a drift: nothing is released over it."""
    with engines.opened(one.far.engine) as client:
        client.containers.get(NAME).update(mem_limit="600m", memswap_limit="600m")
    assert "memory: told 512, now 600" in one.release("two").expect(1)
    assert one.answer() == "one"
    one.release("two", "--anyway").expect(0)
    assert one.answer() == "two"


@contextmanager
def replaced(client: docker.DockerClient, change: str) -> Iterator[None]:
    """Put a container in the release's place that is like it but for a change by hand."""
    old = client.containers.get(NAME)
    said = {key: old.attrs[key] for key in ("Config", "HostConfig")}
    made = changed(said, CONTAINER[change])
    old.rename("aside")
    try:
        api: Any = client.api
        api.create_container_from_config({**made["Config"], "HostConfig": made["HostConfig"]}, NAME)
        yield
    finally:
        client.containers.get(NAME).remove(force=True)
        old.rename(NAME)


def test_each_change_by_hand_is_named(one: World) -> None:
    """Whatever is not as it was when it was released is named; what a program is told is not."""
    with engines.opened(one.far.engine) as client:
        client.images.get(one.images["one"]).tag("other")
        for change in CONTAINER:
            with replaced(client, change):
                running = OnEngine(one.far.engine).running()
            assert running
            named = drift(running)
            assert any(CONTAINER[change][2] in line for line in named), (change, named)
            assert "moonlight" not in str(named)


def test_a_network_more_is_named(one: World) -> None:
    """A network that somebody has connected is no part of a container's settings, but is named."""
    with engines.opened(one.far.engine) as client:
        more = client.networks.create("more")
        more.connect(NAME)
        try:
            assert "Networks.1: told nothing, now more" in one.release("two").expect(1)
        finally:
            more.disconnect(NAME)
            more.remove()


def test_what_was_stopped_is_not_there_already(one: World) -> None:
    """A release that somebody has stopped does not run: the same one is released anew."""
    with engines.opened(one.far.engine) as client:
        client.containers.get(NAME).stop()
    one.release("one").expect(0)
    assert one.answer() == "one"


def test_a_container_of_somebody_else_s_stays(one: World) -> None:
    """What has our name and was not released by us is neither replaced nor taken down."""
    with engines.opened(one.far.engine) as client:
        client.containers.get(NAME).remove(force=True)
        client.containers.create(one.images["one"], name=NAME)
        assert "was not released by ship.release" in one.release("two").error(2)
        one.run("take-down").expect(0)
        client.containers.get(NAME).remove()


def test_two_releases_at_once(one: World) -> None:
    """While one release is going on, another one is refused, and the first is left alone."""
    with engines.opened(one.far.engine) as client:
        busy = client.containers.run(
            one.images["one"], name=NEXT, detach=True, labels={LABEL: "{}"}
        )
        assert "somebody releases" in one.release("two").error(2)
        assert one.answer() == "one"
        busy.remove(force=True)


@dataclass(frozen=True)
class Behind:
    """The way to an engine on another machine: an ssh server in front of it, and the client."""

    sshd: Container
    address: str
    variables: Mapping[str, str]


@pytest.fixture
def behind(world: World, server: Server, docker_client: docker.DockerClient,
           tmp_path: Path) -> Iterator[Behind]:  # fmt: skip
    """Give an ssh server on the far engine's machine, where the Docker client is as well."""
    sshd = docker_client.containers.create(
        str(server.container.attrs["Image"]),
        ["sh", "-c", f"rm /root/.bashrc; exec /usr/sbin/sshd -D -e -o 'SetEnv={FAR}'"],
        network_mode=f"container:{world.far.outer.id}",
        labels=LABELS,
    )
    try:
        sshd.put_archive("/usr/bin", packed(Path(shutil.which("docker") or ""), "docker"))
        pems = Path(world.far.engine.config) / "contexts" / "tls"
        for pem in pems.rglob("*.pem"):
            sshd.put_archive("/", packed(pem, f"far/{pem.name}"))
        sshd.start()
        yield Behind(
            sshd, f"ssh://root@{swarm.address(world.far)}", client_of(sshd, server, world, tmp_path)
        )
    finally:
        sshd.remove(force=True)


def packed(file: Path, name: str) -> bytes:
    """Return a file as an engine takes it."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        tar.add(file.resolve(), name)
    return buffer.getvalue()


def client_of(sshd: Container, server: Server, world: World, folder: Path) -> dict[str, str]:
    """Return what lets `ssh` find key and known hosts, as it would in the user's own folder."""
    key = throwaway.ask(sshd, "cat /etc/ssh/ssh_host_ed25519_key.pub").text
    (folder / "known").write_text(f"{swarm.address(world.far)} {key}\n", "utf-8")
    options = f"-o IdentityFile={server.folder}/id -o UserKnownHostsFile={folder}/known"
    program = folder / "bin" / "ssh"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec {shutil.which("ssh")} {options} "$@"\n', "utf-8")
    program.chmod(0o755)
    return {"PATH": f"{program.parent}:{os.environ['PATH']}"}


def test_two_releases_race(one: World) -> None:
    """Of two that are typed at once one is released, and the other is a sentence."""
    with ThreadPoolExecutor(2) as both:
        ended = list(both.map(one.release, ["slow", "slow"]))
    first, second = sorted(ended, key=lambda each: each.status)
    first.expect(0)
    assert "somebody releases" in second.error(2)
    assert (one.answer(), one.left()) == ("slow", [NAME])


def test_an_engine_behind_ssh(one: World, behind: Behind, tmp_path: Path) -> None:
    """A version is released on another machine over ssh, by its address or by a context of it."""
    words = ("ship.release", "--yes", "--image")
    far = partial(one.invoke, **behind.variables)
    far(*words, one.images["two"], "--to", behind.address).expect(0)
    assert one.answer() == "two"
    config = {"DOCKER_CONFIG": str(tmp_path / "docker")}
    create = ["docker", "context", "create", "far", "--docker", f"host={behind.address}"]
    subprocess.run(create, check=True, capture_output=True, env={**os.environ, **config})
    far(*words, one.images["one"], "--to", "far", **config).expect(0)
    assert (one.answer(), one.left()) == ("one", [NAME])
    behind.sshd.kill()
    assert "No engine answers" in far(*words, one.images["two"], "--to", behind.address).error(2)
    assert (one.answer(), one.left()) == ("one", [NAME])


def test_two_engines_build_one_digest(world: World, engine: Engine, root: Path) -> None:
    """Two engines of two ages build a folder from one base: but for its times it is one digest."""
    first, second = reproduce.on_both(engine, world.far.engine, "dated", lambda _: None, root=root)
    assert first.id != second.id
    assert first.fixed == second.fixed, list(lines(first, second))
    assert first.packages == second.packages != {}


def test_registry_that_is_away(one: World) -> None:
    """Where the registry does not answer, a new version is not released, and the old one stays."""
    one.forget("two")
    one.shelf.kill()
    try:
        assert "does not answer" in one.release("two").error(2)
    finally:
        one.shelf.start()
        assert published(one.shelf)
        trusted(one.far, one.shelf)
    assert (one.answer(), one.left()) == ("one", [NAME])


def test_registry_that_nobody_knows(one: World) -> None:
    """A certificate of an authority that the engine does not trust is refused, and said."""
    one.shelf.reload()
    (there,) = one.shelf.attrs["NetworkSettings"]["Networks"].values()
    unknown = one.images["two"].replace("registry:5000", f"{there['IPAddress']}:5000")
    assert "does not trust" in one.run("release", "--image", unknown).error(2)
    assert (one.answer(), one.left()) == ("one", [NAME])


def test_target_whose_disk_is_full(one: World) -> None:
    """A version that has no room on the target is an error, and the old one answers."""
    one.forget("two")
    small = "mount -t tmpfs -o size=64k small /var/lib/docker/tmp"  # where layers arrive
    assert throwaway.ask(one.far.outer, small).done
    try:
        assert "no space left" in one.release("two").error(2)
    finally:
        throwaway.ask(one.far.outer, "umount /var/lib/docker/tmp")
    assert (one.answer(), one.left()) == ("one", [NAME])


@pytest.mark.parametrize("at", [NEXT, NAME])
def test_engine_that_restarts_in_the_middle(
    one: World, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    """The engine ends in the middle: an error; then the old one answers, and the same goes on."""
    begun = container.begun

    def killed(engine: Engine, release: Release, name: str, identity: str) -> object:
        if name == at:
            one.far.outer.kill()
        return begun(engine, release, name, identity)

    monkeypatch.setattr(container, "begun", killed)
    monkeypatch.setattr(on_engine, "BACK", 1.0)
    with pytest.raises(EngineError, match="stopped answering"):
        OnEngine(one.far.engine).roll_out(read(ROOT / "container", one.images["two"]))
    one.far = nested.wake(one.far)
    assert until(lambda: answers(one), limit=90, pause=0.3) == "one"
    assert until(lambda: one.release("two").status == 0, limit=90, pause=1)
    assert (one.answer(), one.left()) == ("two", [NAME])


def answers(world: World) -> str:
    """Return what is answered, "" where nobody listens."""
    try:
        return world.answer()
    except OSError:
        return ""
