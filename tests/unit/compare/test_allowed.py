"""Differences that somebody accepted."""

import os
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from deployment_drift.compare.allowed import Allowance, apply, misspelt, names, read, unneeded
from deployment_drift.compare.comparison import Verdict, overall
from deployment_drift.compare.findings import findings
from deployment_drift.errors import DriftError
from deployment_drift.records import Check
from tests.unit.conftest import Compare

TODAY = date(2026, 11, 23)
GOOD = """
[[allowed]]
check = "mail_program"
reason = "the mock mail server is local"
expires = 2027-01-31
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Give the path of a file of allowed differences."""
    return tmp_path / "allowed.toml"


def test_reads_what_is_allowed(file: Path) -> None:
    """A table has a check, a reason and an expiry date."""
    file.write_text(GOOD)
    expected = Allowance("mail_program", "the mock mail server is local", date(2027, 1, 31))
    assert read(file) == (expected,)
    file.write_text(f"{GOOD}sometimes = true\n")
    assert read(file) == (replace(expected, sometimes=True),)


@pytest.mark.parametrize(
    ("text", "line", "word"),
    [
        (GOOD + "owner = 'me'\n", 6, "owner"),
        (GOOD + GOOD.replace("reason", "raeson"), 9, "raeson"),
        (GOOD + GOOD.replace('reason = "the mock mail server is local"\n', ""), 7, "reason"),
        (GOOD.replace('"the mock mail server is local"', '""'), 4, "reason"),
        (GOOD.replace("2027-01-31", '"2027-01-31"'), 5, "expires"),
        (GOOD + "sometimes = 'on Sundays'\n", 6, "true or false"),
        ("[alowed]\n" + GOOD, 1, "alowed"),
        ("zzz = 1\n" + GOOD + GOOD, 1, "zzz"),
        (GOOD.replace("reason", "# why") + GOOD, 2, "reason"),
        (GOOD + GOOD + "owner = 'me'\n" + GOOD, 11, "owner"),
        ('allowed = [{check = "a", reason = "", expires = 2027-01-31}]', 1, "reason"),
        ("\nallowed = 1", 2, "'allowed' has to be tables"),
        ("allowed = 'a'", 1, "'allowed' has to be tables"),
        ("allowed = [1]", 1, "'allowed' has to be tables"),
        ("[allowed]\ncheck = 'a'", 1, "'allowed' has to be tables"),
    ],
)
def test_faults_name_their_line(file: Path, text: str, line: int, word: str) -> None:
    """An unknown key, a missing reason or a date in quotes is an error that names the line."""
    file.write_text(text)
    with pytest.raises(DriftError, match=rf"line {line}: .*{word}") as raised:
        read(file)
    assert raised.value.hint == "see docs/comparing.md"


def test_a_key_is_looked_for_in_its_own_table(file: Path) -> None:
    """A key that may stand beside the tables, and not in them, is named where it must not be."""
    file.write_text(f'local = "a"{GOOD}local = "b"\n')
    with pytest.raises(DriftError, match="line 6: unknown key 'local'"):
        read(file, beside=["local"])


@pytest.mark.parametrize(
    "content", [b"a = " + b"[" * 5000, b"a = " + b"9" * 5000, b"\xff", b"\0", b"a = 1\na = 2"]
)
def test_what_is_no_toml_is_one_sentence(file: Path, content: bytes) -> None:
    """A file that nests too deep, or has an endless number, is told as any other fault."""
    file.write_bytes(content)
    with pytest.raises(DriftError, match="cannot be read") as raised:
        read(file)
    assert raised.value.hint == "see docs/comparing.md"


def test_a_mark_of_windows_is_no_fault(file: Path) -> None:
    """Notepad's mark in front of a file says nothing."""
    file.write_text(GOOD, "utf-8-sig")
    assert len(read(file)) == 1


def test_broken_file_names_its_line(file: Path) -> None:
    """What is not TOML is an error with the line that TOML's reader gives."""
    file.write_text("[[allowed]]\ncheck = \n")
    with pytest.raises(DriftError, match="line 2"):
        read(file)


def test_a_file_is_read_once(file: Path) -> None:
    """Whoever asks for what is allowed gets what was read before, until the file changes."""
    file.write_text(GOOD)
    once = read(file)
    assert read(file) is once
    file.write_text("")
    assert read(file) == ()


