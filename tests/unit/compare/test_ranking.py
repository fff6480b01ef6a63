"""How likely a difference breaks an application, and whether a version explains it."""

import pytest

from deployment_drift.compare.ranking import (
    Weight,
    comes_with_distribution,
    comes_with_php,
    is_version,
    place,
    weight,
)
from deployment_drift.records import JSON, Check
from tests.unit.conftest import observation

VERSIONS: tuple[JSON, JSON] = ("8.4.24", "8.2.36")
NOBODY: frozenset[str] = frozenset()


def check(path: str, entry: str = "") -> Check:
    """Return the check `subject/name`."""
    subject, _, name = path.partition("/")
    return Check(name, subject, name, "it matters.", entry)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("8.4.24", True),
        ("1:9.6p1-3+deb12u1", True),
        ("3.5", True),
        ("debian", False),
        ("10.0.0.1", False),
        ("10.0.0.1:80", False),
        (8.4, False),
    ],
)
def test_versions_are_told_from_other_values(value: JSON, *, expected: bool) -> None:
    """An address, a name and a number are no versions."""
    assert is_version(value) is expected


@pytest.mark.parametrize(
    ("path", "values", "key", "expected"),
    [
        ("shop/offer", ("31", "?gone"), "", Weight.UNASKED),
        ("shop/offer", ("31", "32"), "", Weight.ANSWER),
        ("pages/front", ("31", "32"), "", Weight.ANSWER),
        ("application_answers/front", ("31", "32"), "", Weight.ANSWER),
        ("php/php_version", VERSIONS, "", Weight.CAUSE),
        ("php/web_php_version", VERSIONS, "", Weight.CAUSE),
        ("php/php_version", ("8.4.24", None), "", Weight.CAUSE),
        ("php/php_version", ("8.4.24", "a"), "", Weight.REST),
        ("php/php_version", ("8.4.24", None), "pool www", Weight.REST),
        ("system/distribution", ("debian 13", "debian 12"), "", Weight.CAUSE),
        ("libraries/icu", ("76", "72"), "", Weight.LIBRARY),
        ("extensions/has_soap", (True, False), "soap", Weight.BY_HAND),
        ("inventory/every_extension", ("8.4", None), "soap", Weight.BY_HAND),
        ("inventory/every_extension", ("8.4", None), "Random", Weight.REST),
        ("inventory/every_extension", VERSIONS, "soap", Weight.REST),
        ("system/jobs", ("a", "b"), "x", Weight.BY_HAND),
        ("services/ports", ("rw-rw----", "rw-------"), "/run/php/fpm.sock", Weight.BY_HAND),
        ("services/base_access", ("rwxr-xr-x", "rwx------"), "/var", Weight.BY_HAND),
        ("application/files", ("a", "b"), "x", Weight.BY_HAND),
        ("settings/memory_limit", ("a", "b"), "", Weight.REST),
        ("system/kernel", ("a", "b"), "", Weight.AROUND),
        ("own/kernel", ("a", "b"), "", Weight.REST),
        ("inventory/every_web_server_module", ("shared", None), "rewrite", Weight.BY_HAND),
        ("inventory/every_web_server_module", ("built in", None), "rewrite", Weight.REST),
        ("inventory/every_web_server_module", ("shared", "static"), "rewrite", Weight.REST),
    ],
)
def test_weights(path: str, values: tuple[JSON, JSON], key: str, expected: Weight) -> None:
    """What a check is about and what hosts answered says how likely that breaks something."""
    seen = dict(zip(("local", "release"), map(observation, values), strict=True))
    assert weight(check(path), seen, NOBODY, key) is expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("own/list", Weight.BY_HAND),
        ("inventory/every_package", Weight.REST),
        ("packages/held", Weight.REST),
        ("inventory/every_extension", Weight.REST),
    ],
)
def test_what_somebody_set_stands_before_causes(path: str, expected: Weight) -> None:
    """Packages and extensions that somebody asked for are no settings."""
    seen = {"local": observation("8.4.24"), "release": observation("8.2.36")}
    assert weight(check(path), seen, frozenset({"local"}), "x") is expected


