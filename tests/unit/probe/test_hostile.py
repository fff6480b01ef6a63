"""A host that means harm: what it sends is bounded, and none of it becomes an answer."""

import json
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import pytest

from deployment_drift.errors import UnknownError
from deployment_drift.probe import collect as collecting
from deployment_drift.probe import pipe, shell
from deployment_drift.probe.client import UnreachableError
from deployment_drift.probe.collect import LOST, Answer, Facts, Section, collect, split
from deployment_drift.probe.observe import DEEPEST, observe, unsound
from deployment_drift.probe.php import PHP
from deployment_drift.probe.pipe import Pipe
from deployment_drift.probe.questions import Questions
from deployment_drift.probe.runtimes import Runtimes
from deployment_drift.probe.shell import ShellBackend, connect, connected
from deployment_drift.records import Status

FRAME = Path(collecting.__file__).parent / "sh" / "_frame.sh"
MIB = 2**20
MANY = 100_001
HUGE = "head -c 950000000 /dev/zero"
"""What a host once answered: 0.95 GB of memory, and 13 s."""
FLOOD = "section early echo here; exec yes"
Program = Callable[[str], None]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Program:
    """`asked(program)`: what this machine runs when it is asked everything."""

    def put(text: str) -> None:
        whole = f"{FRAME.read_text('utf-8')}\n{text}\n"
        monkeypatch.setattr(collecting, "program", lambda frame, _: f"frame={frame}\n{whole}")

    return put


@contextmanager
def memory(most: int) -> Iterator[None]:
    """Assert that what is done here never needs more bytes than these."""
    tracemalloc.start()
    try:
        yield
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < most


def everything() -> dict[str, Section]:
    """Return what this machine answers."""
    with connected("local://") as host:
        return collect(cast("ShellBackend", host.backend), Questions())


def nested(levels: int) -> str:
    """Return JSON that nests so deep."""
    return "[" * levels + "]" * levels


def php(settings: str) -> PHP:
    """Return the PHP of a host that says this of its settings, as JSON."""
    facts = '"version":"8.4.1","sapi":"cli","extensions":{},"libraries":{},"files":%s'
    files = '{"loaded":null,"scanned":[]}'
    text = f'@@facts@@{{"facts":{{{facts % files},"settings":{settings}}},"lines":[]}}\n'
    sections = {"php": Section(Answer.ANSWERED, text), LOST: Section(Answer.ABSENT)}
    line = Runtimes(Facts(lambda: sections)).command_line
    return PHP(lambda: [line] if line else [])


