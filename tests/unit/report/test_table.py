"""The table and the verdict, as an audience reads them."""

from dataclasses import replace
from io import StringIO

import pytest
from rich.console import Console, RenderableType

from deployment_drift.compare.comparison import Comparison, overall
from deployment_drift.compare.findings import findings
from deployment_drift.events import Report
from deployment_drift.records import JSON, Host, Verdict, item
from deployment_drift.report.language import load
from deployment_drift.report.rows import FOLD
from deployment_drift.report.table import NAMED, bundled, ending, sentence
from deployment_drift.values import sanitized
from tests.unit.conftest import Compare


def printed(thing: RenderableType, width: int = 100) -> str:
    """Return what a terminal of that width shows."""
    console = Console(file=StringIO(), width=width, highlight=False)
    console.print(thing)
    assert isinstance(console.file, StringIO)
    return console.file.getvalue()


def reported(report: Report, *comparisons: Comparison) -> Report:
    """Return the report with other comparisons."""
    return sanitized(replace(report, comparisons=comparisons, verdict=overall(comparisons)))


def many(report: Report, compare: Compare, count: int) -> Report:
    """Return the report with that many differing checks."""
    comparisons = tuple(compare("a", "b", name=f"check_{n}") for n in range(count))
    return replace(report, comparisons=comparisons, verdict=overall(comparisons))


def test_drift_comes_before_parity(report: Report) -> None:
    """What differs stands above what is the same."""
    text = printed(ending(report, load("en")))
    assert text.index("8.2") < text.index("same")


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ((), "no question had anything to ask"),
        (("a", "a"), "nothing differs, but something that was expected was not found"),
        (("a", "?gone"), "1 of 1 questions got no answer"),
    ],
)
def test_unknown_says_why(
    report: Report, compare: Compare, answers: tuple[JSON, ...], said: str
) -> None:
    """Nothing that was asked, nothing that was found, and nobody who answered are three things."""
    comparisons = (compare(*answers),) if answers else ()
    poor = replace(report, comparisons=comparisons, verdict=Verdict.UNKNOWN)
    assert said in sentence(poor, load("en"))


@pytest.mark.parametrize("code", ["en", "ja"])
def test_fits_in_100_columns(report: Report, code: str) -> None:
    """No line is wider than the beamer, in either language."""
    lines = printed(ending(report, load(code))).splitlines()
    assert max(len(line) for line in lines) <= 100


def test_long_tables_are_folded(report: Report, compare: Compare) -> None:
    """Beyond what an audience can take in, rows are counted instead of shown."""
    crowd = many(report, compare, FOLD + 5)
    assert printed(ending(crowd, load("en"))).count("PHP version") == FOLD
    assert "5 more that differ" in printed(ending(crowd, load("en")))


def test_full_shows_every_row(report: Report, compare: Compare) -> None:
    """With --full nothing is folded."""
    crowd = many(report, compare, FOLD + 5)
    assert printed(ending(crowd, load("en"), full=True)).count("PHP version") == FOLD + 5
    assert "more that differ" not in printed(ending(crowd, load("en"), full=True))


def test_full_shows_what_an_allowance_calls_a_row(report: Report, compare: Compare) -> None:
    """The name that an allowance needs stands below each row that differs, with the entry's."""
    listed = compare({"a": 1, "b": 1}, {"a": 2, "b": 1}, name="every_setting")
    made = reported(report, compare("8.4", "8.2"), listed, compare(1, 1, name="alike"))
    assert "php_version" not in printed(ending(made, load("en")))
    full = printed(ending(made, load("en"), full=True)).split()
    assert {"php_version", "every_setting.a"} <= set(full)
    assert not {"every_setting.b", "alike"} & set(full)


def test_values_cannot_draw_on_the_terminal(report: Report, compare: Compare) -> None:
    """Escape sequences and markup from a host are shown, not obeyed."""
    evil = reported(report, compare("\x1b[2J[red]x[/red]", "a"))
    text = printed(ending(evil, load("en")))
    assert "\x1b" not in text
    assert "[red]" in text


