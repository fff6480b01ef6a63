"""Exit states, and errors without a traceback."""

import pytest
from invoke import Exit

from deployment_drift.cli import guarded, message
from deployment_drift.errors import DriftError


def test_status_becomes_the_exit_status() -> None:
    """A task's returned number is the command's exit status."""
    with pytest.raises(Exit) as raised:
        guarded(lambda: 1)()
    assert raised.value.code == 1


def test_error_is_told_without_a_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    """A user's mistake is a sentence on standard error, and exit status 2."""

    def task() -> int:
        raise DriftError("no engine answers at tcp://x", hint="invoke doctor", detail="a\nb")

    with pytest.raises(Exit) as raised:
        guarded(task)()
    assert raised.value.code == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err == "Error: no engine answers at tcp://x\n  | a\n  | b\nNext: invoke doctor\n"


def test_debug_shows_the_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    """With DRIFT_DEBUG set, the error itself comes through."""
    monkeypatch.setenv("DRIFT_DEBUG", "1")

    def task() -> int:
        raise DriftError("x")

    with pytest.raises(DriftError):
        guarded(task)()


def test_ctrl_c_is_no_error(capsys: pytest.CaptureFixture[str]) -> None:
    """Ctrl-C ends with the status that shells give, and with one calm sentence."""

    def task() -> int:
        raise KeyboardInterrupt

    with pytest.raises(Exit) as raised:
        guarded(task)()
    assert raised.value.code == 130
    assert "Stopped" in capsys.readouterr().err


def test_details_cannot_draw_on_the_terminal() -> None:
    """What a failing program printed last is shown, not obeyed."""
    assert "\x1b" not in message(DriftError("a\x1b[2J", detail="b\x1b[2J"))
