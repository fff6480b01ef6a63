"""Knows what is ours by its label and its name, whose it is, and whether its owner still lives."""

import os
import re
import shutil
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from itertools import chain, count
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from deployment_drift import paths
from deployment_drift.errors import DriftError
from deployment_drift.parallel import Cancel
from deployment_drift.waiting import until

if TYPE_CHECKING:
    import docker
    from docker.errors import APIError
    from docker.models.containers import Container


LABEL = "deployment-drift"
"""The label of every container, network and volume of ours: its value is the session's id."""
OWNER = "deployment-drift.owner"
"""The label that says which state folder can judge whether the session lives."""
KEEP = "deployment-drift.keep"
"""The label of what a finished session left running on purpose."""
IMAGE = "deployment-drift.image"
"""The label of an image built here: its value is the environment's folder."""
BUILT_AS = "deployment-drift.built-as"
"""The label of an image built here that says its name: names can be moved to other images."""
STAGE = "deployment-drift.stage"
"""The label of what the first stage of a build leaves, which has no name."""
NAMESPACE = "deployment-drift"
"""Images built here are named `deployment-drift/FOLDER:HASH`."""

_NAMED = re.compile(
    rf"(docker\.io/|localhost/|127\.0\.0\.1:\d+/)?{NAMESPACE}/"
)  # as Podman and pushes name them

LONGEST = 3600.0
"""Seconds that one command waits for another: an emulated build may well take half of them."""
_PAUSE = 0.05
PREFIX = "drift-"
_KEPT = "-kept"  # which is no session's name, so it is never taken for dead


@dataclass(frozen=True, slots=True)
class Session:
    """One running command: its `labels` go on everything that it starts."""

    id: str
    labels: Mapping[str, str]

    def kept(self) -> dict[str, str]:
        """Return the labels of what shall outlive the session."""
        return {**self.labels, KEEP: "1"}


def named(tag: str) -> bool:
    """Tell whether an image's name is one that is given here."""
    return _NAMED.match(tag) is not None


@contextmanager
def session() -> Iterator[Session]:
    """Yield a session that counts as alive until the block, or its process, ends.

    The kernel drops the lock with the process, however that ends: no pid is ever guessed.
    """
    name = uuid.uuid4().hex[:12]
    file = _sessions() / f"{name}.lock"
    with _open(file) as lock:
        _try(lock)
        try:
            yield Session(name, {LABEL: name, OWNER: owner()})
        finally:
            file.unlink(missing_ok=True)


def is_dead(labels: Mapping[str, str]) -> bool:
    """Tell whether these labels' session has ended without having been asked to leave things.

    What belongs to another state folder (another user, another machine on a shared engine)
    is never dead: its lock cannot be seen from here.
    """
    name = labels.get(LABEL, "")
    if not name.isalnum() or KEEP in labels or labels.get(OWNER) != owner():
        return False
    file = _sessions() / f"{name}.lock"
    if not file.exists():
        return True
    with _open(file) as lock:
        return _try(lock)


def owner() -> str:
    """Return the identity of this state folder, drawn at random when it is first needed."""
    file = paths.state() / "identity"
    with suppress(FileNotFoundError):
        return file.read_text(encoding="ascii")
    fresh = file.with_suffix(f".{uuid.uuid4().hex}")
    fresh.write_text(uuid.uuid4().hex, encoding="ascii")
    with suppress(FileExistsError):
        os.link(fresh, file)
    fresh.unlink()
    return file.read_text(encoding="ascii")


def of_image(folder: str, tag: str) -> dict[str, str]:
    """Return the labels of an image that is built here from a folder, under that name."""
    return {IMAGE: folder, OWNER: owner(), BUILT_AS: tag}


@contextmanager
def locked(
    name: str,
    *,
    file: Path | None = None,
    waiting: Callable[[], None] = lambda: None,
    cancel: Cancel | None = None,
) -> Iterator[None]:
    """Let one process at a time into the block; call `waiting` once if another is inside.

    file: what is locked, where other state folders have to wait, too; only those who may be inside
        may be able to open it.
    Raises as `await_turn` does.
    """
    folder = paths.state() / "locks"
    folder.mkdir(exist_ok=True)
    with _open(file or folder / f"{name.replace('/', '_')}.lock") as lock:
        await_turn(name, partial(_try, lock), waiting=waiting, cancel=cancel)
        yield


def await_turn(
    name: str,
    take: Callable[[], bool],
    *,
    waiting: Callable[[], None] = lambda: None,
    cancel: Cancel | None = None,
) -> None:
    """Come back when `take` says that it is our turn; call `waiting` once if it is not yet.

    Raises CancelledError when the end is wished for before that, DriftError after an hour.
    """
    if not take():
        waiting()
        late = partial(_never, name)
        until(take, limit=LONGEST, pause=_PAUSE, late=late, cancel=cancel)


def _never(name: str) -> DriftError:
    what = f"Another command has been busy with “{name}” for {LONGEST / 60:.0f} minutes."
    return DriftError(what, hint="ps -ef, and end the one that hangs")


def bootstraps() -> Path:
    """Return where base images are made, each in a folder with a session's name."""
    return paths.state() / "bootstrap"


def ways(session: Session, *, keep: bool = False) -> Path:
    """Return the folder of what leads to the engines that a session starts, which is private."""
    folder = _ways() / f"{session.id}{_KEPT * keep}"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def forget_ways() -> None:
    """Forget what leads to engines that are not there any more, the kept ones included."""
    shutil.rmtree(_ways(), ignore_errors=True)


def _ways() -> Path:
    return paths.state() / "engines"


def forget_dead() -> None:
    """Remove the folders of bootstraps that were killed, and the lock files of such sessions."""
    for folder in chain(bootstraps().glob("*"), _ways().glob("*")):
        if is_dead({LABEL: folder.name, OWNER: owner()}):
            shutil.rmtree(folder, ignore_errors=True)
    for file in _sessions().glob("*.lock"):
        with _open(file) as lock:
            if _try(lock):
                file.unlink(missing_ok=True)


def _sessions() -> Path:
    folder = paths.state() / "sessions"
    folder.mkdir(exist_ok=True)
    return folder


def _open(file: Path) -> IO[str]:
    return file.open("a", encoding="ascii")


def _try(lock: IO[str]) -> bool:
    import fcntl  # not on Windows, where only the sentence that says so is reached

    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def create(
    client: "docker.DockerClient",
    name: str,
    image: str,
    command: list[str] | None = None,
    **options: Any,  # noqa: ANN401 -- the SDK's
) -> "Container":
    """Create a container called `drift-NAME`, or `drift-NAME-2` and so on where that is taken.

    The engine decides whether it is: of two that ask at the same moment it refuses one.
    Raises docker's APIError for what else it refuses.
    """
    import docker

    for number in count(1):  # as many as there are containers of that name at most
        called = PREFIX + name + f"-{number}" * (number > 1)
        try:
            return client.containers.create(image, command, name=called, **options)
        except docker.errors.APIError as error:
            if not _is_taken(error):
                raise
    raise AssertionError  # never: counting has no end


def _is_taken(error: "APIError") -> bool:
    # Docker says conflict; Podman has answered with other statuses, but says it in words
    words = str(error.explanation)
    return error.status_code == HTTPStatus.CONFLICT or "already in use" in words
