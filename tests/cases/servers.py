"""The servers of the pairs: their images are built once, their containers live for one pair."""

import os
import shlex
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import docker
from docker.models.containers import Container

from deployment_drift.engine import leftovers, ownership
from deployment_drift.engine.ownership import Session

FOLDER = Path(__file__).parent
BUILDS = 2  # at a time: each unpacks packages on a core of its own
AHEAD = 2  # pairs that are started while one is compared
READY_LIMIT = 20.0
LOOK = 0.4
LOOKS = 4  # that have to see the same processes before a server counts as started
FEW, MANY = 3, 13  # other rows above a culprit: on one base, and between two of them
PROXIES = ("http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY")


@dataclass(frozen=True)
class Case:
    """A folder with two servers, and what must be said of them."""

    folder: Path

    @property
    def name(self) -> str:
        """Its folder's name."""
        return self.folder.name

    @property
    def culprits(self) -> list[str]:
        """The patterns that rows must show; none where the servers are equal."""
        lines = (self.folder / "culprit").read_text("utf-8").split("\n")
        return [line.strip() for line in lines if line.strip() not in {"", "NONE"}]

    @property
    def most_above(self) -> int:
        """How many other rows may stand above a culprit."""
        return (
            FEW if len({self.dockerfile(side)[0] for side in ("local", "release")}) == 1 else MANY
        )

    def dockerfile(self, side: str) -> list[str]:
        """Return the lines of a server's Dockerfile: the base, the packages, what is set up."""
        return (self.folder / side / "Dockerfile").read_text("utf-8").splitlines()

    def options(self, side: str) -> dict[str, Any]:
        """Return what its further `docker run` options mean to the SDK."""
        file = self.folder / side / "options"
        words = shlex.split(file.read_text("utf-8")) if file.exists() else []
        return {_OPTIONS[name][0]: _OPTIONS[name][1](words) for name in words[::2]}

    def tag(self, side: str) -> str:
        """Return the name of a server's image."""
        return f"{ownership.NAMESPACE}/case-{self.name}-{side}"


def _values(words: Sequence[str], option: str) -> list[str]:
    return [value for name, value in pairwise(words) if name == option]


def _ulimits(words: Sequence[str]) -> list[docker.types.Ulimit]:
    told = (value.replace("=", ":").split(":") for value in _values(words, "--ulimit"))
    return [docker.types.Ulimit(name=n, soft=int(s), hard=int(h)) for n, s, h in told]


def _pairs(option: str, sign: str) -> Callable[[Sequence[str]], dict[str, str]]:
    return lambda words: dict(value.split(sign, 1) for value in _values(words, option))


_OPTIONS: dict[str, tuple[str, Callable[[Sequence[str]], Any]]] = {
    "--ulimit": ("ulimits", _ulimits),
    "--cap-drop": ("cap_drop", lambda words: _values(words, "--cap-drop")),
    "--shm-size": ("shm_size", lambda words: _values(words, "--shm-size")[0]),
    "--sysctl": ("sysctls", _pairs("--sysctl", "=")),
    "--add-host": ("extra_hosts", _pairs("--add-host", ":")),
}


def every() -> list[Case]:
    """Return all pairs, in the order of their numbers."""
    return [Case(file.parent) for file in sorted(FOLDER.glob("*/culprit"))]


def build(client: docker.DockerClient, cases: Sequence[Case]) -> None:
    """Build the servers' images: first one of each list of packages, then what starts from them.

    The engine would install the same packages twice for two builds that run at the same time.
    """
    sides = [(case, side) for case in cases for side in ("local", "release")]
    first = {tuple(case.dockerfile(side)[:2]): (case, side) for case, side in reversed(sides)}
    for each in (list(first.values()), sides):
        with ThreadPoolExecutor(BUILDS) as pool:
            list(pool.map(lambda pair: _build(client, *pair), each))


def _build(client: docker.DockerClient, case: Case, side: str) -> None:
    labels = {ownership.IMAGE: f"case-{case.name}-{side}", ownership.OWNER: ownership.owner()}
    proxies = {name: os.environ[name] for name in PROXIES if os.environ.get(name)}
    path, tag = str(case.folder / side), case.tag(side)
    client.images.build(path=path, tag=tag, labels=labels, buildargs=proxies, rm=True, forcerm=True)


@contextmanager
def started(client: docker.DockerClient, session: Session, case: Case) -> Iterator[dict[str, str]]:
    """Yield the addresses of `local`, `release` and `again`, a second container of local's."""
    with ExitStack() as stack:
        servers = {
            name: _start(client, session, case, side, name, stack)
            for name, side in (("local", "local"), ("release", "release"), ("again", "local"))
        }
        for server in servers.values():
            _wait(server)
        yield {name: f"docker://{server.name}" for name, server in servers.items()}


class Starter:
    """Starts the servers of the next pairs while one pair is compared."""

    def __init__(
        self, client: docker.DockerClient, session: Session, cases: Sequence[Case]
    ) -> None:
        self._client, self._session, self._cases = client, session, cases
        self._pool = ThreadPoolExecutor(AHEAD)
        self._begun: dict[str, Future[tuple[ExitStack, dict[str, str]]]] = {}

    @contextmanager
    def running(self, case: Case) -> Iterator[dict[str, str]]:
        """Yield the addresses of a pair's servers, and begin to start those of the next."""
        place = self._cases.index(case)
        for each in self._cases[place : place + 1 + AHEAD]:
            if each.name not in self._begun:
                self._begun[each.name] = self._pool.submit(self._open, each)
        stack, addresses = self._begun[case.name].result()
        with stack:
            yield addresses

    def _open(self, case: Case) -> tuple[ExitStack, dict[str, str]]:
        with ExitStack() as stack:
            addresses = stack.enter_context(started(self._client, self._session, case))
            return stack.pop_all(), addresses

    def close(self) -> None:
        """Stop what was started and not compared."""
        self._pool.shutdown(cancel_futures=True)
        for begun in self._begun.values():
            if not begun.cancelled() and begun.exception() is None:
                begun.result()[0].close()


def _start(  # noqa: PLR0913, PLR0917 -- all of them say which container it is
    client: docker.DockerClient,
    session: Session,
    case: Case,
    side: str,
    name: str,
    stack: ExitStack,
) -> Container:
    server = client.containers.run(
        case.tag(side),
        name=f"drift-case-{case.name}-{name}-{session.id}",
        hostname=name,
        detach=True,
        labels=dict(session.labels),
        **case.options(side),
    )
    stack.callback(leftovers.remove_container, client.api, server.id or "")
    return server


def _wait(server: Container) -> None:
    """Wait until a server starts no further process."""
    seen: list[tuple[str, ...]] = []
    end = time.monotonic() + READY_LIMIT
    while len(seen) < LOOKS or len(set(seen[-LOOKS:])) > 1:
        assert time.monotonic() < end, f"{server.name} goes on starting processes"
        seen.append(tuple(sorted(process[-1] for process in server.top()["Processes"])))
        time.sleep(LOOK)