def test_long_values_are_cut(report: Report, compare: Compare) -> None:
    """Ten megabytes in one value do not fill the screen."""
    huge = reported(report, compare("x" * 10_000_000, "a"))
    assert len(printed(ending(huge, load("en")))) < 2000


def test_absent_and_unknown_are_words(report: Report, compare: Compare) -> None:
    """What is not there and what could not be asked are said in the audience's language."""
    odd = reported(report, compare(None, "?gone"))
    assert "なし" in printed(ending(odd, load("ja")))
    assert "不明" in printed(ending(odd, load("ja")))


def test_verdict_is_one_sentence_with_counts(report: Report) -> None:
    """The last line says what the scene came to."""
    last = printed(ending(report, load("en"))).splitlines()[-1]
    assert last.startswith("DRIFT: 1 of 2 answers differ.")


def test_a_drift_counts_what_got_no_answer(report: Report, compare: Compare) -> None:
    """A drift stays one, and its sentence does not hide what could not be asked."""
    odd = reported(report, compare("8.4", "8.2"), compare("?closed", "?closed"))
    assert "1 of 2 answers differ. 1 got no answer." in sentence(odd, load("en"))
    assert "1件は答えが得られない。" in sentence(odd, load("ja"))


def fleet(report: Report, comparison: Comparison) -> Report:
    """Return the report of one check on a fleet."""
    hosts = tuple(Host(name, "") for name in comparison.observations)
    return replace(report, hosts=hosts, comparisons=(comparison,))


def test_a_fleet_is_grouped(report: Report, compare: Compare) -> None:
    """Of many hosts, the table says how many agree, and which ones do not."""
    crowd = compare(*["8.2.36"] * 17, "8.2.29", *["8.2.36"] * 21, "8.2.29")
    text = printed(ending(fleet(report, crowd), load("en")))
    assert "38 of 40: 8.2.36" in text
    assert "web-17, web-39: 8.2.29" in text
    alike = fleet(report, compare(*["8.2.36"] * 40))
    assert "1 questions got the same answer from all 40 servers" in printed(
        ending(alike, load("en"))
    )


def test_one_image_stands_in_the_last_lines(report: Report, compare: Compare) -> None:
    """Where two hosts were compared as images, the same id twice is what is read last."""
    hosts = tuple(replace(host, image="sha256:1") for host in report.hosts)
    one = replace(reported(report, compare("sha256:1", "sha256:1", name="image")), hosts=hosts)
    lines = printed(ending(one, load("en"))).splitlines()
    assert [line.split() for line in lines[-3:-1]] == [
        ["local", "sha256:1"],
        ["release", "sha256:1"],
    ]


def test_two_images_are_not_told_as_one(report: Report, compare: Compare) -> None:
    """Where the images differ, no line says that they are one."""
    two = reported(report, compare("sha256:1", "sha256:2", name="image"))
    assert not printed(ending(two, load("en"))).splitlines()[-2].strip()


@pytest.mark.parametrize("code", ["en", "ja"])
def test_story_that_was_not_shown_is_told(report: Report, code: str) -> None:
    """A scene that drifts elsewhere than its story says names the answers that it needs."""
    other = replace(report, verdict=Verdict.REFUTED, missing=("php_version", "offer"))
    last = printed(ending(other, load(code))).splitlines()[-1]
    assert load(code).title(report.comparisons[1].check) in last
    assert "offer" in last


def test_a_story_leaves_out_where_things_were_set(report: Report, compare: Compare) -> None:
    """On a stage the answers count; whoever compares servers, or asks for all, sees the files."""
    place: JSON = {"limit": item("1", "/etc/a.ini:7", own=True)}
    told_at = reported(report, compare(place, {"limit": item("2", "/etc/a.ini:9")}, name="all"))
    assert "/etc/a.ini:7" not in printed(ending(told_at, load("en")))
    assert "/etc/a.ini:7" in printed(ending(told_at, load("en"), full=True))
    assert "/etc/a.ini:7" in printed(ending(replace(told_at, scene="compare"), load("en")))


