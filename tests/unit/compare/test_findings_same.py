"""Rows of what differs: what means the same, and what tells the same, is told once at most."""

from dataclasses import replace

import pytest

from deployment_drift.compare.finding import bare
from deployment_drift.compare.findings import findings
from deployment_drift.records import JSON, Verdict, item
from tests.unit.compare.rows import effects, made, names, php, values


def test_paths_that_differ_only_by_the_version_are_the_same() -> None:
    """With another PHP, its paths and what is kept under them are matched."""
    here: JSON = {"/etc/php/8.4/php.ini": "/run/php8.4-fpm.sock", "/etc/php/8.4/x": 1}
    there: JSON = {"/etc/php/8.2/php.ini": "/run/php8.2-fpm.sock", "/etc/php/8.2/x": 2}
    assert names(findings([php(), made("files", here, there)]))[1:] == ["files./etc/php/8.4/x"]


def test_paths_and_spellings_of_settings_are_the_same_together() -> None:
    """Settings that differ only by the version in paths, and in how they are spelt, are no row."""
    here: JSON = {"socket": "/run/php8.4-fpm.sock", "display": "On"}
    there: JSON = {"socket": "/run/php8.2-fpm.sock", "display": "1"}
    assert names(findings([php(), made("every_setting", here, there)])) == ["php_version"]


def test_runtimes_of_one_version_are_at_home() -> None:
    """A host whose runtimes all have one version has that version's paths."""
    versions = php({"a": "8.4.1", "b": "8.4.2"}, {"a": "8.2.1", "b": "8.2.1"})
    sockets = made("socket", "/run/php8.4-fpm.sock", "/run/php8.2-fpm.sock", subject="own")
    assert {row.check.name for row in findings([versions, sockets])} == {"php_version"}


def test_where_two_versions_run_none_is_at_home() -> None:
    """A host whose web server has another PHP than its command line has no version of its own."""
    web = made("web_php_version", "8.3.1", "8.2.1", subject="php")
    sockets = made("socket", "/run/php8.3-fpm.sock", "/run/php8.2-fpm.sock", subject="own")
    assert "socket" in names(findings([php("8.4.1", "8.2.1"), web, sockets]))


def test_with_one_version_everywhere_paths_differ() -> None:
    """Where PHP is the same, a path with another version is another PHP."""
    jobs = made("list", {"job": "/usr/bin/php8.4"}, {"job": "/usr/bin/php8.2"})
    assert names(findings([php("8.4.1", "8.4.2"), jobs])) == ["php_version", "list.job"]


def test_a_single_path_that_differs_only_by_the_version_is_no_row() -> None:
    """The same holds for a check that gives one path."""
    socket = made("socket", "/run/php8.4-fpm.sock", "/run/php8.2-fpm.sock", subject="own")
    assert names(findings([php(), socket])) == ["php_version"]


def test_packages_are_matched_without_the_version_in_their_names() -> None:
    """A library under its next number is one row with both names."""
    packages = made("every_package", {"libicu76": "76.1"}, {"libicu72": "72.1"})
    (row,) = findings([packages])
    assert values(row) == ["76.1", "libicu72 72.1"]


def test_a_package_under_another_name_differs() -> None:
    """The same version of what is called otherwise is a row."""
    (row,) = findings([made("every_package", {"libicu76": "1"}, {"libicu72": "1"})])
    assert values(row) == ["1", "libicu72 1"]


def test_packages_whose_match_is_not_clear_are_rows_of_their_own() -> None:
    """Of two versions beside each other, none is matched with a third."""
    here: JSON = {"libicu76": "76.1", "libicu77": "77.1"}
    found = findings([made("every_package", here, {"libicu72": "72.1"})])
    assert [(row.entry, values(row)) for row in found] == [
        ("libicu72", [None, "72.1"]),
        ("libicu76", ["76.1", None]),
        ("libicu77", ["77.1", None]),
    ]


def test_a_package_that_is_everywhere_is_matched_with_itself() -> None:
    """That a second version stands beside it on one host is a row of its own."""
    (row,) = findings([made("every_package", {"libx-1": "1", "libx-2": "2"}, {"libx-1": "1"})])
    assert (row.entry, values(row)) == ("libx-2", ["2", None])


def test_a_named_check_stands_for_the_lists_entry() -> None:
    """One fact is one row: the named check's, with the list's place."""
    limit = made("limit", "1M", "2M", subject="settings", entry="every_setting.memory_limit")
    listed = made(
        "every_setting",
        {"memory_limit": item("1M", "/a:1", own=True)},
        {"memory_limit": item("2M", "/b:1")},
    )
    (row,) = findings([listed, limit])
    assert row.name == "limit"
    assert row.at == {"local": "/a:1", "release": "/b:1"}
    assert row.own == {"local"}


def test_an_entry_stays_where_its_named_check_is_the_same() -> None:
    """A list's entry of another runtime has a row although the named check has none."""
    limit = made("limit", "1M", "1M", subject="settings", entry="every_setting.memory_limit")
    here = {"web": {"memory_limit": "1M"}, "job": {"memory_limit": "1M"}}
    there = {"web": {"memory_limit": "1M"}, "job": {"memory_limit": "2M"}}
    found = findings([made("every_setting", here, there), limit])
    assert names(found) == ["every_setting.job: memory_limit"]


