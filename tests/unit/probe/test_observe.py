"""One question to one host: a failure is never an answer."""

from typing import Any

from deployment_drift.errors import UnknownError
from deployment_drift.probe.hosts import observe
from deployment_drift.records import Observation, Status


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


def test_gone_host_is_unknown() -> None:
    """A host that does not answer is unknown, with the reason."""
    seen = observe(None, raising(UnknownError("ssh://web: no answer in 10 s")))
    assert (seen.status, seen.reason) == (Status.UNKNOWN, "ssh://web: no answer in 10 s")


def test_fault_in_a_check_is_unknown() -> None:
    """An exception in the check itself tells nothing about the host."""
    seen = observe(None, raising(ValueError("first\nsecond")))
    assert (seen.status, seen.reason) == (Status.UNKNOWN, "ValueError: first")
