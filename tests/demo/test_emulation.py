"""The kernel's list of emulators: changed for a while, and put back whatever happens."""

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

from deployment_drift import paths
from deployment_drift.build import images
from deployment_drift.engine.engines import Engine
from deployment_drift.engine.ownership import Session
from deployment_drift.probe.pipe import Pipe
from deployment_drift.run import environment
from deployment_drift.scenes.limits import architecture
from deployment_drift.targets import emulation
from deployment_drift.targets.emulation import NoEmulationError

WITNESS = "mount -t binfmt_misc binfmt_misc . && cd . && exec sh"
LIST = "for file in *; do echo $file; [ $file = register ] || cat $file; done"
ALONE = "( flock 9; {} ) 9>>register"
"""Does something while nobody emulates, not even other tests on another engine."""
TURN = 600
"""Seconds after which it should have been our turn: others may build for their CPU."""
HOLD = Path(__file__).with_name("hold_emulator.py")


@pytest.fixture(scope="module", autouse=True)
def _reached(engine: Engine) -> Iterator[None]:
    """Lead the docker client, which these tests start themselves, to this run's engine."""
    with environment(engine.environment):
        yield


@pytest.fixture(scope="module")
def emulator_image(engine: Engine, trixie: str) -> str:
    """Give the id of the image that holds the emulator."""
    assert trixie
    return images.build(engine, architecture.EMULATOR, lambda *_: None, root=paths.root()).id


@pytest.fixture
def witness(session: Session, emulator_image: str) -> Iterator[Pipe]:
    """Give a shell that sees the kernel's list, where somebody has registered an emulator."""
    labels = [f"--label={key}={value}" for key, value in session.labels.items()]
    run = ["docker", "run", "--rm", "-i", *labels, *emulation.RIGHTS, emulator_image, WITNESS]
    with closing(Pipe(run, 10)) as pipe:
        theirs = r"sed 's|^:[^:]*|:theirs|; s|:[^:]*:[^:]*$|:/bin/sh:|' /kind >register"
        status, _, error = pipe.ask(ALONE.format(theirs), TURN)
        assert status == 0, error
        yield pipe
        pipe.ask(ALONE.format("echo -1 >theirs"), TURN)


def listed(pipe: Pipe) -> str:
    """Return the kernel's list, entry by entry."""
    return pipe.ask(LIST, 5)[1].decode()


def settled(pipe: Pipe) -> str:
    """Return the kernel's list as it is while nobody emulates."""
    return pipe.ask(ALONE.format(LIST), TURN)[1].decode()


def test_list_is_restored(
    docker_client: docker.DockerClient,
    session: Session,
    emulator_image: str,
    witness: Pipe,
) -> None:
    """An emulator that was there is switched off for a moment, and after that as it was found."""
    before = settled(witness)
    with emulation.emulator(docker_client, session, emulator_image) as held:
        assert held.tell("found") == "theirs"
        held.tell("off")
        assert "disabled" in listed(witness)
        held.tell("on")
        assert "deployment-drift\n" in listed(witness)
    assert settled(witness) == before


def test_two_that_emulate_take_turns(
    docker_client: docker.DockerClient,
    session: Session,
    emulator_image: str,
    witness: Pipe,
    tmp_path: Path,
) -> None:
    """The kernel has one list: who comes second waits, and puts nothing of the first away.

    The second may be another user, whose state folder is another one.
    """
    waits: list[bool] = []
    command = [sys.executable, str(HOLD), emulator_image]
    environment = {
        **os.environ,
        "PYTHONPATH": str(paths.root()),
        "XDG_STATE_HOME": str(tmp_path),
    }
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "held\n"

        def end_the_first() -> None:
            waits.append("deployment-drift\n" in listed(witness))
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
    before = settled(witness)
    command = [sys.executable, str(HOLD), emulator_image]
    environment = {**os.environ, "PYTHONPATH": str(paths.root())}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "held\n"
        assert listed(witness) != before
        process.send_signal(number)
    end = time.monotonic() + 5
    while "deployment-drift\n" in listed(witness) and time.monotonic() < end:
        time.sleep(0.05)
    assert settled(witness) == before


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
