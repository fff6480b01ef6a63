"""What an engine does to a machine's firewall is undone."""

from pathlib import Path

import pytest

from deployment_drift.engine import firewall

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
