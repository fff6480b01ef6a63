"""Teaches the kernel for a while to run another CPU's programs, through a container of its own.

The container's first process mounts the kernel's list (binfmt_misc) for itself alone, and puts
the list back when its standard input ends: also when whoever asked was killed.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from deployment_drift import stopping
from deployment_drift.engine import ownership
from deployment_drift.engine.ownership import Session
from deployment_drift.errors import DriftError
from deployment_drift.probe.pipe import LostError, Pipe
from deployment_drift.waiting import until

if TYPE_CHECKING:
    import docker

FOLDER = "images/emulator"
START_LIMIT = 20.0
CALL_LIMIT = 10.0
TAKEN = 75
"""The status that says that another command has the list: `images/emulator/emulator.sh`."""
_PAUSE = 0.02
RIGHTS = ("--cap-add", "SYS_ADMIN", "--security-opt", "apparmor=unconfined")


class NoEmulationError(DriftError):
    """The kernel's list cannot be changed here: no binfmt_misc, or the engine does not allow it."""


@dataclass(frozen=True, slots=True)
class Emulator:
    """What holds the kernel's list open; its words are those of `images/emulator/emulator.sh`."""

    pipe: Pipe

    def tell(self, word: str) -> str:
        """Say `found`, `off` or `on`, and return the answer; NoEmulationError if it fails."""
        status, out, err = self._ask(word)
        if status:
            raise _impossible(err)
        return out.decode(errors="replace").strip()

    def take(self) -> bool:
        """Take the list for this one alone until it is closed; tell whether nobody else has it."""
        status, _, err = self._ask("take")
        if status not in {0, TAKEN}:
            raise _impossible(err)
        return not status

    def _ask(self, word: str) -> tuple[int, bytes, bytes]:
        try:
            return self.pipe.ask(f"emulator {word}", CALL_LIMIT)
        except LostError as error:
            raise _impossible(error.err) from error


@contextmanager
def emulator(
    client: "docker.DockerClient",
    session: Session,
    image: str,
    *,
    waiting: Callable[[], None] = lambda: None,
) -> Iterator[Emulator]:
    """Yield the emulator; when the block ends, the kernel's list is as it was found.

    There is one list a kernel: `waiting` is called once if another command has it, whoever's that
    is and whichever engine it uses, and its end is awaited.
    Raises NoEmulationError where the list cannot be changed, DriftError where it is not given
    free for an hour.
    """
    with _held(client, session, image) as held:
        ownership.await_turn("emulator", held.take, waiting=waiting)
        yield held


@contextmanager
def _held(client: "docker.DockerClient", session: Session, image: str) -> Iterator[Emulator]:
    name = f"drift-emulator-{session.id}"
    try:
        pipe = Pipe(_arguments(session, name, image), START_LIMIT)
    except (OSError, LostError) as error:
        _gone(client, name)
        raise _impossible(getattr(error, "err", str(error).encode())) from error
    try:
        yield Emulator(pipe)
    finally:
        stopping.shielded(lambda: _close(client, pipe, name))


def _arguments(session: Session, name: str, image: str) -> list[str]:
    labels = [f"--label={key}={value}" for key, value in session.labels.items()]
    alone = ["--rm", "--interactive", "--network=none", f"--name={name}"]
    return ["docker", "run", *alone, *labels, *RIGHTS, image, "emulator"]


def _close(client: "docker.DockerClient", pipe: Pipe, name: str) -> None:
    pipe.close()
    _gone(client, name)


def _gone(client: "docker.DockerClient", name: str) -> None:
    """Wait until the container has put everything back, and is removed."""
    import docker

    def there() -> bool:
        # `containers.list` would inspect each, which Podman answers with 500 while it removes one
        return bool(client.api.containers(all=True, filters={"name": name}))

    if not until(lambda: not there(), limit=CALL_LIMIT, pause=_PAUSE):
        with suppress(docker.errors.NotFound):
            client.api.remove_container(name, force=True)


def _impossible(said: bytes) -> NoEmulationError:
    lines = [line.strip() for line in said.decode(errors="replace").splitlines() if line.strip()]
    telling = [line for line in lines if "Run 'docker" not in line]
    return NoEmulationError((telling or ["the container ended"])[-1].removeprefix("docker: "))
