"""One question to one host: a failure is never an answer."""

from collections.abc import Callable
from typing import Any

import pytest

from deployment_drift.errors import UnknownError
from deployment_drift.probe.collect import Answer, Facts, Section
from deployment_drift.probe.observe import Known, Memory, Sections, observe
from deployment_drift.records import Observation, Status

A, B = Section(Answer.ANSWERED, "a"), Section(Answer.ANSWERED, "b")
See = Callable[[Sections], Observation]


def raising(error: Exception) -> Any:  # noqa: ANN401
    """Return a question that ends with an exception."""

    def question(_: object) -> None:
        raise error

    return question


def test_answer_is_a_value() -> None:
    """What a question returns is the value, falsy ones too."""
    assert observe(5, lambda host: host * 0) == Observation(Status.VALUE, 0)


def test_none_is_absent() -> None:
    """None says that the thing is not there."""
    assert observe(None, lambda _: None).status is Status.ABSENT


@pytest.mark.parametrize("value", ["\u00fc", ("a", 1), {"\u00fc": ("a",)}])
def test_any_text_and_any_list_is_a_value(value: object) -> None:
    """Letters of other languages are text, and a tuple is a list."""
    assert observe(None, lambda _: value) == Observation(Status.VALUE, value)  # type: ignore[arg-type]


def test_what_a_tuple_holds_is_looked_at() -> None:
    """What cannot be written down is no answer, wherever it stands."""
    assert observe(None, lambda _: (object(),)).reason == "its answer is no JSON: object"


def test_gone_host_is_unknown() -> None:
    """A host that does not answer is unknown, with the reason."""
    seen = observe(None, raising(UnknownError("ssh://web: no answer in 10 s")))
    assert (seen.status, seen.reason) == (Status.UNKNOWN, "ssh://web: no answer in 10 s")


def test_fault_in_a_check_is_unknown() -> None:
    """An exception in the check itself tells nothing about the host."""
    seen = observe(None, raising(ValueError("first\nsecond")))
    assert (seen.status, seen.reason) == (
        Status.UNKNOWN,
        "the check has ended with ValueError: first",
    )
    ended = "the check has ended with ValueError: ValueError()"
    assert observe(None, raising(ValueError())).reason == ended


@pytest.mark.parametrize(
    ("question", "sections", "reason"),
    [
        (lambda host: host.system.disks, {"disks": "much", "inodes": ""}, "disks, inodes: what"),
        (
            lambda host: host.system.distribution,
            {"os-release": "NAME='a"},
            "os-release: what the host",
        ),
        (
            lambda host: host.packages.versions,
            {"rpm-packages": "php\tx86_64\t8\nerror: damaged"},
            "rpm-packages: no package, but this is in its list: error: damaged",
        ),
        (lambda host: host.packages.version("php"), {"apk-packages": "php 8"}, "apk-packages: no"),
    ],
)
def test_what_cannot_be_read_is_a_sentence(
    question: Callable[[Any], object], sections: dict[str, str], reason: str
) -> None:
    """Where a host says what no reader expects, its section is named, and no exception of ours."""
    absent = dict.fromkeys(["dpkg-packages", "rpm-packages"], Section(Answer.ABSENT))
    said = absent | {name: Section(Answer.ANSWERED, text) for name, text in sections.items()}
    seen = observe(Known(Facts(lambda: said)), question)
    assert seen.status is Status.UNKNOWN
    assert seen.reason.startswith(reason)
    assert "Error" not in seen.reason


def _question(host: object) -> object:
    return host


def asked(see: See, *hosts: Sections) -> int:
    """Return of how many hosts a check had to be asked, in one comparison."""
    count = 0

    def counted(sections: Sections) -> Observation:
        nonlocal count
        count += 1
        return see(sections)

    memory = Memory()
    for host in hosts:
        assert memory.observe(_question, host, counted) == see(host)
    return count


def text(name: str) -> See:
    """Return a check that looks at one section."""

    def see(sections: Sections) -> Observation:
        found = sections.get(name)
        return Observation(Status.VALUE, found.text) if found else Observation(Status.ABSENT)

    return see


def test_only_what_is_looked_at_counts() -> None:
    """Hosts that differ elsewhere are one; a section that differs, or is missing, is another."""
    assert asked(text("x"), {"x": A, "y": A}, {"x": A, "y": B}, {"x": A}) == 1
    assert asked(text("x"), {"x": A}, {"x": B}, {"y": A}, {"x": A}) == 3


def test_names_count_where_they_are_listed() -> None:
    """Who lists the sections sees another host where one more is there."""
    listed: See = lambda sections: Observation(Status.VALUE, [*iter(sections)])  # noqa: E731
    counted: See = lambda sections: Observation(Status.VALUE, len(sections))  # noqa: E731
    for see in (listed, counted):
        assert asked(see, {"x": A}, {"x": A, "y": A}, {"x": B}) == 2


def test_unknown_is_asked_again() -> None:
    """What is unknown may have a reason of its own on each host."""
    assert asked(lambda _: Observation(Status.UNKNOWN, reason="gone"), {}, {}) == 2


def test_questions_do_not_mix() -> None:
    """Two questions that look at the same see different things, also those of one check."""
    memory = Memory()
    first, second = (lambda host: host, lambda host: not host)
    memory.observe(first, {"x": A}, text("x"))
    assert memory.observe(second, {"x": A}, text("y")) == Observation(Status.ABSENT)


def test_equal_sections_are_kept_once() -> None:
    """Of a thousand hosts with the same long list, one is kept."""
    memory = Memory()
    first = memory.kept({"x": A})
    assert memory.kept({"x": Section(Answer.ANSWERED, "a")})["x"] is first["x"]
    assert memory.kept({"x": B})["x"] is B


def test_no_reason_has_an_address_of_memory() -> None:
    """What Python says of an object has its kind, and no number that says nothing."""
    seen = observe(None, raising(ValueError(object())))
    assert seen.reason == "the check has ended with ValueError: <object object>"
