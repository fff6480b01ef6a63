"""The fixture `same`, and what pytest says in one line."""

import pytest

from deployment_drift.compare.same import name_of, usage
from deployment_drift.errors import DriftError


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (DriftError("no such host"), "no such host"),
        (DriftError("no such host", hint="type another"), "no such host; type another"),
        (DriftError("a\x1b[2J"), "a\\x1b[2J"),
    ],
)
def test_an_error_is_one_line_of_pytest(error: DriftError, line: str) -> None:
    """What was given wrongly is told with its hint, if it has one, and does nothing."""
    assert str(usage(error)) == line


@pytest.mark.parametrize(
    ("test", "name"), [("test_a", "a"), ("test_page[health]", "page_health"), ("a[b][c]", "a_b][c")]
)
def test_a_check_is_called_as_its_test(test: str, name: str) -> None:
    """A test's parameters are part of the name."""
    assert name_of(test) == name
