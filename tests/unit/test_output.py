"""The standard streams, whatever they can say and whoever reads them."""

import io
import json
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path

import pytest

from deployment_drift import output
from deployment_drift.cli import BROKEN_PIPE, ends_with_status
from deployment_drift.report.terminal import console

pytestmark = pytest.mark.usefixtures("sound")


def written(encoding: str) -> io.TextIOWrapper:
    """Return a stream that takes one encoding only."""
    return io.TextIOWrapper(io.BytesIO(), encoding=encoding)


@pytest.mark.parametrize(
    ("encoding", "said"),
    [
        ("ascii", rb"x = ... \u65e5 \u00e9 \ud83d\ude00 \ud800"),
        ("latin-1", b"x = ... \\u65e5 \xe9 \\ud83d\\ude00 \\ud800"),
        ("cp932", "x = … 日 \\u00e9 \\ud83d\\ude00 \\ud800".encode("cp932")),
        ("utf-8", "✗ ✓ … 日 é 😀 \\ud800".encode()),
    ],
)
def test_what_an_encoding_lacks_is_spelt(
    encoding: str, said: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No sign ends a command, and none of ours becomes the `?` that says unknown."""
    stream = written(encoding)
    monkeypatch.setattr(sys, "stdout", stream)
    output.open_streams()
    sys.stdout.write("✗ ✓ … 日 é 😀 \ud800")
    sys.stdout.flush()
    assert stream.buffer.getvalue() == said  # type: ignore[attr-defined]


def test_a_document_loses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """JSON stays JSON, with every sign, in an encoding that lacks most of them."""
    stream = written("ascii")
    monkeypatch.setattr(sys, "stdout", stream)
    output.open_streams()
    output.print_json(json.dumps("✗ é 😀", ensure_ascii=False))
    stream.flush()
    assert json.loads(stream.buffer.getvalue()) == "✗ é 😀"  # type: ignore[attr-defined]


@contextmanager
def unread() -> Iterator[io.TextIOWrapper]:
    """Give a standard output whose reader has gone away."""
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w", encoding="utf-8") as stream, redirect_stdout(stream):
        yield stream


@pytest.mark.parametrize("by", ["rich", "plain"])
def test_a_reader_that_went_away_ends_a_command(by: str) -> None:
    """Whoever writes, the status is the one that tools have, not that of a drift."""

    def task() -> int:
        console().print("x") if by == "rich" else sys.stdout.write("x")
        return 1

    with unread(), pytest.raises(SystemExit) as raised:
        ends_with_status(task)()
    assert raised.value.code == BROKEN_PIPE


def test_a_broken_pipe_of_others_is_a_fault(capsys: pytest.CaptureFixture[str]) -> None:
    """A program or a socket that went away is told; only standard output is nobody's fault."""

    def task() -> int:
        raise BrokenPipeError

    with pytest.raises(SystemExit) as raised:
        ends_with_status(task)()
    assert raised.value.code == 2
    assert "BrokenPipeError" in capsys.readouterr().err


@pytest.mark.parametrize("status", [0, 1])
def test_full_output_is_one_sentence(
    status: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What cannot be written is no answer: 2, whatever the answer was."""
    stream = Path("/dev/full").open("w", encoding="utf-8")  # noqa: SIM115 -- it is closed below
    monkeypatch.setattr(sys, "stdout", stream)

    def task() -> int:
        stream.write("x")
        return status

    with pytest.raises(SystemExit) as raised:
        ends_with_status(task)()
    assert raised.value.code == 2
    assert re.search("cannot be written|no space left", capsys.readouterr().err)
    stream.close()


def test_nobody_can_be_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where standard error is full, too, the status still says that there is no answer."""
    with Path("/dev/full").open("w", encoding="utf-8") as stream:
        monkeypatch.setattr(sys, "stderr", stream)
        with pytest.raises(SystemExit) as raised:
            ends_with_status(lambda: int("x"))()
    assert raised.value.code == 2


@pytest.mark.parametrize("error", [SystemExit(1), SystemExit(0), GeneratorExit()])
def test_nobody_else_decides_on_the_status(
    error: BaseException, capsys: pytest.CaptureFixture[str]
) -> None:
    """A library or a check that ends the process has told no drift, and no parity either."""

    def task() -> int:
        raise error

    with pytest.raises(SystemExit) as raised:
        ends_with_status(task)()
    assert raised.value.code == 2
    assert "Next: " in capsys.readouterr().err
