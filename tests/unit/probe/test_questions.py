"""What is asked, as constants of the checks' own modules."""

from dataclasses import replace
from types import ModuleType

import pytest

from deployment_drift.compare import checks
from deployment_drift.probe.questions import Expression, Page, WebPage, extended, gather


def module(**constants: object) -> ModuleType:
    """Return a module with these constants."""
    made = ModuleType("made")
    vars(made).update(constants)
    return made


def test_constants_are_asked_once() -> None:
    """What two modules ask is asked once; what is no question, and what was named, is as it is."""
    one, other = Expression("1"), Expression("2")
    front, form = Page("/"), Page("/", "POST", "a=b")
    modules = [module(A=one, B=front, C="3"), module(D=Expression("1"), E=other, F=form, G=front)]
    found = gather(modules, folders=("/srv",), patience=3.0)
    assert (found.expressions, found.pages) == ((one, other), (front, form))
    assert (found.folders, found.patience, found.web_pages) == (("/srv",), 3.0, ())


@pytest.mark.parametrize(
    ("pattern", "read"),
    [
        (r"\d[\d.]", "[0-9][0-9.]"),
        (r"\.[\.]", r"\.[.]"),
        (r"\^\-\]", r"\^\-\]"),
        ("(a)" * 8, "(a)" * 8),
    ],
)
def test_a_pattern_is_read_as_grep_does(pattern: str, read: str) -> None:
    """A sign after a backslash is itself, with the backslash where no brackets are around it."""
    assert extended(pattern) == read


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        (r"\b", r"\\b is not in POSIX extended regular expressions"),
        (r"[\]]", r"\\] is not in POSIX extended regular expressions"),
        ("(a)" * 9, "it has more than 8 groups"),
    ],
)
def test_what_grep_does_not_know_is_refused(pattern: str, why: str) -> None:
    """A pattern that hosts would understand in another way is no pattern."""
    with pytest.raises(ValueError, match=f"^{why}$"):
        extended(pattern)


@pytest.mark.parametrize(
    ("page", "label", "section"),
    [
        (WebPage("/health"), "/health", "page /health"),
        (WebPage("/health", "shop.test"), "shop.test/health", "page shop.test/health"),
        (WebPage("http://a/x"), "http://a/x", "page http://a/x"),
        (WebPage("http://a/x", "b"), "http://a/x (b)", "page http://a/x (b)"),
    ],
)
def test_a_page_is_called_by_where_it_is(page: WebPage, label: str, section: str) -> None:
    """A page of which nothing else is asked has the section of its name alone."""
    assert (page.label, page.section) == (label, section)
    assert replace(page, body="a").section.startswith(f"{section} ")


def test_our_own_checks_ask() -> None:
    """What the files of this project's checks ask is found without a run of pytest."""
    found = checks.questions()
    assert found.expressions
    assert found.pages
