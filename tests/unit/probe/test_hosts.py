"""The hosts of a setup: live, out of reach, or remembered."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from time import monotonic
from typing import Any

import pytest

from deployment_drift.errors import UnknownError
from deployment_drift.probe import observe, shell
from deployment_drift.probe.addresses import names
from deployment_drift.probe.collect import Answer, Section
from deployment_drift.probe.connections import connected, nobody, opening, secret_of
from deployment_drift.probe.hosts import Asked, Live, Remembered, Unreachable
from deployment_drift.probe.observe import Memory
from deployment_drift.probe.questions import Expression, Questions
from deployment_drift.probe.snapshot import Snapshot, write
from deployment_drift.records import Observation, Status


def test_a_live_host_is_asked() -> None:
    """A host that runs answers through its shell, and is hung up afterwards."""
    host = connected("local", "local://")
    assert isinstance(host, Live)
    seen = host.observe("echo", lambda host: host.check_output("echo hello"))
    assert seen == Observation(Status.VALUE, "hello")
    host.close()
    assert host.observe("echo", lambda host: host.run("true").rc).status is Status.UNKNOWN


def from_facts(host: Any) -> str:  # noqa: ANN401 -- testinfra's host has no static attributes
    """Ask what every host was asked with everything else."""
    return str(host.facts.line("kernel"))


def live_if_it_can_be(host: Any) -> str:  # noqa: ANN401
    """Ask the host, and expect that it cannot be asked."""
    try:
        return str(host.check_output("echo live"))
    except Exception:  # noqa: BLE001 -- as a careful check does
        return "dead"


@pytest.mark.parametrize("memory", [None, Memory()])
def test_what_is_known_is_not_asked_again(
    memory: Memory | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once a host's facts are there, questions about them are answered, and no others."""
    sections = {"kernel": Section(Answer.ANSWERED, "Linux\n")}
    monkeypatch.setattr(observe, "collect", lambda *_: sections)
    host = connected("local", "local://", early=replace(nobody(["local://"]), memory=memory))
    assert host.recall("kernel", from_facts) is None
    seen = host.observe("kernel", from_facts)
    host.close()
    assert host.recall("kernel", from_facts) == seen == Observation(Status.VALUE, "Linux")
    assert host.recall("echo", live_if_it_can_be) is None


def test_a_host_out_of_reach_answers_nothing() -> None:
    """A host to which no connection comes about is unknown in everything, with the reason."""
    host = connected("release", "ssh://no-such-host.invalid")
    assert isinstance(host, Unreachable)
    seen = host.observe("echo", lambda _: "never asked")
    assert (seen.status, seen.value) == (Status.UNKNOWN, None)
    assert "no-such-host.invalid" in seen.reason


def test_a_remembered_host_answers_as_then(tmp_path: Path) -> None:
    """A snapshot answers what was seen, whatever the question would give now."""
    path = tmp_path / "then.json"
    then = {"php": Observation(Status.VALUE, "8.2")}
    write(path, Snapshot("ssh://gone", datetime(2026, 1, 1, tzinfo=UTC), then))
    host = connected("local", str(path))
    assert isinstance(host, Remembered)
    assert host.observe("php", lambda _: "8.4").value == "8.2"


def test_names() -> None:
    """A pair is local and release; the hosts of a fleet are called by where they are."""
    assert names(["docker://a", "docker://b"]) == ["local", "release"]
    fleet = ["docker://a", "ssh://me@web-1?ssh_config=a://b", "web-2.json"]
    assert names(fleet) == ["local", "me@web-1", "web-2.json"]


def test_no_two_hosts_have_one_name() -> None:
    """Hosts at one place, or at one called local, are told apart by numbers."""
    fleet = ["docker://a", "docker://b", "docker://b", "ssh://b", "docker://local"]
    assert names(fleet) == ["local", "b", "b (2)", "b (3)", "local (2)"]


@pytest.fixture
def remembered(tmp_path: Path) -> Asked:
    """Give a host of which a snapshot with one section is left."""
    path = tmp_path / "then.json"
    sections = {"kernel": Section(Answer.ANSWERED, "Linux 6.1 x86_64\n")}
    write(path, Snapshot("ssh://gone", datetime(2026, 1, 1, 8, 0, tzinfo=UTC), {}, sections, "key"))
    assert secret_of(["docker://web", str(path)]) == {"secret": "key"}
    return connected("local", str(path))