def test_a_fleet_begins_with_its_odd_ones(report: Report, compare: Compare) -> None:
    """The first line says which hosts differ most from the rest, and in what; a pair has none."""
    made = [compare("a", "a", "a", "b", name="one"), compare("a", "b", "a", "b", name="two")]
    crowd = reported(report, compare("x", "x", "x", "y", name="php_version"), *made)
    first = printed(ending(crowd, load("en"))).splitlines()[0]
    assert first == "web-3 is not like most others: 2 answers differ (PHP version)"
    pair = printed(ending(report, load("en")))
    assert "not like most others" not in pair


def test_silent_hosts_are_all_named(report: Report, compare: Compare) -> None:
    """Who could not be asked is named with the reason, and does not count as different."""
    crowd = reported(report, compare("a", "?gone", *["?late"] * 30))
    text = " ".join(printed(ending(crowd, load("en"))).split())
    assert "release: gone" in text
    assert "web-31: late" in text
    assert "that differ" not in text


def test_names_that_are_wrong_and_things_that_are_not_there_are_told(report: Report) -> None:
    """A misspelt allowance has its likely name, a missing kind its hosts."""
    faulty = replace(
        report,
        misspelt=(("kernle", "kernel"), ("zzz", "")),
        unfound=(("web", ("local", "release")),),
    )
    text = " ".join(printed(ending(faulty, load("en"))).split())
    assert "there is no check called kernle (kernel?)" in text
    assert "there is no check called zzz " in text
    assert "expected but not found: web on local, release" in text


def test_a_verdict_on_little_says_so(report: Report, compare: Compare) -> None:
    """Where neither PHP nor a web server was found, parity is told with what was not found."""
    same, nowhere = compare("a", "a", subject="system"), compare(None, None, subject="webserver")
    poor = replace(report, comparisons=(same, nowhere), verdict=Verdict.PARITY)
    said = sentence(poor, load("en"))
    assert "1 of 2 questions had anything to ask. Not found: php, web, app" in said
    assert "Little was compared" not in sentence(report, load("en"))


def test_a_server_that_was_compared_with_itself_is_told(report: Report) -> None:
    """Parity with itself is told in the verdict's own line, for whoever reads no more."""
    same = replace(report, verdict=Verdict.PARITY, same_servers=(("release", "local"),))
    told = "release is the same server as local: it was compared with itself."
    assert told in sentence(same, load("en"))
    assert told not in sentence(report, load("en"))


def entries(compare: Compare, here: JSON, there: JSON) -> list[str]:
    """Return what the rows of one differing list are called, bundled."""
    return [row.entry for row in bundled(findings([compare(here, there, name="sets")]))]


def test_entries_that_differ_alike_are_one_row(compare: Compare) -> None:
    """Three that one host lacks are told together, in their order; another one stands alone."""
    here: JSON = {"a": True, "b": True, "c": True, "d": 1}
    there: JSON = {"a": False, "b": False, "c": False, "d": 2}
    assert sorted(entries(compare, here, there)) == ["a, b, c", "d"]


def test_two_are_no_bundle(compare: Compare) -> None:
    """Two entries are easier to read in a row each."""
    assert entries(compare, {"a": 1, "b": 1}, {"a": 2, "b": 2}) == ["a", "b"]


def test_two_runtimes_are_one_row(compare: Compare) -> None:
    """What two runtimes lack in the same way is told once, with both names."""
    here: JSON = {"MAIL_HOST": {"Apache module": "mx", "command line": "mx"}, "TZ": {"cron": "UTC"}}
    there: JSON = {"MAIL_HOST": {"cron": "mx"}, "TZ": {"cron": "UTC"}}
    assert "MAIL_HOST: Apache module, command line" in entries(compare, here, there)


def test_what_was_set_by_hand_stands_alone(compare: Compare) -> None:
    """An entry that says where it was set has a row of its own."""
    here: JSON = {name: item("1", at=f"/etc/x:{name}", own=True) for name in "123"}
    assert len(entries(compare, here, {})) == 3


def test_many_names_are_counted(compare: Compare) -> None:
    """Of a long bundle the first names are told, and how many there are besides."""
    here: JSON = {f"name{number:02}": True for number in range(NAMED + 5)}
    (row,) = entries(compare, here, {})
    assert row.startswith("name00, name01, ")
    assert row.endswith(" + 5")