def test_an_answer_without_end(asked: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who answers without end is cut off at a bound, and what it had answered before counts."""
    asked(FLOOD)
    monkeypatch.setattr(shell, "ANSWER", MIB)
    with memory(6 * MIB):
        found = everything()
    assert found["early"].text == "here\n"
    assert "printed too much" in found[LOST].reason


def test_no_more_is_read_than_the_bound(asked: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of an answer without end, no more than one chunk beyond the bound is taken."""
    asked("exec yes")
    monkeypatch.setattr(shell, "ANSWER", MIB)
    with pytest.raises(UnreachableError) as raised:
        everything()
    assert raised.value.reason == "flood"
    assert MIB < len(raised.value.said) <= MIB + pipe.CHUNK


def test_an_answer_of_nearly_a_gigabyte(asked: Program) -> None:
    """The bound that is really there keeps a huge answer out of this machine's memory."""
    asked(f"section early echo here; {HUGE}")
    with memory(100 * MIB):
        found = everything()
    assert (found["early"].text, "printed too much" in found[LOST].reason) == ("here\n", True)


def test_a_command_that_prints_nearly_a_gigabyte() -> None:
    """The bound that is really there keeps what a command prints out of this machine's memory."""
    with connected("local://") as host, memory(500 * MIB), pytest.raises(UnreachableError):
        host.run(HUGE)


def test_a_flood_instead_of_a_shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who prints without end instead of opening a shell is out of reach."""
    (tmp_path / "docker").write_text("#!/bin/sh\nexec yes\n")
    (tmp_path / "docker").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    told = "docker://web cannot be reached: it prints without end instead of opening a shell"
    with memory(6 * MIB), pytest.raises(UnreachableError, match=f"^{told}$"):
        connect("docker://web")


def test_a_command_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """A check's own command is bounded as well, and the host is lost with it."""
    monkeypatch.setattr(shell, "MOST", MIB)
    with connected("local://") as host, pytest.raises(UnreachableError, match="printed too much"):
        host.run("yes")


def test_too_many_sections() -> None:
    """Who tells of too many things has told of none."""
    said = b"\nF begin x\n\nF end 0 \n" * MANY
    with memory(5 * len(said)):
        found = split(said, "F", "cut")
    assert list(found) == [LOST]
    assert found[LOST].status is Answer.FAILED


def test_too_many_lines() -> None:
    """A section of too many lines is no answer: each would become an entry."""
    said = b"\nF begin x\n" + b"a=b\n" * MANY + b"\nF end 0 \n"
    with memory(5 * len(said)):
        found = split(said, "F", "cut")
    assert found == {"x": Section(Answer.FAILED, reason="it has more than 100,000 lines")}


def test_long_names_and_reasons() -> None:
    """A name and a reason are told as far as they can be read."""
    text = b"\nF begin " + b"n" * MIB + b"\ntext\nF end 1 " + b"r" * MIB + b"\n"
    ((name, section),) = split(text, "F", "cut").items()
    assert len(name) <= collecting.NAME
    assert len(section.reason) <= collecting.REASON + len("ended with 1: ")


@pytest.mark.parametrize("levels", [DEEPEST, 500, 5_000, 100_000])
def test_a_value_that_nests(levels: int) -> None:
    """A value that nests too deep is unknown, and ends nothing else."""
    try:
        host = php(f'{{"deep":{nested(levels)}}}')
    except UnknownError as error:
        # how deep Python reads is a matter of its version
        assert levels > 1000
        assert "php's answer cannot be read" in str(error)  # noqa: PT017 -- the same
        return
    seen = observe(host, lambda php: php.settings)
    assert (seen.status, seen.reason) == (
        Status.UNKNOWN,
        f"its answer nests deeper than {DEEPEST} levels",
    )
    assert observe(host, lambda php: php.version).value == "8.4.1"


def test_too_many_entries() -> None:
    """PHP's JSON of too many entries is not read at all."""
    text = json.dumps({str(number): 0 for number in range(MANY)})
    with memory(4 * len(text)), pytest.raises(UnknownError, match="more than 100,000 entries"):
        php(text)


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity", "1e999", r'"\ud800"'])
def test_what_is_no_json_value(value: str) -> None:
    """What JSON cannot say is unknown: it would make a file that nobody can read."""
    seen = observe(php(f'{{"odd":{value}}}'), lambda php: php.settings)
    assert seen.status is Status.UNKNOWN


@pytest.mark.parametrize("value", [float("nan"), {1: 2}, {2}, b"a", object(), [["\udcff"]]])
def test_what_a_check_may_not_return(value: object) -> None:
    """A check whose answer is no JSON has not got one."""
    assert unsound(value)
    assert observe(None, lambda _: value).status is Status.UNKNOWN


def test_a_list_too_long() -> None:
    """A check that returns too many entries has got no answer that anybody could read."""
    assert observe(None, lambda _: [0] * 1_000_000).status is Status.UNKNOWN


def test_bytes_and_escapes(asked: Program) -> None:
    """Bytes that are no text are told as such; what is shown of escapes is the reports' part."""
    asked(r"section odd printf '\377\033[2J\000\355\240\200'")
    text = everything()["odd"].text
    assert text == "\\xff\x1b[2J\0\\xed\\xa0\\x80"
    assert not unsound(text)


def test_a_prompt(asked: Program) -> None:
    """Who asks for something is told nothing, and waits for nobody."""
    asked("ask() { printf 'Password: '; read answer || echo none; }; section prompt ask")
    assert everything()["prompt"].text == "Password: none\n"


def test_a_host_that_only_complains(asked: Program) -> None:
    """Where nothing is answered, the reason is the host's own, as sudo's for a password."""
    asked("echo 'sudo: a password is required' >&2; exit 1")
    with pytest.raises(UnreachableError, match="could not be asked: sudo: a password is required"):
        everything()


def opened(host: Any) -> Pipe:  # noqa: ANN401 -- testinfra's host has no static attributes
    """Return the shell that the next command goes through."""
    found: Pipe = host.backend._opened()  # noqa: SLF001 -- which shell it is
    return found


def test_late_output_is_nobodys() -> None:
    """What a background process prints late belongs to no later command."""
    late = "(sleep 0.2; echo late; echo late >&2) &"
    with connected("local://") as host:
        assert host.run(f"{late} echo now").stdout == "now\n"
        after = host.run("sleep 0.4; echo mine")
        assert (after.stdout, after.stderr) == ("mine\n", "")


def test_what_is_left_behind_quietly_costs_no_shell() -> None:
    """A background process that prints elsewhere is no reason to open another shell."""
    with connected("local://") as host:
        before = opened(host)
        host.run("sleep 1 >/dev/null 2>&1 & sleep 0.1")
        assert opened(host) is before
        host.run("sleep 1 &")
        assert opened(host) is not before
