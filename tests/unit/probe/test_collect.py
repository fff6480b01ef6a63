"""One program asks everything: what comes back is cut into sections, whatever the shell."""

import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any, cast

import pytest

from deployment_drift.errors import UnknownError
from deployment_drift.probe import collect as collecting
from deployment_drift.probe.client import UnreachableError
from deployment_drift.probe.collect import (
    MADE,
    Answer,
    Facts,
    Section,
    collect,
    programs,
    split,
    values,
)
from deployment_drift.probe.observe import Memory
from deployment_drift.probe.questions import Questions
from deployment_drift.probe.shell import ANSWER, ShellBackend, connected

SHELLS = ["dash", "bash", "busybox sh"]
FRAME = Path(collecting.__file__).parent / "sh" / "_frame.sh"


def test_what_is_asked_stands_in_front_as_variables() -> None:
    """Keys, names of secrets and folders reach the program by the letter, whatever is in them."""
    names = ("frame", "secret", "more_secrets", "apps", "patience", "expressions", "pages")
    key = "it's"
    asked = Questions(secret=key, secrets=("a.*", "b"), folders=("/a b", "/c"), patience=2.5)
    show = "printf '%s|' " + " ".join(f'"${name}"' for name in names)
    said = subprocess.check_output(["sh"], input=values("F", asked) + show, text=True)
    assert said.split("|")[:-1] == ["F", key, "a.*\nb", "/a b\n/c", "2.5", "[]", "[]"]


def test_what_is_masked_comes_last() -> None:
    """Every program has been run before anything leaves the host, masked."""
    assert programs().splitlines()[-1] == "masked_sections"


def test_a_forged_frame_is_text() -> None:
    """A line that looks like a frame with another word belongs to the answer."""
    found = split(b"\nF begin a\n\nG end 0 \n\nF end 0 \n", "F", "cut")
    assert found == {"a": Section(Answer.ANSWERED, "\nG end 0 \n")}


@pytest.mark.parametrize(("why", "told"), [("", "ended with 3"), ("why", "ended with 3: why")])
def test_what_ended_otherwise_is_failed(why: str, told: str) -> None:
    """A status that no program of ours has on purpose is a failure, with what is known of it."""
    found = split(f"\nF begin a\nx\nF end 3 {why}\n".encode(), "F", "cut")
    assert found == {"a": Section(Answer.FAILED, "x", told)}


def test_what_was_cut_off_is_failed() -> None:
    """A section without an end is no answer, however much of it is there."""
    assert split(b"\nF begin a\nhalf", "F", "cut") == {"a": Section(Answer.FAILED, reason="cut")}


def test_what_is_too_long_is_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A section beyond the bound is no answer."""
    monkeypatch.setattr(collecting, "LARGEST", 3)
    found = split(b"\nF begin a\n123\nF end 0 \n\nF begin b\n1234\nF end 0 \n", "F", "cut")
    assert (found["a"].status, found["b"].status) == (Answer.ANSWERED, Answer.FAILED)


@pytest.fixture
def backend() -> Iterator[ShellBackend]:
    """Give the kept shell of this machine."""
    with connected("local://") as host:
        yield cast("ShellBackend", host.backend)


@pytest.mark.usefixtures("short_program")
def test_one_round_trip(backend: ShellBackend, monkeypatch: pytest.MonkeyPatch) -> None:
    """A live host is asked by one command, which no list of processes shows."""
    asked: list[dict[str, Any]] = []
    pipe = backend._opened()  # noqa: SLF001 -- what goes through it is what is looked at
    ask = pipe.ask

    def listen(command: str, limit: float, **options: Any) -> Any:  # noqa: ANN401
        asked.append(options)
        return ask(command, limit, **options)

    monkeypatch.setattr(pipe, "ask", listen)
    assert collect(backend, Questions())["kernel"].status is Answer.ANSWERED
    assert asked == [{"listed": False, "most": ANSWER}]


def test_what_came_before_the_silence_is_kept(
    backend: ShellBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When a host falls silent, its answers so far count, and all others say why not."""
    monkeypatch.setattr(collecting, "LIMIT", 0.5)
    monkeypatch.setattr(backend, "timeout", 0.05)
    monkeypatch.setattr(collecting, "program", lambda frame, _: f"frame={frame}\n{SILENT}")
    facts = Facts(lambda: collect(backend, Questions()))
    assert facts.text("early") == "here\n"
    for name in ("slow", "late"):
        with pytest.raises(UnknownError, match=r"no answer to `everything` within 0\.5 s"):
            facts.text(name)


