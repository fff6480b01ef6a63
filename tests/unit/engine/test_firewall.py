"""What an engine does to a machine's firewall is undone."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from deployment_drift import paths
from deployment_drift.engine import firewall, ownership
from deployment_drift.errors import DriftError

BEFORE = ["-P FORWARD ACCEPT", "-N MINE", "-A FORWARD -i eth0 -j MINE"]
DOCKER = [
    *("-P FORWARD DROP", "-N DOCKER", "-N DOCKER-USER", "-N MINE"),
    '-A FORWARD -m comment --comment "a b" -j DOCKER-USER',
    *("-A FORWARD -o drift-1 -j DOCKER", "-A FORWARD -i eth0 -j MINE", "-A FORWARD -s 10.1.1.1"),
    "-A DOCKER-USER -j RETURN",
]


def test_an_engines_chains_go_and_others_rules_stay() -> None:
    """Docker's rules go before its chains, packets pass again, and what others added stays."""
    assert list(firewall.undoing(DOCKER, BEFORE)) == [
        ["-D", "FORWARD", "-m", "comment", "--comment", "a b", "-j", "DOCKER-USER"],
        ["-D", "FORWARD", "-o", "drift-1", "-j", "DOCKER"],
        ["-D", "DOCKER-USER", "-j", "RETURN"],
        ["-X", "DOCKER"],
        ["-X", "DOCKER-USER"],
        ["-P", "FORWARD", "ACCEPT"],
    ]


def test_what_was_there_before_stays() -> None:
    """Where another engine had been before ours, its chains and its policy stay."""
    assert list(firewall.undoing(DOCKER, DOCKER)) == []
    assert list(firewall.undoing(["-P FORWARD DROP"], ["-P FORWARD DROP"])) == []


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the folder of a machine that forwards nothing, without a firewall or an engine."""
    monkeypatch.setattr(firewall, "NOTE", tmp_path / "note.json")
    monkeypatch.setattr(firewall, "FORWARDING", tmp_path / "ip_forward")
    monkeypatch.setattr(firewall, "rules", dict)
    monkeypatch.setattr(firewall, "ENGINES", set())
    monkeypatch.setattr(firewall, "GATE", tmp_path / "ip_forward")
    monkeypatch.setattr("os.geteuid", lambda: 0)
    (tmp_path / "ip_forward").write_text("0\n")
    return tmp_path


def test_the_first_engine_notes_and_the_last_restores(
    machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second engine finds what the first has changed: it notes nothing, and waits for it."""
    firewall.note()
    (machine / "ip_forward").write_text("1\n")
    firewall.note()
    with monkeypatch.context() as patch:
        patch.setattr(firewall, "_needed", lambda: True)
        firewall.restore()
    assert (machine / "ip_forward").read_text() == "1\n"
    firewall.restore()
    assert (machine / "ip_forward").read_text() == "0\n"
    assert [each.name for each in machine.iterdir()] == ["ip_forward"]


def test_nothing_noted_is_nothing_restored(machine: Path) -> None:
    """An engine that somebody else started has changed what is not ours to put back."""
    (machine / "ip_forward").write_text("1\n")
    firewall.restore()
    assert (machine / "ip_forward").read_text() == "1\n"


ALONE = """
import sys, time
from pathlib import Path
from deployment_drift.engine import firewall
firewall.GATE = Path(sys.argv[1])
with firewall.alone():
    print("alone", flush=True)
    time.sleep(100)
"""


@contextmanager
def alone_elsewhere(gate: Path, state: Path) -> Iterator[subprocess.Popen[str]]:
    """Yield another command, with a state folder of its own, that changes the firewall now."""
    environment = {**os.environ, "PYTHONPATH": str(paths.root()), "XDG_STATE_HOME": str(state)}
    command = [sys.executable, "-c", ALONE, str(gate)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "alone\n"
        yield process
        process.kill()


@pytest.mark.usefixtures("machine")
def test_two_state_folders_take_turns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """There is one firewall a machine: while one engine begins, no other puts things back."""
    monkeypatch.setattr(ownership, "LONGEST", 0.2)
    firewall.note()
    with alone_elsewhere(firewall.GATE, tmp_path / "other"):
        with pytest.raises(DriftError, match="busy with “firewall”"), firewall.alone():
            firewall.restore()
        assert firewall.NOTE.exists()
    with firewall.alone():
        firewall.restore()
    assert not firewall.NOTE.exists()


def test_other_users_put_nothing_back(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What root's engines have changed is root's to put back: others may not even read how."""
    firewall.note()
    (machine / "ip_forward").write_text("1\n")
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    firewall.restore()
    assert (machine / "ip_forward").read_text() == "1\n"
    assert firewall.NOTE.exists()


@pytest.mark.parametrize(
    ("name", "words", "lives"),
    [
        ("dockerd", ["dockerd"], True),
        ("setsid", ["setsid", "--fork", "dockerd", "--host=…"], True),
        ("less", ["less", "dockerd"], False),
        ("kthreadd", None, False),
    ],
)
def test_engines_that_just_begin_are_alive(
    name: str, words: list[str] | None, *, lives: bool
) -> None:
    """An engine of ours has another program's name for a moment, and needs its rules already."""
    found = firewall._is_engine({"name": name, "cmdline": words})  # noqa: SLF001 -- it is the rule
    assert found is lives
