import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import docker
import pytest

from drift import paths
from drift.ask.pipe import Pipe
from drift.compare.comparison import Verdict
from drift.engine import ownership
from drift.engine.engines import Engine
from drift.engine.ownership import Session
from drift.events import Event, Report, Shown
from drift.make import images
from drift.scenes import find
from drift.scenes.limits import emulation, foreign, hardening
from drift.scenes.limits.emulation import NoEmulationError
from drift.stage import Scene, environment, play
from tests.demo.conftest import only, too_wide

WITNESS = "mount -t binfmt_misc binfmt_misc . && cd . && exec sh"
LIST = "for file in *; do echo $file; [ $file = register ] || cat $file; done"
HOLD = Path(__file__).with_name("hold_emulator.py")


@pytest.fixture(scope="module", autouse=True)
def _reached(engine: Engine) -> Iterator[None]:
    """Lead the docker client, which these tests start themselves, to this run's engine."""
    with environment(engine.environment):
        yield


@pytest.fixture
def session() -> Iterator[Session]:
    """Give a session as a scene has one."""
    with ownership.session() as opened:
        yield opened


@pytest.fixture(scope="module")
def emulator_image(engine: Engine, trixie: str) -> str:
    """Give the id of the image that holds the emulator."""
    assert trixie
    return images.build(engine, foreign.EMULATOR, lambda *_: None, root=paths.root()).id


@pytest.fixture
def witness(session: Session, emulator_image: str) -> Iterator[Pipe]:
    """Give a shell that sees the kernel's list, where somebody has registered an emulator."""
    labels = [f"--label={key}={value}" for key, value in session.labels.items()]
    run = ["docker", "run", "--rm", "-i", *labels, *emulation.RIGHTS, emulator_image, WITNESS]
    with closing(Pipe(run, 10)) as pipe:
        status, _, error = pipe.ask(
            r"sed 's|^:[^:]*|:theirs|; s|:[^:]*:[^:]*$|:/bin/sh:|' /kind >register", 5
        )
        assert status == 0, error
        yield pipe
        pipe.ask("echo -1 >theirs", 5)


@pytest.fixture(scope="module")
def played(engine: Engine) -> Report:
    """Give what the scene came to, played once."""
    assert engine
    return play(find("limits"), lambda _: None)


def values(report: Report, name: str) -> dict[str, object]:
    """Return what a statement was told with."""
    return next(dict(each.values) for each in report.statements if each.name == name)


def holds(report: Report, name: str) -> bool | None:
    """Return whether a statement holds."""
    return next(each.holds for each in report.statements if each.name == name)


def listed(pipe: Pipe) -> str:
    """Return the kernel's list, entry by entry."""
    return pipe.ask(LIST, 5)[1].decode()


def test_every_statement_holds(played: Report) -> None:
    """All that could be asked here holds; what was only said is the one on Windows."""
    assert played.verdict is Verdict.SHOWN
    assert played.status == 0
    assert [each.name for each in played.statements if each.holds is None] == ["windows_containers"]


def test_sentences_can_be_read_from_the_last_row(played: Report) -> None:
    """With the values of a real run, each sentence is short enough in each language."""
    assert too_wide((each.name, each.values) for each in played.statements) == []


def test_one_kernel(played: Report) -> None:
    """Host and containers have one kernel, started once."""
    seen = values(played, "one_kernel")
    assert seen["kernel"] == os.uname().release


def test_machine_has_its_own_kernel(played: Report) -> None:
    """A virtual machine's kernel is another one, and its processes are not its host's."""
    assert holds(played, "machine_kernel")
    assert holds(played, "machine_unseen")
    seen = values(played, "machine_unseen")
    assert int(str(seen["inside"])) > 10
    assert seen["outside"] == 1


def test_host_sees_more(played: Report) -> None:
    """The host sees all processes, the container its own."""
    seen = values(played, "host_unseen")
    assert 0 < int(str(seen["inside"])) < int(str(seen["outside"]))


def test_only_the_greedy_one_is_killed(played: Report) -> None:
    """Who takes more memory than allowed is killed, and both other containers still answer."""
    seen = values(played, "killed_alone")
    assert (seen["status"], seen["answering"]) == (137, 2)
    assert holds(played, "unlimited_takes")


