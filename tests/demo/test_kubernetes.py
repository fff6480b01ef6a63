"""Kubernetes' description of the release, run for real by Podman, pulled by its digest."""

import os
import shlex
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import docker
import pytest
import yaml
from docker.models.containers import Container

from deployment_drift import paths
from deployment_drift.build import bases, images
from deployment_drift.engine import leftovers, ownership
from deployment_drift.engine.engines import Engine
from deployment_drift.errors import DriftError, HostError
from deployment_drift.ship import on_podman, registry
from deployment_drift.ship.describe import SHOP, describe
from deployment_drift.ship.on_podman import POD, Podman
from deployment_drift.ship.registry import Name
from deployment_drift.ship.release import Release, read
from deployment_drift.ship.told import drift
from deployment_drift.targets import hosts, nested, throwaway
from deployment_drift.targets.target import Target
from deployment_drift.waiting import until
from tests.by_hand import MANIFEST, changed
from tests.demo.conftest import FOLDERS, Invoke

ROOT = paths.root()
AUTHORITY = "/etc/containers/certs.d/registry:5000"
CERTIFICATE = "/tmp/certificate.pem"  # noqa: S108 -- in the registry's container
PLAY = ("podman", "play", "kube")
BY_HAND: Sequence[Mapping[str, str]] = (
    {
        "a variable": "variable SHOP_STAGE: another value",
        "a variable more": "variable NEW: added",
        "user": "user: told 33, now 34",
        "liveness": "Healthcheck.Test",
        "memory": "memory: told 512, now 600",
        "spool": "spool: told /var/spool/shop, now /x",
        "writable": "ReadonlyRootfs: told True, now False",
        "capability": "BoundingCaps.0: told nothing, now CAP_NET_RAW",
        "arguments": "Config.Cmd.0: another value",
    },
    {
        "a variable aside": "variable NEW: added",
        "mount": "Mounts",
        "another container": "more",
        "port": "8081",
    },
)
"""What is named of changes of the description that Podman heeds: each of them is played once."""


@dataclass(frozen=True)
class Played:
    """The release in a pod: `outer` is the container in which Podman is, `local` another one."""

    release: Release
    outer: Container
    local: Container
    engine: Engine

    def inside(self, *words: str, given: str = "") -> str:
        """Return what a program prints in Podman's container."""
        return said(self.engine, self.outer, *words, given=given)

    def pod(self, *words: str, given: str = "") -> str:
        """Return what a program prints in the pod."""
        return self.inside("podman", "exec", "-i", POD, *words, given=given)


def said(engine: Engine, container: Container, *words: str, given: str = "") -> str:
    """Return what a program prints in a container that is given something to read."""
    program = ["docker", "exec", "-i", str(container.id), *words]
    environment = {**os.environ, **engine.environment}
    ended = subprocess.run(
        program, input=given, capture_output=True, text=True, env=environment, check=False
    )
    assert ended.returncode == 0, ended.stdout[-2000:] + ended.stderr[-2000:]
    return ended.stdout


@pytest.fixture(scope="module")
def played(engine: Engine, docker_client: docker.DockerClient) -> Iterator[Played]:
    """Give the release in a pod, by the digest that a registry has given it."""
    quiet: Any = lambda *_: None  # noqa: E731
    bases.prepare(engine, ["debian:trixie-slim", "debian:bookworm-slim"], quiet)
    shop, shelf = images.build_all(engine, ["container", "images/registry"], quiet, root=ROOT)
    podman = images.build(engine, "podman", quiet, root=FOLDERS)
    with ownership.session() as session, ExitStack() as running:
        running.callback(leftovers.remove_session, engine, session.id)
        network = hosts.network(engine, session, "kubernetes")
        start = partial(throwaway.container, docker_client, session)
        targets = {
            name: Target(name, image.id, network=network, port=port)
            for name, image, port in (("registry", shelf, 5000), ("podman", podman, 0))
        }
        held = running.enter_context(
            start(shelf.id, name="registry", **hosts.options(docker_client, targets["registry"]))
        )
        placed = hosts.options(docker_client, targets["podman"])
        outer = running.enter_context(
            start(podman.id, name="podman", **{**placed, **nested.SHAPE, "ports": {}})
        )
        release = push(docker_client, shop.id, held)
        alone = Target("local", shop.id, env=release.env, port=8080, hardened=True)
        local = running.enter_context(
            start(shop.id, name="local", **hosts.options(docker_client, alone))
        )
        made = Played(release, outer, local, engine)
        play(made, said(engine, held, "cat", CERTIFICATE))
        yield made


def push(client: docker.DockerClient, image: str, held: Container) -> Release:
    """Push the artifact, and return its release as it is called where Podman is.

    It is one replica: Podman would give each pod the same port.
    """
    assert until(
        lambda: throwaway.ask(held, "bash -c '</dev/tcp/127.0.0.1/5000'").done, limit=30, pause=0.2
    )
    held.reload()
    (published,) = held.ports["5000/tcp"] or []
    name = Name.parse(f"127.0.0.1:{published['HostPort']}/shop:1")
    moved = registry.push(client, image, name)
    client.api.remove_image(str(name))
    pushed = read(ROOT / "container", f"registry:5000/shop@{moved.name.digest}")
    return replace(pushed, replicas=1)


def play(made: Played, authority: str) -> None:
    """Play the claim, then the release, and wait until its health check says that it is well."""
    groups = (ROOT / "images" / "engine" / "control-groups").read_text("utf-8")
    made.inside("sh", given=f"mount -o remount,rw /proc/sys\n{groups}")
    made.inside("sh", "-c", f"mkdir -p {AUTHORITY}; cat >{AUTHORITY}/ca.crt", given=authority)
    for name in ("kubernetes/spool", "kubernetes/shop"):
        made.inside("podman", "play", "kube", "-", given=describe(ROOT, name, made.release))
    ready = shlex.join(["podman", "exec", POD, *made.release.health])
    assert until(lambda: throwaway.ask(made.outer, ready).done, limit=30, pause=0.2)


