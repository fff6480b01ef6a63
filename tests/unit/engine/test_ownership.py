import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import PIPE

import pytest

from deployment_drift import paths
from deployment_drift.engine import ownership
from deployment_drift.parallel import Cancel, CancelledError

HOLD = """
import time
from deployment_drift.engine import ownership
with ownership.session() as session:
    print(session.id, flush=True)
    time.sleep(100)
"""


@pytest.fixture(autouse=True)
def _state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))


def test_ways_to_engines_are_forgotten_with_their_session() -> None:
    """What leads to an engine that a killed session started is forgotten, a kept one is not."""
    with ownership.session() as session:
        folder, kept = ownership.ways(session), ownership.ways(session, keep=True)
        ownership.forget_dead()
        assert (folder.is_dir(), folder.stat().st_mode & 0o77) == (True, 0)
    ownership.forget_dead()
    assert (folder.exists(), kept.exists()) == (False, True)
    ownership.forget_ways()
    assert not kept.exists()


@pytest.mark.parametrize(
    ("tag", "ours"),
    [
        ("deployment-drift/local:1", True),
        ("127.0.0.1:5000/deployment-drift/shop:1", True),
        ("registry.example/deployment-drift/shop:1", False),
        ("127.0.0.1:5000/shop:1", False),
    ],
)
def test_names_in_a_scenes_registry_are_ours(tag: str, *, ours: bool) -> None:
    """What a scene has pushed to a registry of its own is removed by `clean`; nothing else is."""
    assert ownership.named(tag) is ours


@contextmanager
def other_command() -> Iterator[tuple[subprocess.Popen[str], dict[str, str]]]:
    """Yield another command that holds a session, and that session's labels."""
    environment = {**os.environ, "PYTHONPATH": str(paths.root())}
    command = [sys.executable, "-c", HOLD]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        name = process.stdout.readline().strip()
        yield process, {ownership.LABEL: name, ownership.OWNER: ownership.owner()}
        process.kill()


def test_session_is_alive_until_its_block_ends() -> None:
    """Inside its block a session is alive; afterwards it is dead and its lock file gone."""
    with ownership.session() as session:
        assert not ownership.is_dead(session.labels)
    assert ownership.is_dead(session.labels)
    assert list((paths.state() / "sessions").iterdir()) == []


def test_session_dies_with_its_process() -> None:
    """`kill -9` ends a session, though its lock file stays until it is swept."""
    with other_command() as (process, labels):
        assert not ownership.is_dead(labels)
        process.kill()
        process.wait()
        assert ownership.is_dead(labels)
        (ownership.bootstraps() / labels[ownership.LABEL] / "tmp").mkdir(parents=True)
    ownership.forget_dead()
    assert list((paths.state() / "sessions").iterdir()) == []
    assert list(ownership.bootstraps().iterdir()) == []


def test_living_sessions_are_not_forgotten() -> None:
    """Sweeping keeps the lock file of a session that lives."""
    with ownership.session() as session:
        folder = ownership.bootstraps() / session.id
        folder.mkdir(parents=True)
        ownership.forget_dead()
        assert not ownership.is_dead(session.labels)
        assert folder.is_dir()


@pytest.mark.parametrize(
    "labels",
    [
        {},
        {ownership.LABEL: "../x"},
        {ownership.LABEL: "abc"},
        {ownership.LABEL: "abc", ownership.OWNER: "another machine"},
    ],
)
def test_what_cannot_be_judged_is_not_dead(labels: dict[str, str]) -> None:
    """Labels that are not ours, or another state folder's, are never judged dead."""
    assert not ownership.is_dead(labels)


def test_what_is_kept_is_not_dead() -> None:
    """What a session leaves on purpose does not die with it."""
    with ownership.session() as session:
        labels = session.kept()
    assert not ownership.is_dead(labels)


def test_owner_is_drawn_once() -> None:
    """Commands that start at the same moment agree on the state folder's identity."""
    seen: list[str] = []
    threads = [threading.Thread(target=lambda: seen.append(ownership.owner())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 8
    assert len(set(seen)) == 1


def test_lock_lets_one_in() -> None:
    """While one is inside, another says once that it waits, and can give up waiting."""
    cancel, said = Cancel(), []

    def waiting() -> None:
        said.append("waiting")
        cancel.wish()

    with (
        ownership.locked("thing"),
        pytest.raises(CancelledError),
        ownership.locked("thing", waiting=waiting, cancel=cancel),
    ):
        pytest.fail("two are inside")
    assert said == ["waiting"]
    with ownership.locked("thing"):
        pass


ALONE = """
import sys
from pathlib import Path
from deployment_drift.engine import ownership
with ownership.locked("thing", file=Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_what_the_machine_has_once_is_one_commands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Commands with other state folders take turns, too, and a killed one has had its turn."""
    file = tmp_path / "of the machine"
    command = [sys.executable, "-c", ALONE, str(file)]
    with subprocess.Popen(command, stdin=PIPE, stdout=PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "held\n"
        monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "other"))
        said: list[bool] = []

        def waiting() -> None:
            said.append(True)
            process.kill()

        with ownership.locked("thing", file=file, waiting=waiting):
            assert said == [True]
            assert process.wait() == -signal.SIGKILL


@pytest.mark.parametrize("front", ["", "docker.io/", "localhost/"])
def test_names_of_images(front: str) -> None:
    """Podman writes a registry in front of the names that are given here."""
    assert ownership.named(f"{front}deployment-drift/container:0")
    assert not ownership.named(f"{front}other/deployment-drift/container:0")
    assert not ownership.named(f"{front}deployment-drifter/container:0")
