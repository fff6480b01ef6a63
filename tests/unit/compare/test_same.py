"""The fixture `same`, and what pytest says in one line."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from deployment_drift.compare.same import check_of, name_of, usage
from deployment_drift.errors import DriftError
from deployment_drift.probe.questions import WebPage
from deployment_drift.records import Check


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


class Item:
    """A test as pytest has it."""

    name, path, entries = "test_page[health]", Path("/checks/test_web.py"), ("every_setting.a",)

    def get_closest_marker(self, name: str) -> Any:  # noqa: ANN401 -- pytest's
        """Give the only marker, if it has one."""
        return SimpleNamespace(args=self.entries) if name == "entry" and self.entries else None


def test_a_test_is_a_check() -> None:
    """A check has its test's first line, its file's subject, what is marked, and its page."""
    item: Any = Item()
    item.obj = lambda: None
    item.obj.__doc__ = "Page: w."
    item.originalname = "test_page"
    item.callspec = SimpleNamespace(params={"drift_page": WebPage("/health")})
    made = Check("page_health", "web", "Page", "w.", "every_setting.a", test="page", case="/health")
    assert check_of(item) == made
    item.callspec = SimpleNamespace(params={"other": 1})
    assert check_of(item) == Check("page_health", "web", "Page", "w.", "every_setting.a")


def test_what_is_no_function_is_a_check_by_its_own_words() -> None:
    """A test of another kind has neither function nor parameters, and is called as it is."""
    item: Any = Item()
    item.entries = ()
    assert check_of(item) == Check("page_health", "web", "A test as pytest has it.", "")