def test_the_digest_is_what_runs(played: Played) -> None:
    """Podman pulled what was pushed, by its digest, and that image is what the pod runs."""
    shown = "{{.ImageDigest}} {{.HostConfig.Memory}} {{.HostConfig.ReadonlyRootfs}}"
    digest, memory, fixed = played.inside("podman", "inspect", "-f", shown, POD).split()
    assert digest == played.release.digest
    assert int(memory) == played.release.memory * 2**20
    assert fixed == "true"


def test_the_pod_is_what_was_told(played: Played) -> None:
    """User, capabilities, variables and the spool are the release's; nothing else is written to."""
    status = dict(
        line.split(":\t") for line in played.pod("cat", "/proc/self/status").splitlines() if line
    )
    assert status["Uid"].split() == [str(played.release.user)] * 4
    assert int(status["CapBnd"], 16) == 0
    assert status["NoNewPrivs"] == "1"
    variables = dict(line.partition("=")[::2] for line in played.pod("env").splitlines())
    assert played.release.env.items() <= variables.items()
    played.pod("sh", "-c", "touch $SHOP_SPOOL/order /tmp/scratch && ! touch /var/www/shop/new")
    played.pod(*played.release.health)


def test_the_pod_and_the_container_are_at_parity(
    played: Played, invoke: Invoke, tmp_path: Path
) -> None:
    """Asked everything, the pod differs from the local container in what its node gives alone."""
    script = invoke("snapshot", "--script").expect(0)
    local, pod = tmp_path / "local.snapshot", tmp_path / "pod.snapshot"
    local.write_text(said(played.engine, played.local, "sh", given=script), "utf-8")
    pod.write_text(played.pod("sh", given=script), "utf-8")
    words = ["--local", str(local), "--release", str(pod), "--expect", "php,web", "--json"]
    allowed = str(ROOT / "deploy" / "allowed.toml")
    report = invoke("compare", *words, "--allowed", allowed).document(0)
    assert report["verdict"] == "parity"


def test_kubectl_host_is_compared(played: Played, invoke: Invoke, tmp_path: Path) -> None:
    """A pod at `kubectl://` is asked like any host, and is at parity with the local container.

    There is no cluster: a program that speaks the command line of `kubectl exec` enters the pod.
    A pod of another namespace is none, and is unknown.
    """
    shutil.copy(Path(__file__).with_name("kubectl"), tmp_path)
    path = f"{tmp_path}:{os.environ['PATH']}"
    pod = "kubectl://shop-pod-0?namespace=default&container=shop"
    words = ["--local", f"docker://{played.local.id}", "--release", pod, "--expect", "php,web"]
    allowed = str(ROOT / "deploy" / "allowed.toml")
    known = {"PATH": path, "PODMAN": str(played.outer.id)}
    report = invoke("compare", *words, "--json", "--allowed", allowed, **known).document(0)
    assert report["verdict"] == "parity"
    assert [host["address"] for host in report["hosts"]][1] == pod
    gone = invoke("compare", *words[:3], pod.replace("default", "other"), **known)
    assert "UNKNOWN" in gone.expect(2)


@pytest.fixture
def podman(played: Played, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Podman:
    """Give the target that ship.release finds where there is a podman, as there is inside."""
    program = tmp_path / "podman"
    program.write_text(f'#!/bin/sh\nexec docker exec -i {played.outer.id} podman "$@"\n', "utf-8")
    program.chmod(0o755)
    for name, value in played.engine.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    return Podman()


def test_a_sick_version_is_played_back(
    played: Played, podman: Podman, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A version that does not get well is an error, and the one before is played again."""
    with pytest.raises(DriftError, match="was not released"):
        podman.roll_out(played.release)  # over what was played by hand
    told = describe(ROOT, "kubernetes/shop", played.release)
    played.inside("podman", "play", "kube", "--down", "-", given=told)
    podman.roll_out(played.release)
    monkeypatch.setattr(on_podman, "LIMIT", 2)
    sick = replace(played.release, health=["php", "-r", "exit(1);"])
    with pytest.raises(HostError, match="did not get well"):
        podman.roll_out(sick)
    running = podman.running()
    assert running
    assert running.told == played.release
    assert drift(running) == []
    ready = shlex.join(["podman", "exec", POD, *played.release.health])
    assert until(lambda: throwaway.ask(played.outer, ready).done, limit=30, pause=0.2)


def test_each_change_by_hand_is_named(played: Played, podman: Podman) -> None:
    """Whatever somebody has played another way is named; what a program is told is not."""
    podman.roll_out(replace(played.release, replicas=2))
    told = {each["kind"]: each for each in yaml.safe_load_all(describe(ROOT, SHOP, played.release))}
    for changes in BY_HAND:
        other = told
        for change in changes:
            other = changed(other, MANIFEST[change])
        by_hand = yaml.safe_dump_all(other.values()).replace(
            "image: x\n", f"image: {played.release.image}\n"
        )
        played.inside(*PLAY, "--replace", "-", given=by_hand)
        running = podman.running()
        assert running
        named = drift(running)
        assert [line for line in changes.values() if line not in str(named)] == [], named
        assert "moonlight" not in str(named)


def test_what_was_played_is_taken_down(played: Played, podman: Podman) -> None:
    """Podman takes down what it was told, by the same description; the orders' volume stays."""
    assert podman.take_down() == "volume spool"
    assert POD not in played.inside("podman", "ps", "--all")
    assert "spool" in played.inside("podman", "volume", "ls")