@pytest.mark.parametrize("attempt", [*hardening.ATTEMPTS, hardening.MOUNT], ids=lambda a: a.name)
def test_hardening_refuses_what_carelessness_allows(
    played: Report, attempt: hardening.Attempt
) -> None:
    """Each attempt fails in the hardened container, for its reason, and works in a careless one."""
    seen = values(played, attempt.name)
    assert seen == {"fact": attempt.expected, "refused": True, "careless": True}


def test_emulation_has_a_price(played: Report) -> None:
    """Another CPU's program takes longer, and both times are told with their spread."""
    native, emulated = played.measurements
    assert (native.subject, emulated.subject) == foreign.SUBJECTS
    assert float(native.value) < float(emulated.value)
    assert values(played, "exec_format_error")["error"]


def test_image_does_not_bring_its_surroundings(played: Report) -> None:
    """One image id, and still environment, files, data, kernel settings and CPUs differ."""
    assert values(played, "beyond_environment") == {"here": "local", "there": "release"}
    assert values(played, "beyond_data") == {"here": "0", "there": "2"}


def test_list_is_restored(
    docker_client: docker.DockerClient,
    session: Session,
    emulator_image: str,
    witness: Pipe,
) -> None:
    """An emulator that was there is switched off for a moment, and after that as it was found."""
    before = listed(witness)
    with emulation.emulator(docker_client, session, emulator_image) as held:
        assert held.tell("found") == "theirs"
        held.tell("off")
        assert "disabled" in listed(witness)
        held.tell("on")
        assert "deployment-drift\n" in listed(witness)
    assert listed(witness) == before


def test_two_that_emulate_take_turns(
    docker_client: docker.DockerClient, session: Session, emulator_image: str
) -> None:
    """The kernel has one list: who comes second waits, and puts nothing of the first away."""
    waits: list[bool] = []
    command = [sys.executable, str(HOLD), emulator_image]
    environment = {**os.environ, "PYTHONPATH": str(paths.root())}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "held\n"

        def end_the_first() -> None:
            waits.append(True)
            process.send_signal(signal.SIGINT)

        with emulation.emulator(
            docker_client, session, emulator_image, waiting=end_the_first
        ) as held:
            held.tell("on")
    assert waits == [True]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_list_is_restored_after_an_end(
    emulator_image: str, witness: Pipe, number: signal.Signals
) -> None:
    """Ctrl-C and kill -9 in the middle: the list is as it was found within seconds."""
    before = listed(witness)
    command = [sys.executable, str(HOLD), emulator_image]
    environment = {**os.environ, "PYTHONPATH": str(paths.root())}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "held\n"
        assert listed(witness) != before
        process.send_signal(number)
    end = time.monotonic() + 5
    while listed(witness) != before and time.monotonic() < end:
        time.sleep(0.05)
    assert listed(witness) == before


def holding(scene: Scene) -> dict[str, bool | None]:
    """Play a scene that ends well, and return which of its statements hold."""
    heard: list[Event] = []
    assert play(scene, heard.append).status == 0
    return {each.name: each.holds for each in heard if isinstance(each, Shown)}


def test_engine_that_refuses_a_capability(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the engine does not give a capability, that is a sentence, and all else is shown."""
    monkeypatch.setattr(hardening, "CAPABILITY", "NO_SUCH")
    seen = holding(
        only("limits", "engine", "bases", "images", "disks", "hosts", "isolation", "stop")
    )
    assert seen.pop("capability_refused") is None
    assert seen == {attempt.name: True for attempt in hardening.ATTEMPTS}


@pytest.mark.parametrize(
    "rights",
    [("--cap-add", "NO_SUCH"), ()],
    ids=["capability refused", "mount refused"],
)
def test_list_that_cannot_be_changed(
    monkeypatch: pytest.MonkeyPatch, rights: tuple[str, ...]
) -> None:
    """Without binfmt_misc, or the right to change it, only the price is missing."""
    monkeypatch.setattr(emulation, "RIGHTS", rights)
    seen = holding(only("limits", "engine", "bases", "images", "cpu", "stop"))
    assert seen == {"built_for": True, "emulation_impossible": None, "exec_format_error": True}


def test_reason_is_one_line(
    docker_client: docker.DockerClient,
    session: Session,
    emulator_image: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Why there is no emulation is what the engine, or the kernel, said last."""
    monkeypatch.setattr(emulation, "RIGHTS", ())
    with (
        pytest.raises(NoEmulationError, match="permission denied") as error,
        emulation.emulator(docker_client, session, emulator_image),
    ):
        pytest.fail("nobody may mount")
    assert "\n" not in error.value.what
