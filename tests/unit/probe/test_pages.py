"""What is said of a page that a host was asked, and which questions of it there can be."""

import re

import pytest

from deployment_drift.errors import UnknownError
from deployment_drift.probe.collect import Answer, Facts, Section, split
from deployment_drift.probe.questions import WebPage, extended
from deployment_drift.probe.servers import Pages


def test_an_answer_without_a_status_is_none() -> None:
    """What was lost on its way is unknown, not an answer that is the same everywhere."""
    page = WebPage("/")
    with pytest.raises(UnknownError, match="no status"):
        Pages(Facts(lambda: {page.section: Section(Answer.ANSWERED, "")})).answer(page)


@pytest.mark.parametrize(
    ("pattern", "read"),
    [
        (r"v(\d+)\.\d", r"v([0-9]+)\.[0-9]"),
        (r"[\d.]+ [^\s]\w", r"[0-9.]+ [^[:space:]][[:alnum:]_]"),
        ("[[:digit:]]{1,3}|ok$", "[[:digit:]]{1,3}|ok$"),
        ("[]a]", "[]a]"),
        ("[[a]", "[[a]"),
        ("", ""),
    ],
)
def test_patterns_are_read_alike_everywhere(pattern: str, read: str) -> None:
    r"""`\d`, `\w` and `\s` become what every `grep -E` knows."""
    assert extended(pattern) == read


@pytest.mark.parametrize("pattern", ["(?:a)", "a*?", r"\bword", "(", r"[\]]", "é", "()" * 9, "a\n"])
def test_other_patterns_are_refused(pattern: str) -> None:
    """What not every host reads in the same way is no pattern."""
    with pytest.raises((ValueError, re.error)):
        extended(pattern)


@pytest.mark.parametrize(
    ("page", "slug", "where"),
    [
        (WebPage("/"), "root", ("", "", "", "", "/")),
        (
            WebPage("/a.php?b=c", "Shop.example"),
            "Shop_example_a_php_b_c",
            ("", "", "", "shop.example", "/a.php?b=c"),
        ),
        (WebPage("https://Shop.test"), "Shop_test", ("https", "", "", "shop.test", "/")),
        (WebPage("http://localhost:8/x"), "localhost_8_x", ("http", "127.0.0.1", "8", "", "/x")),
    ],
)
def test_a_page_is_always_asked_of_the_host_itself(
    page: WebPage, slug: str, where: tuple[str, ...]
) -> None:
    """The name in an address is that of a virtual host."""
    assert page.slug == slug
    assert tuple(page.line.split("\x1f")[1:6]) == where


def test_another_question_is_another_section() -> None:
    """What a snapshot says of a page is no answer to what it was not asked."""
    sections = {
        WebPage("/", body=body, headers=headers).section
        for body in ("", "a")
        for headers in ((), ("b",))
    }
    assert len(sections) == 4


@pytest.mark.parametrize(("told", "body"), [("8 4", "8 4"), ("8\x1e4", ["8", "4"])])
def test_groups_of_a_pattern_are_told_apart(told: str, body: object) -> None:
    """What one group matched is one text; several are a list."""
    page = WebPage("/", body="x")
    text = f"status 200\nbody {told}\n"
    answers = Pages(Facts(lambda: {page.section: Section(Answer.ANSWERED, text)}))
    assert answers.answer(page) == {"status": 200, "body": body}


def test_a_header_that_stands_twice_is_told_twice() -> None:
    """Headers of one name are one value, as in HTTP."""
    page = WebPage("/", headers=("vary",))
    text = "\nF begin page / x\nstatus 200\nheader vary: a\nheader vary: b: c\n\nF end 0 \n"
    printed = text.replace("page / x", page.section)
    answers = Pages(Facts(lambda: split(printed.encode(), "F", "")))
    assert answers.answer(page) == {"status": 200, "vary": "a, b: c"}