@pytest.mark.parametrize(("text", "seconds"), [(GOOD.replace("mock", "fake"), 1), (GOOD * 2, 0)])
def test_a_changed_file_is_read_again(file: Path, text: str, seconds: int) -> None:
    """A file has changed when it has another time or another size."""
    file.write_text(GOOD)
    before = file.stat()
    once = read(file)
    file.write_text(text)
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns + seconds * 10**9))
    assert read(file) != once


@pytest.mark.parametrize(
    ("name", "why"), [("none", "No such file or directory"), ("\0", "(stat: )?embedded null")]
)
def test_missing_file_is_an_error(file: Path, name: str, why: str) -> None:
    """A file that is not there, or that there cannot be, is named with the reason."""
    with pytest.raises(DriftError, match=f"cannot be read: {why}") as raised:
        read(file.parent / name)
    assert raised.value.hint == "see docs/comparing.md"


def test_allowed_drift_is_shown_with_its_reason(compare: Compare) -> None:
    """An allowed drift is neither drift nor hidden."""
    allowance = Allowance("php_*", "on purpose", TODAY)
    comparison = apply(compare("a", "b"), [allowance], TODAY)
    assert (comparison.verdict, comparison.allowed) == (Verdict.ALLOWED, "on purpose")
    assert overall([comparison]) is Verdict.PARITY


def test_expired_allowance_is_drift_and_says_so(compare: Compare) -> None:
    """The day after its date, an allowance allows nothing, and says so."""
    allowance = Allowance("php_version", "until the move", date(2026, 11, 22))
    comparison = apply(compare("a", "b"), [allowance], TODAY)
    assert comparison.verdict is Verdict.DRIFT
    assert comparison.expired == "allowed until 2026-11-22: until the move"


def test_nothing_is_allowed_while_a_host_is_unknown(compare: Compare) -> None:
    """What differs between those that answered is not accepted before all have."""
    made = compare("a", "b", "?gone")
    assert apply(made, [Allowance("php_version", "on purpose", TODAY)], TODAY) == made


def test_reasons_are_told_once_each(compare: Compare) -> None:
    """Where several allowances accept what differs, all their reasons are told."""
    made = compare({"a": 1, "b": 1, "c": 1}, {"a": 2, "b": 2, "c": 2}, name="list")
    given = [Allowance(f"list.{name}", why, TODAY) for name, why in zip("abc", "xyx", strict=True)]
    assert apply(made, given, TODAY).allowed == "x; y"


def test_an_entry_says_until_when_it_was_allowed(compare: Compare) -> None:
    """The row of a list's entry tells that its allowance has expired."""
    made = compare({"path": "a"}, {"path": "b"}, name="every_setting")
    late = Allowance("every_setting.path", "until the move", date(2026, 11, 22))
    (row,) = findings([apply(made, [late], TODAY)])
    assert row.expired == "allowed until 2026-11-22: until the move"


def test_an_allowance_holds_on_its_last_day(compare: Compare) -> None:
    """The day that it names is the last one."""
    made = apply(compare("a", "b"), [Allowance("php_version", "r", TODAY)], TODAY)
    assert made.verdict is Verdict.ALLOWED


def test_only_what_has_expired_is_said_to_have(compare: Compare) -> None:
    """Of two entries, the one that is allowed to the end of this day has not expired."""
    made = compare({"a": 1, "b": 1}, {"a": 2, "b": 2}, name="list")
    given = [Allowance("list.a", "x", TODAY), Allowance("list.b", "y", date(2026, 11, 22))]
    assert apply(made, given, TODAY).expired == "allowed until 2026-11-22: y"


def test_a_whole_check_has_one_name(compare: Compare) -> None:
    """What is no list is called by its check's name alone."""
    (whole,) = findings([compare("a", "b")])
    assert names(whole) == ("php_version",)


def test_unknown_cannot_be_allowed(compare: Compare) -> None:
    """Nobody can accept what nobody saw."""
    comparison = apply(compare("a", "?gone"), [Allowance("*", "all", TODAY)], TODAY)
    assert (comparison.verdict, comparison.allowed) == (Verdict.UNKNOWN, "")


def test_idle_allowances_are_reported(compare: Compare) -> None:
    """What is no longer needed can be deleted, so it is reported."""
    used, unused = Allowance("php_*", "r", TODAY), Allowance("kernel", "r", TODAY)
    same = compare("a", "a", name="kernel")
    assert unneeded([compare("a", "b"), same], [used, unused]) == [unused]
    assert unneeded([same], [replace(unused, sometimes=True)]) == []


