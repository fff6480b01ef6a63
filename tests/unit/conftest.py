"""Records that many unit tests need, made by the shortest possible words."""

import gc
from collections.abc import Callable

import pytest

from deployment_drift import venv
from deployment_drift.compare.comparison import Check, Comparison, Verdict, overall
from deployment_drift.events import Report, StepDone
from deployment_drift.probe import collect
from deployment_drift.records import JSON, Host, Observation, Status

ASKED = ("_", "ask", "php.", "system.", "web_pages")  # how the parts of a short program begin
Compare = Callable[..., Comparison]


def pytest_collection_finish() -> None:
    """Spare what is there by now from being looked through five times by each inner pytest."""
    gc.collect()
    gc.freeze()


def observation(value: JSON) -> Observation:
    """Return an observation: None is absent, an exception's text is unknown."""
    if isinstance(value, str) and value.startswith("?"):
        return Observation(Status.UNKNOWN, reason=value[1:])
    status = Status.ABSENT if value is None else Status.VALUE
    return Observation(status, value)


@pytest.fixture
def sound(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the environment of these tests for sound: to look reads every file that is installed."""
    monkeypatch.setattr(venv, "damage", lambda: "")
    monkeypatch.setattr(venv, "forget_compiled", lambda: "")


@pytest.fixture
def short_program(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let hosts be asked a few things only: to ask everything of this machine takes seconds."""
    shorten_program(monkeypatch)


def shorten_program(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave a few parts of the program for hosts."""
    texts = collect._texts  # noqa: SLF001 -- where all that is asked comes from

    def short(folder: str) -> dict[str, str]:
        return {name: text for name, text in texts(folder).items() if name.startswith(ASKED)}

    monkeypatch.setattr(collect, "_texts", short)


@pytest.fixture
def compare() -> Compare:
    """`compare("8.4", "8.2")`: one check's comparison; None is absent, `?why` is unknown."""

    def make(*values: JSON, name: str = "php_version", subject: str = "php") -> Comparison:
        hosts = ["local", "release", *(f"web-{number}" for number in range(2, len(values)))]
        seen = {host: observation(value) for host, value in zip(hosts, values, strict=False)}
        return Comparison(Check(name, subject, "PHP version", "it matters."), seen)

    return make


@pytest.fixture
def report(compare: Compare) -> Report:
    """Give the report of a scene with one drift and one parity."""
    comparisons = (compare("same", "same", name="kernel", subject="system"), compare("8.4", "8.2"))
    hosts = (Host("local", "docker://a", "sha256:1"), Host("release", "docker://b", "sha256:2"))
    steps = (StepDone("hosts", 0.5),)
    return Report("drift", Verdict.DRIFT, overall(comparisons), hosts, comparisons, steps)