def test_later_checks_are_made_on_what_was_written_down(remembered: Asked) -> None:
    """A check that is younger than the snapshot finds the facts of then."""
    seen = remembered.observe("kernel", lambda host: host.system.kernel)
    assert seen == Observation(Status.VALUE, "6.1")
    assert list(remembered.sections()) == ["kernel"]


def test_snapshots_with_a_memory_answer_each_for_itself() -> None:
    """What one host looked at is not what another saw: equal questions are no equal answers."""
    memory, then = Memory(), datetime(2026, 1, 1, tzinfo=UTC)

    def asked(kernel: str) -> Observation:
        sections = {"kernel": Section(Answer.ANSWERED, kernel)}
        return Remembered("a", Snapshot("ssh://gone", then, {}, sections), memory).observe(
            "kernel", from_facts
        )

    assert [asked(kernel).value for kernel in ("6.1", "6.12", "6.1")] == ["6.1", "6.12", "6.1"]


def test_what_only_the_host_can_say_is_unknown(remembered: Asked) -> None:
    """What the snapshot has no answer to is unknown, and the reason says when it was taken."""
    for question in (lambda h: h.php.version, lambda h: h.run("true").rc, lambda h: h.file("/")):
        seen = remembered.observe("new", question)
        assert seen.status is Status.UNKNOWN
        assert "the snapshot of 2026-01-01 08:00 was taken without this check" in seen.reason


@pytest.mark.usefixtures("short_program")
def test_a_live_host_gives_its_sections() -> None:
    """What a live host answered goes into a snapshot; one that hung up has nothing to give."""
    host = connected("local", "local://", Questions())
    assert host.sections()["kernel"].status is Answer.ANSWERED
    host.close()
    other = connected("local", "local://", Questions())
    other.close()
    assert other.sections() == {}


def test_shells_are_opened_beforehand(tmp_path: Path) -> None:
    """Each host takes a shell of its own that is being opened; what nobody took is closed."""
    with opening(["local://", "local://", str(tmp_path / "then.json")]) as early:
        first, second = early.take("local://"), early.take("local://")
        assert first.check_output("echo $$") != second.check_output("echo $$")
    assert first.run("true").rc == 0
    with opening(["ssh://no-such-host.invalid"]) as early:
        host = connected("release", "ssh://no-such-host.invalid", early=early)
    assert isinstance(host, Unreachable)
    for each in (first, second):
        each.backend.close()


def test_a_shell_that_nobody_took_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no check wanted a host, its shell does not stay."""
    opened = shell.connect("local://")
    monkeypatch.setattr(shell, "connect", lambda _, **__: opened)
    with opening(["local://"]):
        pass
    with pytest.raises(UnknownError, match="was closed"):
        opened.run("true")


def test_a_host_has_the_time_that_its_comparison_gives() -> None:
    """On a busy computer a scene's own hosts have longer; what an address says goes before it."""
    slow = Questions(patience=60)
    hosts = [connected("web", each, slow) for each in ("local://", "local://?timeout=3")]
    assert [each.host.backend.timeout for each in hosts if isinstance(each, Live)] == [60, 3]
    for each in hosts:
        each.close()


def test_what_was_expected_is_not_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """A host that was asked beforehand answers from that, unless the checks ask something else."""
    asked: list[Questions] = []

    def collect(_: object, questions: Questions) -> dict[str, Section]:
        asked.append(questions)
        return {}

    monkeypatch.setattr(observe, "collect", collect)
    guess = Questions((Expression("1"),))
    for wanted, times in ((guess, 1), (replace(guess, expressions=()), 2)):
        asked.clear()
        with opening(["local://"], guess) as early:
            host = connected("local", "local://", wanted, early)
            host.sections()
            host.close()
        assert asked == [guess, wanted][:times]


def test_who_is_interrupted_waits_for_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """A host that is still being asked is hung up on where the comparison ends with an error."""
    slow = Event()

    def collect(backend: Any, _: Questions) -> None:  # noqa: ANN401 -- a shell
        slow.set()
        backend.run_program("exec sleep 60", "everything", 60)

    monkeypatch.setattr(observe, "collect", collect)

    def interrupted() -> None:
        with opening(["local://"], Questions()) as early:
            early.take("local://")
            assert slow.wait(10)
            raise KeyboardInterrupt

    start = monotonic()
    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert monotonic() - start < 30
