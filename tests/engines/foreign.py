"""Runs another engine beside the machine's own: a root, a network and a socket for itself."""

import os
import shlex
import shutil
import signal
import subprocess
import tomllib
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import docker

from deployment_drift import paths
from deployment_drift.engine import firewall, sockets
from deployment_drift.engine.ownership import IMAGE
from deployment_drift.scenes.ship.shipping import ARTIFACT
from deployment_drift.waiting import until

TABLE = Path(__file__).with_name("engines.toml")
ENTER = Path(__file__).with_name("enter")
ALWAYS = ("ca-certificates", "iproute2", "iptables")
LIMIT = 60.0
LOADED = 600
"""Seconds that an engine may be silent while it takes images in."""
SHOWN = 300


class NotStartedError(Exception):
    """An engine that does not start on this machine, with the last that it said."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How an engine comes to be, as `engines.toml` has it."""

    name: str
    suite: str
    packages: list[str]
    program: str
    files: dict[str, str] = field(default_factory=dict)
    user: str = "root"

    @property
    def root(self) -> Path:
        """Where its root is kept from run to run."""
        return paths.state() / "foreign" / self.name


@dataclass(frozen=True, slots=True)
class Foreign:
    """An engine that runs: its address, and what a command begins with that shall use it.

    loaded: the ids of images that it had before anything was played.
    """

    name: str
    url: str
    prefix: tuple[str, ...]
    loaded: set[str] = field(default_factory=set)


def recipes() -> list[Recipe]:
    """Return the table's engines."""
    table = tomllib.loads(TABLE.read_text("utf-8"))
    return [Recipe(name, **row) for name, row in table.items()]


@contextmanager
def running(recipe: Recipe, number: int) -> Iterator[Foreign]:
    """Yield a recipe's engine; the root, with what the engine has built, is kept.

    number: one that no other engine has at this time, for the network's addresses.
    """
    _make(recipe)
    with ExitStack() as stack:
        shared = Path(stack.enter_context(TemporaryDirectory(prefix="drift-engine-")))
        space = stack.enter_context(_network(f"drift{number}", number))
        inside = ["nsenter", f"--net=/run/netns/{space}"]
        words = shlex.split(recipe.program.format(shared=shared))
        apart = ["unshare", "--mount", "--propagation", "private"]
        log = stack.enter_context((shared / "log").open("wb"))
        engine = subprocess.Popen(
            [*inside, *apart, str(ENTER), str(recipe.root), str(shared), recipe.user, *words],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
        stack.callback(_end, engine, space)
        socket = shared / "sock"
        if not until(lambda: sockets.listens(socket), limit=LIMIT, pause=0.1):
            said = (shared / "log").read_text("utf-8", "replace").strip().splitlines()
            raise NotStartedError((said or ["it says nothing"])[-1][-SHOWN:])
        url = f"unix://{socket}"
        yield Foreign(recipe.name, url, (*inside, "env", f"DOCKER_HOST={url}"))


def load(engine: Foreign, file: Path) -> None:
    """Let an engine take in what another one has built, and note which images of ours those are."""
    with closing(docker.APIClient(engine.url, version="auto", timeout=LOADED)) as api:
        with file.open("rb") as saved:
            for message in api.load_image(saved):  # type: ignore[no-untyped-call]
                if "error" in message:
                    raise NotStartedError(message["error"])
        # what builds go on from has to be built: no engine takes another's layers as its cache
        for image in api.images(filters={"label": f"{IMAGE}={ARTIFACT}"}):
            api.remove_image(image["Id"], force=True)
        engine.loaded.update(ours(api))


def ours(api: docker.APIClient) -> set[str]:
    """Return the ids of the images on an engine that were built by us, on it or elsewhere."""
    return {image["Id"] for image in api.images(filters={"label": IMAGE})}


def _make(recipe: Recipe) -> None:
    """Bootstrap an engine's root, unless that has been done."""
    if not recipe.root.is_dir():
        recipe.root.parent.mkdir(parents=True, exist_ok=True)
        half = recipe.root.with_suffix(".new")
        shutil.rmtree(half, ignore_errors=True)
        names = ",".join([*recipe.packages, *ALWAYS])
        # the newest release's lists are often older than they promise to be
        dates = "--aptopt=Acquire::Check-Valid-Until false"
        slim = f"--dpkgopt={paths.root()}/deployment_drift/build/slim/dpkg.cfg"
        made = ["mmdebstrap", "--quiet", "--variant=minbase", dates, slim, f"--include={names}"]
        subprocess.run([*made, recipe.suite, str(half)], check=True)
        half.rename(recipe.root)
    for name, text in recipe.files.items():
        file = recipe.root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")


@contextmanager
def _network(space: str, number: int) -> Iterator[str]:
    """Yield a network namespace that reaches the world: another engine's rules stay there."""
    device, outside, inside = f"{space}-v", f"10.99.{number}.1", f"10.99.{number}.2"
    rules = [
        ["-t", "nat", "POSTROUTING", "-s", f"{inside}/32", "-j", "MASQUERADE"],
        ["-t", "filter", "FORWARD", "-i", device, "-j", "ACCEPT"],
        ["-t", "filter", "FORWARD", "-o", device, "-j", "ACCEPT"],
    ]
    with ExitStack() as stack:
        stack.callback(_put_back)
        with firewall.alone():
            firewall.note()
            firewall.FORWARDING.write_text("1")
        _run("ip", "netns", "add", space)
        stack.callback(_run, "ip", "netns", "delete", space)
        _run("ip", "link", "add", device, "type", "veth", "peer", "name", "eth0", "netns", space)
        _run("ip", "address", "add", f"{outside}/24", "dev", device)
        _run("ip", "link", "set", device, "up")
        _run("ip", "-n", space, "address", "add", f"{inside}/24", "dev", "eth0")
        for each in ("lo", "eth0"):
            _run("ip", "-n", space, "link", "set", each, "up")
        _run("ip", "-n", space, "route", "add", "default", "via", outside)
        for flag, table, chain, *rule in rules:
            _run("iptables", "-w", flag, table, "-I", chain, *rule)
            stack.callback(_run, "iptables", "-w", flag, table, "-D", chain, *rule)
        yield space


def _put_back() -> None:
    """Forward packets as before, unless another engine of this machine needs that."""
    with firewall.alone():
        firewall.restore()


def _end(engine: subprocess.Popen[bytes], space: str) -> None:
    """End an engine and what it leaves running: Podman without root keeps its namespaces so."""
    engine.terminate()
    engine.wait(LIMIT)
    for left in _run("ip", "netns", "pids", space).split():
        with suppress(ProcessLookupError):
            os.kill(int(left), signal.SIGKILL)


def _run(*words: str) -> str:
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout
