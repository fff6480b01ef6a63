"""When two values mean the same, whatever they look like."""

import pytest

from deployment_drift.compare.inventory import difference
from deployment_drift.compare.meaning import Home, Kind, kind_of, meaning, stem
from deployment_drift.records import JSON, Check, item

EIGHT_FOUR, EIGHT_TWO = Home("8.4"), Home("8.2")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("", "0"),
        ("0", "Off"),
        ("off", None),
        (None, False),
        ("No", "none"),
        ("On", "1"),
        ("yes", True),
        (1, "true"),
        (0, ""),
        ("128M", "134217728"),
        ("2k", "2048"),
        ("1G", 1073741824),
        ("1g", "1024m"),
        (item("Off", "/etc/php.ini:1"), item("", "/etc/other.ini:2", own=True)),
    ],
)
def test_spellings_of_a_setting_mean_the_same(one: JSON, other: JSON) -> None:
    """PHP reads off, 0 and nothing alike, on and 1 too, and sizes with or without a unit."""
    assert meaning(one, Kind.SETTING) == meaning(other, Kind.SETTING)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        *[("0", "1"), ("128M", "128K"), ("128M", "256M"), ("8.4.28", "8.2.36"), ("-1", "1")],
        *[("2", "1"), ("1GB", "1G"), ("512MB", "512M")],
    ],
)
def test_other_settings_differ(one: str, other: str) -> None:
    """What PHP reads as another value is one."""
    assert meaning(one, Kind.SETTING) != meaning(other, Kind.SETTING)


@pytest.mark.parametrize(
    ("one", "other"), [("", "0"), (1, "1"), (1, True), (None, ""), ("128M", "134217728"), ([], {})]
)
def test_what_is_no_setting_is_taken_by_the_letter(one: JSON, other: JSON) -> None:
    """Outside settings, no two spellings are the same."""
    assert meaning(one) != meaning(other)


def test_a_directive_has_sizes_but_no_off() -> None:
    """Web servers write sizes with units; an empty directive is not one that is off."""
    assert meaning("64m", Kind.DIRECTIVE) == meaning("64M", Kind.DIRECTIVE)
    assert meaning("", Kind.DIRECTIVE) != meaning("off", Kind.DIRECTIVE)


@pytest.mark.parametrize(
    ("name", "one", "other", "kind"),
    [
        ("error_reporting", None, "0", Kind.SETTING),
        ("session.cookie_samesite", "None", "", Kind.SETTING),
        ("php_admin_value[error_reporting]", "", "0", Kind.SETTING),
        ("expires", "1m", "1M", Kind.DIRECTIVE),
        ("fastcgi_read_timeout", "1m", "1M", Kind.DIRECTIVE),
    ],
)
def test_some_are_taken_by_the_letter(name: str, one: JSON, other: JSON, kind: Kind) -> None:
    """Unset is not off, None not nothing and a minute no month, in a list and entry by entry."""
    assert meaning({name: one}, kind) != meaning({name: other}, kind)
    found = difference({name: one}, {name: other}, kind)
    assert found
    assert found.different == (name,)


def test_a_named_check_is_read_like_its_entry() -> None:
    """A check about one setting reads its value as the list of settings does."""
    for setting in ("error_reporting", "session.cookie_samesite"):
        named = Check("named", "settings", "", "", f"every_setting.{setting}")
        assert kind_of(named) is Kind.OTHER


def test_kinds_come_from_the_check() -> None:
    """A check about a list's entry is of the list's kind; a file's name is no setting."""
    kinds = {
        ("every_setting", "inventory", ""): Kind.SETTING,
        ("every_setting_origin", "inventory", ""): Kind.OTHER,
        ("short_tags", "own", "every_setting.short_open_tag"): Kind.SETTING,
        ("memory_limit", "settings", ""): Kind.SETTING,
        ("every_package", "inventory", ""): Kind.PACKAGE,
        ("directives", "webserver", ""): Kind.DIRECTIVE,
        ("kernel", "system", ""): Kind.OTHER,
    }
    found = {key: kind_of(Check(key[0], key[1], "", "", key[2])) for key in kinds}
    assert found == kinds


@pytest.mark.parametrize(
    "path",
    [
        "/etc/php/{}/fpm/php.ini",
        "/run/php/php{}-fpm.sock",
        "php{}-soap",
        "php-fpm{}",
        "/opt/php-{}/bin/php",
        "/usr/lib/libphp{}.so",
    ],
)
def test_paths_read_without_their_own_version(path: str) -> None:
    """A path that differs only by the version of the host's own PHP is the same place."""
    assert EIGHT_FOUR.reads(path.format("8.4")) == EIGHT_TWO.reads(path.format("8.2"))
    assert EIGHT_FOUR.value({"a": [path.format("8.4")]}) == {
        "a": [EIGHT_FOUR.reads(path.format("8.4"))]
    }


@pytest.mark.parametrize(
    ("path", "read"),
    [
        ("/etc/php/8.4/fpm", "/etc/php/*/fpm"),
        ("/etc/php84/conf.d", "/etc/php*/conf.d"),
        ("/usr/bin/php8.4", "/usr/bin/php*"),
    ],
)
def test_the_own_version_reads_as_a_star(path: str, read: str) -> None:
    """The version is one star, with its dot or, as Alpine and Remi have it, without."""
    assert EIGHT_FOUR.reads(path) == read


def test_interface_folders_read_without_their_date() -> None:
    """PHP's folder of extensions has the date of its interface in its name."""
    assert EIGHT_FOUR.reads("/usr/lib/php/20240924/a.so") == EIGHT_TWO.reads(
        "/usr/lib/php/20220829/a.so"
    )


@pytest.mark.parametrize(
    "text", ["8.4", "8.4.28", "PHP/8.4.28", "/etc/php/8.4.28", "php8.41", "/a/8.4/b"]
)
def test_versions_are_never_read_over(text: str) -> None:
    """A version is a value, and not a part of a path."""
    assert EIGHT_FOUR.reads(text) == text


def test_another_php_than_the_own_stays() -> None:
    """A second PHP beside the host's own is told apart; without a version nothing is read over."""
    assert EIGHT_FOUR.reads("/usr/bin/php8.2") == "/usr/bin/php8.2"
    assert Home().reads("/etc/php/8.4/cli") == "/etc/php/8.4/cli"


@pytest.mark.parametrize(
    ("one", "other"),
    [("libicu76", "libicu72"), ("libssl3t64", "libssl3"), ("linux-image-6.12", "linux-image-6.1")],
)
def test_packages_have_versions_in_their_names(one: str, other: str) -> None:
    """A library's package is the same thing under its next number."""
    assert stem(one) == stem(other)
    assert stem("libx11-6") != stem("libxml2")
    assert stem("libicu76") == "libicu*"
