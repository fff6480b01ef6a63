"""Shows that the CPU shows through: another CPU's image fails, or runs and pays for it."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from functools import partial
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING

from drift.ask.pipe import LostError, Pipe
from drift.engine import engines
from drift.events import Measured, Shown
from drift.run import throwaway
from drift.run.throwaway import Answer
from drift.scenes.limits.emulation import Emulator, NoEmulationError, emulator
from drift.stage import Stage

if TYPE_CHECKING:
    import docker

FOREIGN, EMULATOR = "limits/foreign", "limits/emulator"
ROUNDS = 5
SUBJECTS = ("native", "emulated")
FIGURE = "checksum"
WORK = "busybox md5sum /zeros"
PREPARE = "busybox dd if=/dev/zero of=/zeros bs=1M count=8"
ASK = "uname -m; uname -r"
LIMIT = 30.0
ERROR = "exec format error"


def show_cpu(stage: Stage) -> None:
    """Run an image of another CPU without an emulator, then with one, and measure its price."""
    with engines.opened(stage.engine) as client:
        _architecture(stage, client)
        try:
            with borrowed(stage, client) as held:
                _emulate(stage, client, held)
        except NoEmulationError as error:
            stage.show("emulation_impossible", holds=None, reason=error.what)
            _without_changing(stage, client)


def borrowed(stage: Stage, client: "docker.DockerClient") -> AbstractContextManager[Emulator]:
    """Return the scene's emulator, to be held; whether it is another command's turn is told."""
    waiting = partial(stage.progress, "emulator", "another command uses it: waiting")
    return emulator(client, stage.session, stage.built[EMULATOR].id, waiting=waiting)


def _emulate(stage: Stage, client: "docker.DockerClient", held: Emulator) -> None:
    found = held.tell("found").split()
    held.tell("off")
    failed = run(stage, client, ASK)
    held.tell("on")  # what was switched off is on again, too
    _without(stage, failed, found)
    _with(stage, client)
    _price(stage)


def _architecture(stage: Stage, client: "docker.DockerClient") -> None:
    built = client.images.get(stage.built["container"].id).attrs
    architecture = f"{built['Os']}/{built['Architecture']}"
    same = architecture == f"{stage.engine.os}/{stage.engine.architecture}"
    stage.show("built_for", holds=same, architecture=architecture)


def run(stage: Stage, client: "docker.DockerClient", command: str) -> Answer:
    """Return what the foreign image says to a line of sh, or the engine about the image."""
    import docker

    foreign = stage.built[FOREIGN].id
    try:
        with throwaway.container(client, stage.session, foreign, [command]) as one:
            return throwaway.ended(one)
    except docker.errors.APIError as error:  # engines before 20.10 say it themselves
        return Answer(1, str(error.explanation))


def _without(stage: Stage, failed: Answer, found: Sequence[str]) -> None:
    said = failed.text.splitlines()[-1:] or [""]
    holds = not failed.done and ERROR in failed.text
    stage.show("exec_format_error", holds=holds, error=said[0], switched_off=list(found))


def _without_changing(stage: Stage, client: "docker.DockerClient") -> None:
    """Say what the image does here as it is: it may well run where an emulator is installed."""
    if any(isinstance(each, Shown) and each.name == "exec_format_error" for each in stage.heard):
        return
    failed = run(stage, client, ASK)
    if not failed.done:
        _without(stage, failed, [])


def _with(stage: Stage, client: "docker.DockerClient") -> None:
    answer = run(stage, client, ASK)
    if not answer.done:
        raise NoEmulationError(answer.text)
    machine, kernel = (*answer.text.split(), "", "")[:2]
    host = client.info()
    other = machine != host["Architecture"]
    stage.show("emulated", holds=other, machine=machine, host=host["Architecture"])
    stage.show("kernel_is_not_it", holds=other and kernel == host["KernelVersion"], kernel=kernel)


def _price(stage: Stage) -> None:
    """Let both do the same work in turns, so that whatever else this machine does slows both."""
    with _kept(stage, EMULATOR) as native, _kept(stage, FOREIGN) as emulated:
        taken = [(_once(native), _once(emulated)) for _ in range(ROUNDS)]
    middles = []
    for subject, seconds in zip(SUBJECTS, zip(*taken, strict=True), strict=True):
        middles.append(median(seconds))
        spread = min(seconds), max(seconds)
        stage.tell(Measured(subject, FIGURE, middles[-1], "s", *spread))
    factor = round(middles[1] / middles[0], 1)
    stage.show("emulation_price", holds=factor > 1, factor=factor)


@contextmanager
def _kept(stage: Stage, folder: str) -> Iterator[Pipe]:
    """Keep a shell open in a container of the image, with the work prepared."""
    alone = ["docker", "run", "--rm", "--interactive", "--network=none"]
    labels = [f"--label={key}={value}" for key, value in stage.session.labels.items()]
    try:
        with closing(Pipe([*alone, *labels, stage.built[folder].id, "sh"], LIMIT)) as pipe:
            pipe.ask(PREPARE, LIMIT)
            yield pipe
    except LostError as error:
        raise NoEmulationError(f"{folder}: {error.reason}") from error


def _once(pipe: Pipe) -> float:
    begin = perf_counter()
    pipe.ask(WORK, LIMIT)
    return perf_counter() - begin
