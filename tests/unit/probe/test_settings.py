"""Small files with settings, whatever their form."""

import pytest

from deployment_drift.probe.printed import Line
from deployment_drift.probe.settings import entries, files, parse
from deployment_drift.records import JSON, item


def values(name: str, text: str) -> dict[str, JSON]:
    """Return what is set in a file of this name, without its places."""
    lines = [Line(name, number, line) for number, line in enumerate(text.splitlines(), 1)]
    found = entries(lines)
    return {key: each["is"] for key, each in found.items()}  # type: ignore[index, call-overload]


def test_settings_are_somebodys_and_have_a_place() -> None:
    """A value knows its line, and the application's own people have set it."""
    assert entries([Line("/a/.env", 3, "DEBUG=1")]) == {"DEBUG": item("1", "/a/.env:3", own=True)}
    assert entries([]) == {}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("APP_ENV=prod", {"APP_ENV": "prod"}),
        ("export NAME='x y'", {"NAME": "x y"}),
        ('NAME="x"; # why', {"NAME": "x"}),
        ("NAME='", {"NAME": "'"}),
        ("NAME=''", {"NAME": ""}),
        ("NAME='a\"", {"NAME": "'a\""}),
        ("NAME=aba", {"NAME": "aba"}),
        ("NAME=XaX", {"NAME": "XaX"}),
        ("$config['db'] = 'shop';", {"$config['db']": "shop"}),
        ("'debug' => true,", {"'debug'": "true"}),
        ("define('WP_DEBUG', false);", {"WP_DEBUG": "false"}),
        ("php_flag on", {"php_flag on": "set"}),
        ("Xdebug", {"Xdebug": "set"}),
        ("<?php", {}),
        ("// a = b", {}),
        ("/* a = b", {}),
        ("* a = b", {}),
        ("*/", {}),
        ("# a = b", {}),
        ("; a = b", {}),
    ],
)
def test_one_line(line: str, expected: dict[str, JSON]) -> None:
    """A line is what it sets, a comment is nothing, and any other line stands for itself."""
    assert values("/a/config.php", line) == expected


def test_sections_are_a_part_of_the_name() -> None:
    """A key of an ini file is called by its section; one that stands twice has both values."""
    text = "a = 1\n[queue]\na = 2\nb = 3\nb = 4\n"
    assert values("/a/x.ini", text) == {"a": "1", "queue: a": "2", "queue: b": ["3", "4"]}


@pytest.mark.parametrize("ending", ["yaml", "yml", "neon"])
def test_yaml_is_named_by_the_keys_above(ending: str) -> None:
    """Keys of one depth follow each other, comments and blank lines end nothing."""
    text = "a:\n  b: 1\n  # c: 2\n\n  d: 'x'\ne:\n  f: 3\n  - g\nh: 4 # why\n"
    assert values(f"/a/config.{ending}", text) == {
        "a.b": "1",
        "a.d": "x",
        "e.f": "3",
        "e.- g": "set",
        "h": "4",
    }


def test_only_numbered_lines_are_a_files() -> None:
    """What has no number, or no tab behind it, is no line of the file."""
    assert files("@@ /etc/a\n1\tx = 1\n2\nwarning\ty\n") == {"/etc/a": ((1, "x = 1"),)}


def test_a_sign_alone_sets_nothing() -> None:
    """A bracket that closes a block is no line to compare; two letters are."""
    assert [each.key for each in parse([(1, "}"), (2, "ab")], sections=True)] == ["line: ab"]