def test_a_slow_host_has_its_time(backend: ShellBackend, monkeypatch: pytest.MonkeyPatch) -> None:
    """An address that asks for more time has more of it for all, and for each program there."""
    given: list[object] = []

    def note(program: str, _: str, limit: float) -> bytes:
        given.extend([limit, "patience=60\n" in program])
        return b""

    monkeypatch.setattr(backend, "timeout", 60.0)
    monkeypatch.setattr(backend, "run_program", note)
    collect(backend, Questions())
    assert given == [360.0, True]


SILENT = FRAME.read_text("utf-8") + "section early echo here\nsection slow sleep 9\n"


def test_a_host_without_any_answer_is_out_of_reach(
    backend: ShellBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A shell that ends at once has answered nothing."""
    monkeypatch.setattr(collecting, "program", lambda *_: "kill -KILL 0")
    with pytest.raises(UnreachableError, match="its shell ended during `everything`"):
        collect(backend, Questions())


@pytest.mark.parametrize("status", [Answer.REFUSED, Answer.FAILED])
def test_no_failure_is_an_answer(status: Answer) -> None:
    """What was refused or failed is unknown, with the reason."""
    facts = Facts(lambda: {"a": Section(status, "half", "why")})
    with pytest.raises(UnknownError, match=r"^a: .*why$"):
        facts.text("a")


@pytest.mark.parametrize(
    ("status", "told"),
    [(Answer.REFUSED, "a: not allowed for this user"), (Answer.FAILED, "a: failed")],
)
def test_a_failure_without_a_reason_is_told(status: Answer, told: str) -> None:
    """What was refused is told apart from what failed, also where the host says no more."""
    with pytest.raises(UnknownError) as raised:
        Facts(lambda: {"a": Section(status)}).text("a")
    assert raised.value.what == told


def test_what_was_not_asked_is_unknown() -> None:
    """A section that is not there at all is unknown; what the host has not is absent."""
    facts = Facts(lambda: {"a": Section(Answer.ABSENT)})
    assert facts.text("a") is None
    with pytest.raises(UnknownError, match="b: was not answered"):
        facts.text("b")


def saying(text: str, memory: Memory) -> Facts:
    """Return the facts of a host that says this of one thing, and of another that it is absent."""
    return memory.facts(lambda: {"a": Section(Answer.ANSWERED, text), "b": UNASKED})


def test_a_text_is_read_once() -> None:
    """What a reader made of a text is shared by hosts with the same text, and by no others."""
    memory = Memory()
    first, same, other = (saying(text, memory) for text in ("x y", "x y", "z"))
    assert first.read("a", str.split) is same.read("a", str.split)
    assert (first.read("a", str.upper), other.read("a", str.split)) == ("X Y", ["z"])
    assert first.read("b", str.split) is None


def test_of_many_texts_few_are_kept() -> None:
    """What is made of a thousand hosts' own texts is not kept for all of them."""
    memory = Memory()
    hosts = [saying(f"x {number}", memory) for number in range(MADE + 1)]
    made = [host.read("a", str.split) for host in hosts]
    again = [host.read("a", str.split) for host in hosts]
    assert again == made
    assert [one is other for one, other in zip(made, again, strict=True)].count(False) == 1


def test_sections_by_prefix() -> None:
    """Sections of one kind are found by the first word of their names."""
    facts = Facts(lambda: {"php /a b": Section(Answer.ANSWERED, "1\n2\n"), "kernel": UNASKED})
    assert list(facts.named("php ")) == ["/a b"]
    assert (facts.lines("php /a b"), facts.lines("kernel")) == (["1", "2"], None)


UNASKED = Section(Answer.ABSENT)


def test_hosts_are_asked_at_the_same_time() -> None:
    """The facts of one host do not wait for those of another."""
    together = Barrier(2, timeout=10)

    def answer() -> dict[str, Section]:
        together.wait()
        return {"a": Section(Answer.ANSWERED, "1")}

    hosts = [Facts(answer), Facts(answer)]
    with ThreadPoolExecutor(2) as threads:
        assert list(threads.map(lambda facts: facts.text("a"), hosts)) == ["1", "1"]