def test_an_allowed_named_check_stands_for_an_allowed_entry() -> None:
    """What is accepted in both is one row."""
    limit = made("limit", "1M", "2M", subject="settings", entry="every_setting.memory_limit")
    listed = made("every_setting", {"memory_limit": "1M"}, {"memory_limit": "2M"})
    found = findings([replace(limit, allowed="r"), replace(listed, allowed="r")])
    assert names(found) == ["limit"]
    assert found[0].effects == ()


def test_the_same_line_of_a_file_is_told_once() -> None:
    """What a setting's row tells with its line, the changed file's row does not tell again."""
    place = "/etc/php/8.4/fpm/pool.d/www.conf:9"
    setting = made("every_setting", {"limit": item("1", place, own=True)}, {"limit": item("2")})
    line = {"php_admin_value[limit]": item("1", place, own=True)}
    assert names(findings([made("changes", line, {}), setting])) == ["every_setting.limit"]


def test_a_line_of_php_means_what_the_setting_means() -> None:
    """In a file of PHP 256M is 268435456; in any other file it is another text."""
    here: JSON = {"/etc/php/8.4/fpm/conf.d/a.ini": {"limit": item("256M")}, "/etc/b": {"c": "1k"}}
    there: JSON = {
        "/etc/php/8.4/fpm/conf.d/a.ini": {"limit": item("268435456")},
        "/etc/b": {"c": "1024"},
    }
    assert names(findings([made("changed_configuration", here, there)])) == [
        "changed_configuration./etc/b: c"
    ]


def test_lines_of_php_that_mean_the_same_are_no_row() -> None:
    """Where nothing but the spelling differs, nothing differs."""
    here: JSON = {"/etc/php/8.4/a.ini": {"limit": item("256M")}, "/etc/b": {"c": item("1")}}
    there: JSON = {"/etc/php/8.4/a.ini": {"limit": item("268435456")}, "/etc/b": {"c": item("1")}}
    comparison = made("changed_configuration", here, there)
    assert comparison.verdict is Verdict.PARITY
    assert findings([comparison]) == []


def test_a_line_is_told_by_what_it_means() -> None:
    """A changed line that another check reads is told there; one that none reads is told."""
    place = "/etc/nginx/sites-enabled/shop:3"
    directive = made("nginx_directives", {"try_files": item("a", place)}, {"try_files": item("b")})
    file = {"server": item("…", place.replace("enabled", "available")), "x": item("1", "/a/shop:3")}
    rows = names(findings([directive, made("changed_configuration", file, {})]))
    assert rows == ["nginx_directives.try_files", "changed_configuration.x"]


def test_every_line_that_was_told_is_remembered() -> None:
    """Of several lines of one file, each is told once."""
    set_: JSON = {"a": item("1", "/etc/x:1", own=True), "b": item("1", "/etc/x:2", own=True)}
    found = findings([made("changes", set_, {}), made("every_setting", set_, {})])
    assert names(found) == ["every_setting.a", "every_setting.b"]
    assert [row.effects for row in found] == [(), ()]


def test_a_link_and_the_file_that_it_leads_to_are_told_once() -> None:
    """A site is switched on by a link of the same name."""
    site = made("directives", {"x": item("1", "/etc/sites-enabled/a:3", own=True)}, {})
    line = made("changes", {"x": item("1", "/etc/sites-available/a:3", own=True)}, {})
    assert len(findings([site, line])) == 1


@pytest.mark.parametrize(
    ("key", "setting"),
    [
        ("php_admin_value[memory_limit]", "memory_limit"),
        ("php_flag[a.b]", "a.b"),
        ("php_admin_value open_basedir", "open_basedir"),
        ("web: limit", "limit"),
        ("limit", "limit"),
    ],
)
def test_lines_are_about_settings(key: str, setting: str) -> None:
    """A pool's and a virtual host's line name the setting that they change."""
    assert bare(key) == setting


def test_two_runtimes_that_differ_alike_are_one_row() -> None:
    """The same setting with the same values elsewhere is folded under the first."""
    cli = made("every_cli_setting", {"zone": item("UTC", "/c")}, {"zone": item("Asia", "/c")})
    web = made("every_setting", {"zone": item("UTC", "/w")}, {"zone": item("Asia", "/w")})
    assert len(findings([web, cli])) == 1


def test_of_rows_that_tell_the_same_the_worst_stays() -> None:
    """The one that somebody set is told, and the stock one is folded under it."""
    cli = made("every_cli_setting", {"zone": item("UTC")}, {"zone": item("Asia")})
    web = made("every_setting", {"zone": item("UTC", own=True)}, {"zone": item("Asia")})
    found = findings([cli, web])
    assert (names(found), effects(found, "every_setting.zone")) == (
        ["every_setting.zone"],
        ["every_cli_setting.zone"],
    )