def test_one_entry_of_a_list_can_be_allowed(compare: Compare) -> None:
    """Of a whole list only the named entry is accepted: any other one is drift."""
    allowance = Allowance("every_setting.path", "on purpose", TODAY)
    one = compare({"path": "a", "limit": 1}, {"path": "b", "limit": 1}, name="every_setting")
    two = compare({"path": "a", "limit": 1}, {"path": "b", "limit": 2}, name="every_setting")
    assert apply(one, [allowance], TODAY).verdict is Verdict.ALLOWED
    assert apply(two, [allowance], TODAY).verdict is Verdict.DRIFT


def test_an_entry_of_a_group_can_be_allowed_without_the_group(compare: Compare) -> None:
    """An allowance need not name the runtime, and can."""
    here = {"pool www": {"limit": 1}, "job": {"limit": 1}}
    there = {"pool www": {"limit": 2}, "job": {"limit": 2}}
    made = compare(here, there, name="every_setting")
    for pattern in ("every_setting.limit", "every_setting.*: limit", "every_setting"):
        assert apply(made, [Allowance(pattern, "r", TODAY)], TODAY).verdict is Verdict.ALLOWED
    one = Allowance("every_setting.job: limit", "r", TODAY)
    assert apply(made, [one], TODAY).verdict is Verdict.DRIFT
    assert apply(made, [one], TODAY).accepted == {"every_setting.job: limit": "r"}


def test_a_named_check_can_be_allowed_as_the_lists_entry(compare: Compare) -> None:
    """Who accepts the entry of a list accepts the named check about it."""
    made = compare("a", "b", name="mail_program")
    named = replace(made, check=replace(made.check, entry="every_setting.sendmail_path"))
    allowance = Allowance("every_setting.sendmail_path", "r", TODAY)
    assert apply(named, [allowance], TODAY).verdict is Verdict.ALLOWED
    assert apply(made, [allowance], TODAY).verdict is Verdict.DRIFT
    assert unneeded([named], [allowance]) == []


def test_some_entries_of_a_list_can_be_allowed(compare: Compare) -> None:
    """The allowed rows say so, the others are drift."""
    made = compare({"path": "a", "limit": 1}, {"path": "b", "limit": 2}, name="every_setting")
    rows = findings([apply(made, [Allowance("every_setting.path", "fine", TODAY)], TODAY)])
    assert [(row.name, row.verdict, row.allowed) for row in rows] == [
        ("every_setting.limit", Verdict.DRIFT, ""),
        ("every_setting.path", Verdict.ALLOWED, "fine"),
    ]


def test_an_allowed_named_check_does_not_hide_the_lists_drift(compare: Compare) -> None:
    """The list still drifts, so its entry has a row."""
    made = compare("a", "b", name="mail_program")
    named = replace(made, check=replace(made.check, entry="every_setting.path"), allowed="fine")
    listed = compare({"path": "a"}, {"path": "b"}, name="every_setting")
    assert [row.name for row in findings([named, listed])] == ["every_setting.path", "mail_program"]


def test_an_allowance_about_no_check_is_misspelt(compare: Compare) -> None:
    """It is not unneeded but misspelt, and the likely name is given."""
    made = [compare("a", "a", name="mail_program"), compare({}, {}, name="every_setting")]
    good = [Allowance(name, "r", TODAY) for name in ("mail_*", "every_*setting.x", "*")]
    wrong = [Allowance(name, "r", TODAY) for name in ("mail_programm", "evry_setting.x", "zzz")]
    assert misspelt(made, [*good, *wrong]) == {
        wrong[0]: "mail_program",
        wrong[1]: "every_setting.x",
        wrong[2]: "",
    }
    assert unneeded(made, [*good, *wrong]) == good


@pytest.mark.parametrize(
    ("pattern", "concerned"),
    [
        ("every_setting.memory_limit", True),
        ("every_*", True),
        ("*limit", True),
        ("php_memory", True),
        ("every_package.curl", False),
        ("mail_*", False),
    ],
)
def test_an_allowance_says_which_checks_it_may_be_about(
    pattern: str,
    *,
    concerned: bool,
) -> None:
    """A check is taken apart only for allowances whose names can be those of its entries."""
    check = Check("every_setting", "settings", "Every setting", "why", entry="php_memory")
    assert Allowance(pattern, "known", TODAY).concerns(check) is concerned
