"""Why the kernel's list cannot be changed, in one line, and whose turn it is."""

from contextlib import closing
from pathlib import Path

import pytest

from deployment_drift.probe.pipe import Pipe
from deployment_drift.targets import emulation
from deployment_drift.targets.emulation import Emulator, NoEmulationError


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (
            b"mount: permission denied (are you root?)\n",
            "mount: permission denied (are you root?)",
        ),
        (
            b"docker: Error response from daemon: invalid CapAdd\n\nRun 'docker run --help'\n",
            "Error response from daemon: invalid CapAdd",
        ),
        (b"", "the container ended"),
    ],
)
def test_reason(said: bytes, reason: str) -> None:
    """The last telling line counts, without the client's name and its advice."""
    assert emulation._impossible(said).what == reason  # noqa: SLF001 -- the line is the rule


def test_turn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The list is somebody else's, then ours; what cannot be locked is no turn to wait for."""
    program = tmp_path / "emulator"
    program.write_text(f'#!/bin/sh\necho cannot lock >&2\nexit "$(cat {tmp_path}/status)"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    with closing(Pipe(["sh"], 10)) as pipe:
        turns = []
        for status in (emulation.TAKEN, 0):
            (tmp_path / "status").write_text(str(status))
            turns.append(Emulator(pipe).take())
        assert turns == [False, True]
        (tmp_path / "status").write_text("1")
        with pytest.raises(NoEmulationError, match="cannot lock"):
            Emulator(pipe).take()
