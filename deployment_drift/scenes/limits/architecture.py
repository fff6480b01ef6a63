"""Shows that the CPU shows through: another CPU's image fails, or runs and pays for it."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from functools import partial
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING

from deployment_drift.engine import engines
from deployment_drift.events import Measured
from deployment_drift.probe.pipe import LostError, Pipe
from deployment_drift.records import Sentence
from deployment_drift.run import Run
from deployment_drift.targets import emulation, throwaway
from deployment_drift.targets.emulation import Emulator, NoEmulationError, emulator
from deployment_drift.targets.throwaway import Answer

if TYPE_CHECKING:
    import docker

OTHER, EMULATOR = "images/architecture", emulation.FOLDER
ROUNDS = 5
SUBJECTS = ("native", "emulated")
FIGURE = "checksum"
WORK = "busybox md5sum /zeros"
PREPARE = "busybox dd if=/dev/zero of=/zeros bs=1M count=8"
ASK = "uname -m; uname -r"
LIMIT = 30.0
ERROR = "exec format error"


def show_cpu(run: Run) -> None:
    """Run an image of another CPU without an emulator, then with one, and measure its price."""
    with engines.opened(run.engine) as client:
        _architecture(run, client)
        refused = False
        try:
            with borrowed(run, client) as held:
                _without_emulator(run, client, held)
                refused = True
                _with(run, client)
                _price(run)
        except NoEmulationError as error:
            run.show("emulation_impossible", holds=None, reason=error.what)
            if not refused:
                _without_changing(run, client)


def borrowed(run: Run, client: "docker.DockerClient") -> AbstractContextManager[Emulator]:
    """Return the scene's emulator, to be held; whether it is another command's turn is told."""
    waiting = partial(run.progress, "emulator", Sentence("waiting"))
    return emulator(client, run.session, run.built[EMULATOR].id, waiting=waiting)


def _without_emulator(run: Run, client: "docker.DockerClient", held: Emulator) -> None:
    """Show what the image does where nobody emulates; afterwards the emulator is on."""
    found = held.tell("found").split()
    held.tell("off")
    failed = run_other(run, client, ASK)
    held.tell("on")  # what was switched off is on again, too
    _without(run, failed, found)


def _architecture(run: Run, client: "docker.DockerClient") -> None:
    built = client.images.get(run.built["container"].id).attrs
    architecture = f"{built['Os']}/{built['Architecture']}"
    same = architecture == f"{run.engine.os}/{run.engine.architecture}"
    run.show("built_for", holds=same, architecture=architecture)


def run_other(run: Run, client: "docker.DockerClient", command: str) -> Answer:
    """Return what the image says to a line of sh, or what the engine says about the image."""
    import docker

    image = run.built[OTHER].id
    try:
        with throwaway.container(client, run.session, image, [command], name="other-cpu") as one:
            return throwaway.ended(one)
    except docker.errors.APIError as error:  # engines before 20.10 say it themselves
        return Answer(1, str(error.explanation))


def _without(run: Run, failed: Answer, found: Sequence[str]) -> None:
    said = failed.text.splitlines()[-1:] or [""]
    holds = not failed.done and ERROR in failed.text
    run.show("exec_format_error", holds=holds, error=said[0], switched_off=list(found))


def _without_changing(run: Run, client: "docker.DockerClient") -> None:
    """Say what the image does here as it is: it may well run where an emulator is installed."""
    failed = run_other(run, client, ASK)
    if not failed.done:
        _without(run, failed, [])


def _with(run: Run, client: "docker.DockerClient") -> None:
    answer = run_other(run, client, ASK)
    if not answer.done:
        raise NoEmulationError(answer.text)
    machine, kernel = (*answer.text.split(), "", "")[:2]
    host = client.info()
    other = machine != host["Architecture"]
    run.show("emulated", holds=other, machine=machine, host=host["Architecture"])
    run.show("kernel_is_not_it", holds=other and kernel == host["KernelVersion"], kernel=kernel)


def _price(run: Run) -> None:
    """Let both do the same work in turns, so that whatever else this machine does slows both."""
    with _prepared(run, EMULATOR) as native, _prepared(run, OTHER) as emulated:
        taken = [(_once(native), _once(emulated)) for _ in range(ROUNDS)]
    middles = []
    for subject, seconds in zip(SUBJECTS, zip(*taken, strict=True), strict=True):
        middles.append(median(seconds))
        spread = min(seconds), max(seconds)
        run.tell(Measured(subject, FIGURE, middles[-1], "s", *spread))
    factor = round(middles[1] / middles[0], 1)
    run.show("emulation_price", holds=factor > 1, factor=factor)


@contextmanager
def _prepared(run: Run, folder: str) -> Iterator[Pipe]:
    """Keep a shell open in a container of the image, with the work prepared."""
    name = f"--name=drift-{folder.rpartition('/')[2]}-{run.session.id}-price"
    alone = ["docker", "run", "--rm", "--interactive", "--network=none", name]
    labels = [f"--label={key}={value}" for key, value in run.session.labels.items()]
    try:
        with closing(Pipe([*alone, *labels, run.built[folder].id, "sh"], LIMIT)) as pipe:
            pipe.ask(PREPARE, LIMIT)
            yield pipe
    except LostError as error:
        raise NoEmulationError(f"{folder}: {error.reason}") from error


def _once(pipe: Pipe) -> float:
    begin = perf_counter()
    pipe.ask(WORK, LIMIT)
    return perf_counter() - begin