@pytest.mark.parametrize(("value", "expected"), [(None, Weight.AROUND), ("2", Weight.REST)])
def test_a_package_that_somebody_asked_for_is_missed(value: JSON, expected: Weight) -> None:
    """It counts for more where a host lacks it, and not where it has another version."""
    seen = {"local": observation("1"), "release": observation(value)}
    asked_for = frozenset({"local"})
    assert weight(check("inventory/every_package"), seen, asked_for, "jq") is expected
    assert weight(check("inventory/every_package"), seen, NOBODY, "jq") is Weight.REST


@pytest.mark.parametrize("subject", ["settings", "webserver"])
def test_a_setting_that_has_a_check_of_its_own_is_known_to_matter(subject: str) -> None:
    """It stands with what somebody set, whoever set it."""
    named = check(f"{subject}/limit", "every_setting.limit")
    seen = {"local": observation("1"), "release": observation("2")}
    assert weight(named, seen, NOBODY, "", traced=True) is Weight.BY_HAND


def test_what_is_known_to_be_nobodys_is_not_by_hand() -> None:
    """A job that came with a package is around the application."""
    seen = {"local": observation("1"), "release": observation("2")}
    assert weight(check("system/jobs"), seen, NOBODY, "x", traced=True) is Weight.AROUND


@pytest.mark.parametrize(
    ("path", "key", "values", "plain", "traced"),
    [
        ("inventory/every_package", "php8.2-soap", ("1", None), True, True),
        ("inventory/every_package", "curl", ("1", None), False, False),
        ("packages/held", "curl", VERSIONS, False, False),
        ("inventory/every_extension", "soap", ("8.4", None), False, False),
        ("inventory/every_extension", "soap", VERSIONS, True, True),
        ("inventory/every_extension", "Random", ("8.4", None), True, True),
        ("extensions/has_soap", "soap", (True, False), False, False),
        ("answers/rounding", "", (31, 32), True, True),
        ("inventory/every_setting_origin", "limit", ("a", "b"), True, True),
        ("settings/limit", "", ("128M", "256M"), False, True),
        ("settings/limit", "", VERSIONS, True, True),
        ("settings/limit", "", ("8.4.24", None), False, True),
        ("runtimes/php_environment", "A", VERSIONS, False, True),
        ("own/limit", "", VERSIONS, False, False),
    ],
)
def test_what_another_php_brings(
    path: str, key: str, values: tuple[JSON, JSON], *, plain: bool, traced: bool
) -> None:
    """Answers, versions and stock values come with PHP; what is missing or was set does not."""
    seen = dict(zip(("local", "release"), map(observation, values), strict=True))
    assert comes_with_php(check(path), key, seen, traced=False) is plain
    assert comes_with_php(check(path), key, seen, traced=True) is traced


@pytest.mark.parametrize(
    ("path", "key", "values", "plain", "traced"),
    [
        ("system/tzdata", "", VERSIONS, True, True),
        ("system/tzdata", "x", VERSIONS, False, True),
        ("system/locale", "", ("a", "b"), False, True),
        ("system/jobs", "", VERSIONS, False, True),
        ("webserver/modules", "x", ("built in", None), True, True),
        ("webserver/modules", "x", ("loaded", None), False, True),
        ("inventory/every_package", "curl", ("a", None), True, True),
        ("packages/held", "curl", ("a", None), True, True),
        ("system/system_character_sets", "x", ("a", None), True, True),
        ("settings/limit", "", VERSIONS, False, False),
    ],
)
def test_what_another_distribution_brings(
    path: str, key: str, values: tuple[JSON, JSON], *, plain: bool, traced: bool
) -> None:
    """Packages, their versions and what is built in come with the distribution."""
    seen = dict(zip(("local", "release"), map(observation, values), strict=True))
    assert comes_with_distribution(check(path), key, seen, traced=False) is plain
    assert comes_with_distribution(check(path), key, seen, traced=True) is traced


def test_lists_stand_where_their_subject_stands() -> None:
    """A list of settings is with settings, and what nobody knows comes last."""
    told = [
        "inventory/every_setting",
        "inventory/every_extension",
        "php/php_version",
        "inventory/every_cli_setting",
        "system/setting_of_the_kernel",
        "inventory/every_package",
        "inventory/every_file",
        "own/kernel",
    ]
    mixed = told[::-1]
    assert sorted(mixed, key=lambda path: place(check(path))) == told
