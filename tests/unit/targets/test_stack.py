"""What a swarm is told of its stack, by a docker client that only answers."""

from pathlib import Path

import pytest

from deployment_drift.engine.engines import Engine
from deployment_drift.errors import HostError
from deployment_drift.targets import stack

DOCKER = """#!/bin/sh
echo "$*" >>"$0.calls"
[ "$(wc -l <"$0.calls")" -gt {busy} ] && exit {status}
echo "failed to update service: update out of sequence" >&2
exit 1
"""


def told(folder: Path, busy: int, status: int = 0) -> int:
    """Take a stack away from a swarm that writes to it at first; return how often that is told."""
    program = folder / "docker"
    program.write_text(DOCKER.format(busy=busy, status=status))
    program.chmod(0o755)
    try:
        stack.remove(Engine("unix:///nowhere", "DOCKER_HOST"))
    finally:
        calls = (folder / "docker.calls").read_text().splitlines()
    assert set(calls) == {"stack rm shop"}
    return len(calls)


@pytest.fixture(autouse=True)
def _found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    monkeypatch.setattr(stack, "service", lambda _: None)


def test_a_swarm_that_was_writing_is_told_again(tmp_path: Path) -> None:
    """It refuses what was based on the state before its own note, and has changed nothing."""
    assert told(tmp_path, busy=2) == 3


def test_a_swarm_is_not_told_for_ever(tmp_path: Path) -> None:
    """One that always refuses is an error, with its words."""
    with pytest.raises(HostError) as raised:
        told(tmp_path, busy=99)
    assert "out of sequence" in raised.value.detail


def test_another_refusal_is_told_at_once(tmp_path: Path) -> None:
    """What else fails is not tried again."""
    with pytest.raises(HostError):
        told(tmp_path, busy=0, status=1)
    assert len((tmp_path / "docker.calls").read_text().splitlines()) == 1
