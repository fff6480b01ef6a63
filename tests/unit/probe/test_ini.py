"""Lines of ini files: what they set, where, and whether a package brought them."""

from pathlib import Path

import pytest

from deployment_drift.probe.ini import (
    Line,
    corrected,
    plain,
    pools,
    read_lines,
    setting_lines,
    stock,
    told,
)
from deployment_drift.records import item

POOLS = (Path(__file__).parent / "answers" / "pools.txt").read_text("utf-8")
FILE = "/etc/php/8.4/fpm/pool.d/www.conf"


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("128M", "128M"),
        ("128M ; a comment", "128M"),
        ('"a;b" ; a comment', "a;b"),
        ("'x'", "x"),
        ("", ""),
        ('""', ""),
    ],
)
def test_value(written: str, value: str) -> None:
    """A value is what stands before a comment, or between quotes."""
    assert plain(written) == value


def test_lines_keep_their_place() -> None:
    """Each line is known by file and number; what is none of a file is left out."""
    text = "grep: x\n/etc/a.ini:3:b = c:d\nrelative:4:e = f\n/etc/a.ini:5:[section]\n"
    assert read_lines(text) == [("/etc/a.ini:3", "b = c:d"), ("/etc/a.ini:5", "[section]")]
    assert setting_lines(text) == [Line("/etc/a.ini:3", "b", "c:d")]
    assert setting_lines(text)[0].file == "/etc/a.ini"


def test_pools() -> None:
    """A pool has settings of PHP, variables and directives; includes are none of it."""
    overall, www = pools(POOLS)
    assert (overall.name, www.name) == ("global", "www")
    assert list(overall.directives) == ["error_log"]
    assert www.environment == {"APP_ENV": Line(f"{FILE}:410", "APP_ENV", "prod")}
    assert list(www.directives) == ["user", "listen", "pm.max_children", "clear_env"]


def test_an_administrators_value_stands() -> None:
    """php_value does not override php_admin_value, whichever comes last; a flag is 1 or empty."""
    settings = pools(POOLS)[1].settings
    assert settings["memory_limit"] == Line(f"{FILE}:480", "memory_limit", "32M")
    assert settings["display_errors"].value == "1"
    later = "/p.conf:1:[a]\n/p.conf:2:php_value[x] = 1\n/p.conf:3:php_admin_value[x] = 2\n"
    assert pools(later)[0].settings["x"].value == "2"


def test_what_somebody_wrote_into_a_pool() -> None:
    """Directives that differ from php-fpm's example are somebody's own; its socket is not."""
    told_here = pools(POOLS)[1].told()
    assert told_here["user"] == item("www-data", f"{FILE}:28")
    assert told_here["listen"] == item("/run/php/php8.4-fpm.sock", f"{FILE}:41")
    assert told_here["pm.max_children"] == item("7", f"{FILE}:127", own=True)
    assert told_here["clear_env"] == item("no", f"{FILE}:400", own=True)


def test_what_was_hidden_is_as_the_files_say() -> None:
    """The last line counts; without one, PHP's default; what this PHP does not know stays away."""
    lines = [Line("/a:1", "log_errors", "On"), Line("/b:1", "log_errors", "Off")]
    defaults = {"log_errors": "1", "open_basedir": "", "gone": "1"}
    found = corrected({"log_errors": "0", "open_basedir": None, "x": "1"}, lines, defaults)
    assert found == {"log_errors": "", "open_basedir": "", "x": "1"}
    assert corrected({"log_errors": "0"}, [], {"log_errors": "1"}) == {"log_errors": "1"}
    size = [Line("/a:1", "post_max_size", "9M")]
    assert corrected({"post_max_size": "1"}, size, {"post_max_size": "8M"}) == {
        "post_max_size": "9M"
    }


def test_own_settings() -> None:
    """A line that no packaged file has is somebody's own; the last line is the one that counts."""
    lines = [
        Line("/php.ini:1", "a", "1"),
        Line("/php.ini:2", "b", "1"),
        Line("/conf.d/x.ini:1", "b", "2"),
    ]
    packaged = stock("a = 1\nb = 1\n; c = 1\n")
    assert told({"a": "1", "b": "2", "c": "3"}, lines, packaged) == {
        "a": item("1", "/php.ini:1"),
        "b": item("2", "/conf.d/x.ini:1", own=True),
        "c": "3",
    }


def test_without_packaged_files_nothing_is_own() -> None:
    """Where there is nothing to compare with, nobody can say who wrote a line."""
    assert told({"a": "1"}, [Line("/php.ini:1", "a", "1")], frozenset()) == {
        "a": item("1", "/php.ini:1")
    }
