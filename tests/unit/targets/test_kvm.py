"""Whether KVM works: tried with a real guest, remembered, and never taken on trust."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from deployment_drift.engine.engines import Engine
from deployment_drift.engine.ownership import Session
from deployment_drift.errors import HostError
from deployment_drift.targets import kvm
from deployment_drift.targets.access import Access
from deployment_drift.targets.kvm import Kvm
from deployment_drift.targets.readiness import RefusedError, SilentError
from deployment_drift.targets.target import Target

ENGINE = Engine("unix:///nowhere", "default")
SESSION = Session("abc", {})
MISSING = "error gathering device information: /dev/kvm: no such file or directory"


@pytest.fixture
def outcome(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[HostError | None]:
    """Let guests come up, or fail, as the list says, one after the other."""
    outcomes: list[HostError | None] = []

    @contextmanager
    def start(*_: object, **__: object) -> Iterator[Sequence[Target]]:
        error = outcomes.pop(0)
        if error:
            raise error
        yield []

    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setattr("deployment_drift.targets.machines.start", start)
    monkeypatch.setattr(kvm, "machine", lambda _: "this engine, this kernel")
    return outcomes


def probe() -> Kvm:
    """Probe without an engine."""
    return kvm.probe(ENGINE, SESSION, Access(Path()), "image")


@pytest.mark.parametrize(
    ("error", "answer"),
    [
        (None, Kvm.WORKS),
        (RefusedError(MISSING), Kvm.MISSING),
        (RefusedError("permission denied"), Kvm.REFUSED),
        (SilentError("had not booted within 20 s"), Kvm.SILENT),
    ],
)
def test_each_outcome_has_its_word(
    outcome: list[HostError | None], error: HostError | None, answer: Kvm
) -> None:
    """A guest that comes up, a device that is not there, one that is refused, one that hangs."""
    outcome.append(error)
    assert probe() is answer


def test_answer_is_remembered(outcome: list[HostError | None]) -> None:
    """A hanging /dev/kvm costs its time limit once, not at every talk."""
    outcome.append(SilentError("late"))
    assert probe() is probe() is Kvm.SILENT
    kvm.forget()
    outcome.append(None)
    assert probe() is Kvm.WORKS


def test_missing_device_is_looked_for_again(outcome: list[HostError | None]) -> None:
    """A device that was not there may have come since: that is not remembered."""
    outcome += [RefusedError(MISSING), None]
    assert [probe(), probe()] == [Kvm.MISSING, Kvm.WORKS]


@pytest.mark.parametrize("text", ["", "[]", '{"this engine, this kernel": "perhaps"}', "{"])
def test_broken_memory_is_no_answer(
    outcome: list[HostError | None], tmp_path: Path, text: str
) -> None:
    """A file that was tampered with, or half written, is not believed."""
    (tmp_path / "deployment-drift").mkdir()
    (tmp_path / "deployment-drift" / "kvm.json").write_text(text)
    outcome.append(None)
    assert probe() is Kvm.WORKS
