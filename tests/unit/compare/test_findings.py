"""Rows of what differs: one a fact, causes before effects, what breaks most first."""

from dataclasses import replace

import pytest

from deployment_drift.compare.comparison import Comparison
from deployment_drift.compare.finding import Finding, bare
from deployment_drift.compare.findings import findings
from deployment_drift.compare.ranking import Weight
from deployment_drift.records import JSON, Check, Status, Verdict, item
from tests.unit.conftest import Compare, observation

PHP, SYSTEM = ("8.4.24", "8.2.36"), ("debian 13", "debian 12")


def made(name: str, *values: JSON, subject: str = "inventory", entry: str = "") -> Comparison:
    """Return a comparison; None is absent, `?why` is unknown."""
    hosts = ("local", "release", "web-2", "web-3")[: len(values)]
    seen = {host: observation(value) for host, value in zip(hosts, values, strict=True)}
    return Comparison(Check(name, subject, name, "it matters.", entry), seen)


def php(*versions: JSON) -> Comparison:
    """Return the comparison of PHP's versions."""
    return made("php_version", *(versions or PHP), subject="php")


def debian(*versions: JSON) -> Comparison:
    """Return the comparison of distributions."""
    return made("distribution", *(versions or SYSTEM), subject="system")


def names(found: list[Finding]) -> list[str]:
    """Return what the rows are called, in their order."""
    return [row.name for row in found]


def effects(found: list[Finding], cause: str) -> list[str]:
    """Return what is folded under a row."""
    return [each.name for row in found if row.name == cause for each in row.effects]


def values(row: Finding) -> list[JSON]:
    """Return what the hosts have; None for absent."""
    return [seen.value for seen in row.observations.values()]


# --- entries -------------------------------------------------------------------------------


def test_parity_and_not_applicable_have_no_row() -> None:
    """What is the same, or nowhere, is no finding."""
    assert findings([made("a", 1, 1), made("b", None, None)]) == []


def test_a_list_has_a_row_for_each_entry_that_differs() -> None:
    """Of a list, each entry that is not the same is a row with both values."""
    found = findings([made("list", {"a": 1, "b": 1, "c": 1}, {"a": 1, "b": 2, "d": 1})])
    assert {row.entry: values(row) for row in found} == {
        "b": [1, 2],
        "c": [1, None],
        "d": [None, 1],
    }
    assert [row.observations["release"].status for row in found][1] is Status.ABSENT


def test_a_list_that_one_host_lacks_is_taken_apart_too() -> None:
    """Where a host has no list at all, each entry is absent there."""
    assert names(findings([made("list", {"a": 1, "b": 1}, None)])) == ["list.a", "list.b"]


def test_items_say_where_they_were_set_and_by_whom() -> None:
    """Place and hand are told by host; they make no difference themselves."""
    here: JSON = {"a": item("1", "/etc/a:1", own=True), "same": item(1, "/etc/b")}
    there = {"a": item("2", "/etc/c:2"), "same": item(1, "/usr/b", own=True)}
    (row,) = findings([made("list", here, there)])
    assert (row.entry, values(row)) == ("a", ["1", "2"])
    assert row.at == {"local": "/etc/a:1", "release": "/etc/c:2"}
    assert (set(row.own), row.traced) == ({"local"}, True)


def test_an_item_need_not_say_where_it_was_set() -> None:
    """Without a place and a hand there is none."""
    (row,) = findings([made("list", {"a": {"is": "1"}}, {"a": {"is": "2"}})])
    assert (row.at, set(row.own), row.traced) == ({}, set(), True)


def test_an_entry_beside_groups_is_called_by_its_name_alone() -> None:
    """Beside runtimes, what is of none of them has no group in its name."""
    here: JSON = {"limit": 1, "web": {"a": 1}}
    there: JSON = {"limit": 2, "web": {"a": 1}}
    assert names(findings([made("list", here, there)])) == ["list.limit"]


def test_groups_are_named_where_there_are_several() -> None:
    """With several runtimes, an entry is called by its runtime, too."""
    here = {"pool www": {"limit": 1}, "command line": {"limit": 1}}
    there = {"pool www": {"limit": 2}, "command line": {"limit": 1}}
    (row,) = findings([made("list", here, there)])
    assert (row.entry, row.key, row.name) == ("pool www: limit", "limit", "list.pool www: limit")


def test_an_only_group_is_not_named() -> None:
    """With one runtime everywhere, nobody needs its name."""
    (row,) = findings([made("list", {"pool www": {"limit": 1}}, {"pool www": {"limit": 2}})])
    assert row.entry == "limit"


def test_only_groups_of_other_names_are_compared_and_their_names_too() -> None:
    """Two hosts with one virtual host each are compared by what is in them."""
    here: JSON = {"a.example": {"root": "/a", "x": 1}}
    there: JSON = {"b.example": {"root": "/b", "x": 1}}
    found = findings([made("list", here, there)])
    assert [values(row) for row in found] == [["a.example", "b.example"], ["/a", "/b"]]
    assert [(row.name, row.entry, row.key) for row in found] == [
        ("list", "", ""),
        ("list.root", "root", "root"),
    ]
    (first, *_) = findings([made("list", here, there, {})])
    assert values(first) == ["a.example", "b.example", None]


def test_an_only_group_that_one_host_lacks_is_not_named() -> None:
    """Where a host has nothing, what the others have is told without the name of its group."""
    assert names(findings([made("list", {"web": {"a": 1}}, {})])) == ["list.a"]


def test_what_is_grouped_on_one_host_only_is_not_matched() -> None:
    """A plain list and one by runtime have nothing to compare."""
    assert names(findings([made("list", {"a": 1}, {"web": {"a": 1}})])) == ["list.a", "list.web"]


def test_a_group_that_one_host_lacks_is_one_row() -> None:
    """A whole runtime that is missing is one row, with what somebody set in it first."""
    job = {f"n{n}": item(n) for n in range(5)} | {"mine": item("x", "/etc/f:1", own=True)}
    (row,) = findings([made("list", {"web": {"a": 1}, "cron": job}, {"web": {"a": 1}})])
    assert row.entry == "cron"
    assert values(row) == ["mine x, n0 0, n1 1, n2 2, n3 3, + 1", None]
    assert (set(row.own), dict(row.at)) == ({"local"}, {"local": "/etc/f:1"})


def test_a_small_group_is_told_whole() -> None:
    """Nothing is left out, what has no value is its name alone, and it was set nowhere."""
    job: JSON = {"flag": "", **{f"n{n}": n for n in range(4)}}
    (row,) = findings([made("list", {"web": {"a": 1}, "cron": job}, {"web": {"a": 1}})])
    assert values(row) == ["flag, n0 0, n1 1, n2 2, n3 3", None]
    assert (row.at, set(row.own)) == ({}, set())


def test_in_a_fleet_groups_are_compared_where_they_are() -> None:
    """That one host has no such group does not hide how the others differ in it."""
    fleet = ({"web": {"a": 1}, "x": {"b": 1}}, {"web": {"a": 2}, "x": {"b": 1}}, {"x": {"b": 1}})
    assert names(findings([made("list", *fleet)])) == ["list.web", "list.web: a"]


def test_one_value_for_several_runtimes_means_each() -> None:
    """A host with one runtime and one with two that agree with it are the same."""
    several = {"pool a": "128M", "pool b": "134217728"}
    assert findings([made("limit", "128M", several, subject="settings")]) == []
    several["pool b"] = "1"
    assert names(findings([made("limit", "128M", several, subject="settings")])) == ["limit"]


def test_a_list_in_another_order_is_one_row() -> None:
    """The order of a list counts, as that of ini files does."""
    (row,) = findings([made("files", ["a", "b"], ["b", "a"])])
    assert values(row) == [["a", "b"], ["b", "a"]]


def test_what_differs_has_a_row() -> None:
    """A difference that no entry tells, as a group of nothing, is told as a whole."""
    found = findings([made("list", {"a": 1, "group": {}}, {"a": 1})])
    assert names(found) == ["list"]


def test_a_list_that_differs_by_the_version_and_in_spelling_is_no_row() -> None:
    """Each path reads without its own version, and a setting as what it means."""
    here: JSON = ["/etc/php/8.4/a.ini", "1"]
    there: JSON = ["/etc/php/8.2/a.ini", 1]
    (row,) = findings([php("8.4", "8.2"), made("every_setting", here, there)])
    assert (row.name, row.effects) == ("php_version", ())


def test_what_came_with_a_package_weighs_less_than_what_somebody_typed() -> None:
    """A job that is known to be nobody's is around the application; one by hand is by hand."""
    for own, weight in ((False, Weight.AROUND), (True, Weight.BY_HAND)):
        here, there = ({"a": item(value, "/etc/cron.d/a", own=own)} for value in ("1", "2"))
        (row,) = findings([made("jobs", here, there, subject="system")])
        assert row.weight is weight


def test_a_list_in_another_order_is_told_of_those_that_answered() -> None:
    """A host that could not be asked is another row."""
    unasked, row = findings([made("files", ["a", "b"], ["b", "a"], "?gone")])
    assert unasked.verdict is Verdict.UNKNOWN
    assert (row.verdict, list(row.observations)) == (Verdict.DRIFT, ["local", "release"])


def test_empty_lists_differ_from_none() -> None:
    """A list that is empty is not the same as one that is not there."""
    assert names(findings([made("list", {}, None)])) == ["list"]


# --- the same ------------------------------------------------------------------------------


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


# --- one row a fact ------------------------------------------------------------------------


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


# --- cause and effect ----------------------------------------------------------------------


def test_stock_settings_come_with_the_version() -> None:
    """A setting that nobody made is folded under another PHP; one that somebody made is not."""
    here = {"stock": item("1"), "mine": item("1", "/a", own=True), "theirs": item("1")}
    there = {"stock": item("2"), "mine": item("2"), "theirs": item("2", "/b", own=True)}
    found = findings([php(), made("every_setting", here, there)])
    assert names(found) == ["every_setting.mine", "every_setting.theirs", "php_version"]
    assert effects(found, "php_version") == ["every_setting.stock"]


def test_without_another_version_nothing_is_an_effect() -> None:
    """A stock setting that differs between hosts of one version is a row."""
    assert names(findings([made("every_setting", {"a": item("1")}, {"a": item("2")})])) == [
        "every_setting.a"
    ]


def test_a_setting_of_which_nobody_knows_who_made_it_is_no_effect() -> None:
    """Without a list that says who set it, a setting may have been forgotten."""
    found = findings([php(), made("limit", "1", "2", subject="settings")])
    assert names(found) == ["php_version", "limit"]


def test_bundled_extensions_come_with_the_version_and_missing_ones_do_not() -> None:
    """Another version of an extension is an effect, and so is one that the older PHP lacks."""
    here = {"curl": "mysqlnd 8.4.24", "soap": "8.4.24", "random": "8.4.24"}
    found = findings([php(), made("every_extension", here, {"curl": "8.2.36"})])
    assert names(found) == ["every_extension.soap", "php_version"]
    assert effects(found, "php_version") == ["every_extension.curl", "every_extension.random"]


def test_what_lacks_with_an_extension_is_folded_under_it() -> None:
    """Its settings, package and file are absent because it is."""
    both = {"a": "1"}
    found = findings(
        [
            made("every_package", {"php8.2-soap": "8.2", **both}, both),
            made("every_setting", {"soap.wsdl_cache": item("1"), "wsdl": item("1")}, {}),
            made("has_soap", True, False, subject="extensions", entry="every_extension.soap"),  # noqa: FBT003
            made("every_extension", {"soap": "8.2"}, {}),
        ]
    )
    assert names(found) == ["has_soap", "every_setting.wsdl"]
    assert effects(found, "has_soap") == [
        "every_package.php8.2-soap",
        "every_setting.soap.wsdl_cache",
    ]


def test_a_check_is_about_the_extension_in_its_name() -> None:
    """A check of one extension needs no list to say what is folded under it."""
    found = findings(
        [
            made("every_package", {"php8.2-soap": "8.2", "a": "1"}, {"a": "1"}),
            made("extension_has_Soap", "yes", None, subject="extensions"),
        ]
    )
    assert names(found) == ["extension_has_Soap"]
    assert effects(found, "extension_has_Soap") == ["every_package.php8.2-soap"]


def test_what_is_there_has_nothing_to_do_with_what_is_missing() -> None:
    """A name alone is no reason: an effect is absent where its cause is."""
    lines = made("changes", {}, {"soap": item("1", "/a", own=True)})
    assert len(findings([made("every_extension", {"soap": "1"}, {}), lines])) == 2


def test_packages_come_with_the_distribution() -> None:
    """Another version of a package is an effect even where somebody installed it."""
    here = {"a": item("2", own=True), "libicu76": "76.1", "only": "1"}
    there = {"a": item("1", own=True), "libicu72": "72.1"}
    found = findings([debian(), made("every_package", here, there)])
    assert names(found) == ["distribution"]
    assert effects(found, "distribution") == [
        "every_package.a",
        "every_package.libicu76",
        "every_package.only",
    ]


def test_packages_of_php_come_with_its_version() -> None:
    """On one distribution, another PHP explains its own packages and no other."""
    here: JSON = {"php-soap": "2:8.4", "curl": "1.0"}
    there: JSON = {"php-soap": "2:8.2", "curl": "2.0"}
    found = findings([php(), made("every_package", here, there)])
    assert names(found) == ["php_version", "every_package.curl"]
    assert effects(found, "php_version") == ["every_package.php-soap"]


def test_a_package_that_somebody_installed_on_one_side_stays() -> None:
    """What somebody installed here and forgot there does not come with the distribution."""
    found = findings([debian(), made("every_package", {"a": item("1", own=True)}, {})])
    assert names(found) == ["distribution", "every_package.a"]


def test_a_directive_that_nobody_made_comes_with_the_distribution() -> None:
    """A web server's stock file differs with its package."""
    here = {"x": item("1"), "mine": item("1", own=True)}
    there = {"x": item("2"), "mine": item("2")}
    found = findings([debian(), made("directives", here, there, subject="webserver")])
    assert names(found) == ["directives.mine", "distribution"]


def test_beside_values_with_a_place_one_without_is_nobodys() -> None:
    """A default has no place: it comes with the version, unless the other side set it."""
    here: JSON = {"a": item("1", "/x:1"), "default": "1", "forgotten": "1"}
    there: JSON = {"a": item("1", "/x:1"), "default": "2", "forgotten": item("2", "/x", own=True)}
    found = findings([php(), made("every_setting", here, there)])
    assert names(found) == ["every_setting.forgotten", "php_version"]
    assert effects(found, "php_version") == ["every_setting.default"]


def test_a_whole_file_of_a_package_comes_with_the_distribution() -> None:
    """A file that one host lacks is an effect where nothing in it is somebody's own."""
    stock: JSON = {"/etc/a": {"x": item("1", "/etc/a:1")}, "/etc/b": {"y": item("1", "/etc/b:1")}}
    mine: JSON = {"/etc/a": {"x": item("1", "/etc/a:1")}, "/etc/c": {"z": item("1", own=True)}}
    found = findings([debian(), made("changes", stock, mine, subject="changes")])
    assert names(found) == ["changes./etc/c", "distribution"]
    assert effects(found, "distribution") == ["changes./etc/b"]


@pytest.mark.parametrize(
    ("check", "folded"),
    [
        (made("tzdata", "2026f-0+deb13u1", "2026f-0+deb12u1", subject="system"), True),
        (made("postfix", "3.10.5-1", "3.7.11", subject="mail"), True),
        (made("name_server", "10.0.0.1", "10.0.0.2", subject="system"), False),
        (made("cgroup", {"cpu": "1.5"}, {"cpu": "2.5"}, subject="system"), False),
        (made("locale", "C.UTF-8", "ja_JP.UTF-8", subject="system"), False),
        (made("modules", {"v3": "built in"}, {}, subject="webserver"), True),
        (made("modules", {"rewrite": "loaded"}, {}, subject="webserver"), False),
        (made("web_servers", {"nginx": "1.26.3"}, {"nginx": "1.22.1"}, subject="webserver"), True),
        (made("web_servers", {"nginx": "1.26.3"}, {}, subject="webserver"), False),
    ],
)
def test_versions_of_programs_come_with_the_distribution(check: Comparison, folded: bool) -> None:  # noqa: FBT001 -- a table
    """An address, a limit or a name that somebody chose is no version of a program."""
    assert (len(findings([debian(), check])) == 1) is folded


def test_a_module_that_was_not_switched_on_stands_above_versions() -> None:
    """A module is loaded because somebody said so; one that is built in comes with its package."""
    here: JSON = {"rewrite_module": "shared", "http_v3": "built in"}
    modules = made("every_web_server_module", here, {}, subject="webserver")
    found = findings([debian(), modules])
    assert names(found) == ["every_web_server_module.rewrite_module", "distribution"]


@pytest.mark.parametrize("name", ["programs", "service_limits", "written_folders", "locales"])
def test_what_people_set_around_php_stands_above_versions(name: str) -> None:
    """A program, a limit, a folder or a language is there because somebody saw to it."""
    found = findings([debian(), made(name, {"a": "1"}, {}, subject="services")])
    assert names(found) == [f"{name}.a", "distribution"]


def test_jobs_of_the_distribution_come_with_it() -> None:
    """Of what is mostly made by people, that which is known to be nobody's is an effect."""
    here: JSON = {"a": item("x"), "b": item("x")}
    there: JSON = {"a": item("y"), "b": item("y", own=True)}
    found = findings([debian(), made("jobs", here, there, subject="system")])
    assert names(found) == ["jobs.b", "distribution"]
    assert effects(found, "distribution") == ["jobs.a"]
    pools = made("pools", {"a": item("x")}, {"a": item("y")}, subject="runtimes")
    assert effects(findings([php(), pools]), "php_version") == ["pools.a"]


def test_jobs_and_variables_are_never_effects() -> None:
    """What people write themselves does not come with a version."""
    cron = made("cron_jobs", {"a": "php x"}, {}, subject="system")
    environment = made("php_environment", {"APP_ENV": "prod"}, {}, subject="runtimes")
    assert len(findings([php(), debian(), cron, environment])) == 4


def test_a_second_version_of_php_is_folded_under_the_first() -> None:
    """One cause is one row."""
    found = findings([php(), made("web_php_version", *PHP, subject="php")])
    assert (names(found), effects(found, "php_version")) == (["php_version"], ["web_php_version"])


def test_a_second_version_is_folded_even_where_somebody_set_it() -> None:
    """Which PHP a pool runs is explained by which PHP there is."""
    here, there = ({"a": item(version, own=True)} for version in PHP)
    found = findings([php(), made("runtimes", here, there, subject="runtimes")])
    assert (names(found), effects(found, "php_version")) == (["php_version"], ["runtimes.a"])


def test_a_named_check_comes_with_the_version_where_its_list_says_so() -> None:
    """What the list knows to be nobody's is an effect under its check's name, too."""
    limit = made("limit", "1M", "2M", subject="settings", entry="every_setting.memory_limit")
    here, there = {"memory_limit": item("1M")}, {"memory_limit": item("2M")}
    found = findings([php(), limit, made("every_setting", here, there)])
    assert (names(found), effects(found, "php_version")) == (["php_version"], ["limit"])


def test_effects_of_effects_are_folded_under_the_first_cause() -> None:
    """Without PHP there is no extension, and nothing that is configured for it."""
    soap = made("has_soap", True, None, subject="extensions")  # noqa: FBT003 -- a value
    line = made("changes", {"soap": item("1", "/etc/a:1")}, {}, subject="changes")
    found = findings([php("8.4", None), soap, line])
    assert names(found) == ["php_version"]
    assert effects(found, "php_version") == ["has_soap", "changes.soap"]


def test_what_is_not_of_php_does_not_go_with_it() -> None:
    """Something else that the host without PHP lacks is a row."""
    assert len(findings([php("8.4", None), made("zone", "a", None, subject="system")])) == 2


def test_without_one_runtime_there_still_is_php() -> None:
    """That a pool is missing explains no other missing setting."""
    pools = made("runtimes", {"a": "8.4.1", "b": "8.4.1"}, {"a": "8.4.1"}, subject="runtimes")
    found = findings([pools, made("limit", "1M", None, subject="settings")])
    assert sorted(names(found)) == ["limit", "runtimes.b"]


def test_without_php_nothing_of_it_is_a_row() -> None:
    """A host that has no PHP is one row, and not one a setting."""
    limit = made("limit", "1M", None, subject="settings")
    icu = made("icu", "76", None, subject="libraries")
    found = findings([php("8.4", None), limit, icu])
    assert (names(found), effects(found, "php_version")) == (["php_version"], ["limit", "icu"])


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


def test_an_effect_is_not_accepted_with_its_cause() -> None:
    """Under an allowed cause, what is not allowed itself keeps its row."""
    cause = replace(php(), allowed="the move is planned")
    found = findings([cause, made("every_setting", {"a": item("1")}, {"a": item("2")})])
    assert names(found) == ["every_setting.a", "php_version"]


# --- unknown -------------------------------------------------------------------------------


def test_what_could_not_be_asked_for_one_reason_is_one_row() -> None:
    """A host out of reach is said once; it does not differ."""
    found = findings([made("a", "1", "?gone"), made("b", "1", "?gone"), made("c", "1", "?late")])
    assert (names(found), effects(found, "a")) == (["a", "c"], ["b"])
    assert {row.verdict for row in found} == {Verdict.UNKNOWN}


def test_an_unknown_host_does_not_hide_what_others_differ_in() -> None:
    """Of three hosts, two that differ are told beside the one that could not be asked."""
    found = findings([made("list", {"a": 1}, {"a": 2}, "?gone")])
    assert [(row.name, row.verdict) for row in found] == [
        ("list", Verdict.UNKNOWN),
        ("list.a", Verdict.DRIFT),
    ]
    assert list(found[1].observations) == ["local", "release"]


def configured(name: str, *, own: bool = False) -> dict[str, JSON]:
    """Return a list with one file below /etc, and one that every host has."""
    return {name: {"line": item("there", f"{name}:1", own=own)}, **ALIKE}


ALIKE: dict[str, JSON] = {"/etc/same": {"line": item("there", "/etc/same:1")}}


GS, LIBRARY = item("10.0", own=True), item("10.1")


def test_what_a_missing_package_brings_is_folded_under_it() -> None:
    """What a package needs, and its configuration as it brought it, has no row of its own."""
    packages = made("every_package", {"ghostscript": GS, "libgs10": LIBRARY}, {"x": LIBRARY})
    lines = made("changed_configuration", configured("/etc/ghostscript/a"), ALIKE)
    found = findings([packages, lines])
    assert effects(found, "every_package.ghostscript") == [
        "every_package.libgs10",
        "changed_configuration./etc/ghostscript/a",
    ]
    assert names(found) == ["every_package.ghostscript", "every_package.x"]


def test_what_somebody_wrote_is_not_folded_under_a_missing_package() -> None:
    """A file that no package brought is told for itself."""
    packages = made("every_package", {"ghostscript": GS}, None)
    lines = made("changed_configuration", configured("/etc/gs.conf", own=True), ALIKE)
    assert "changed_configuration./etc/gs.conf" in names(findings([packages, lines]))


def test_permissions_of_a_missing_file_are_folded_under_it() -> None:
    """A file that is not there has no permissions either."""
    path = "/etc/shop.conf"
    lines = made(
        "changed_configuration",
        {**configured(path, own=True), **configured("/b")},
        configured("/b"),
    )
    modes = made("configuration_permissions", {path: item("root:root 600", path, own=True)}, None)
    assert effects(findings([lines, modes]), f"changed_configuration.{path}") == [
        f"configuration_permissions.{path}"
    ]


def test_a_runtime_of_another_version_is_folded_under_it() -> None:
    """A path with the host's own version in it is one name, so that the version explains it."""
    runtimes = made(
        "runtimes",
        {"command line": "8.4.24", "server: /usr/bin/php8.4": "8.4.24"},
        {"command line": "8.2.36", "server: /usr/bin/php8.2": "8.2.36"},
        subject="runtimes",
    )
    found = findings([php(), runtimes])
    assert names(found) == ["php_version"]
    assert len(found[0].effects) == 2


# --- order ---------------------------------------------------------------------------------


def test_what_breaks_most_comes_first() -> None:
    """Answers, then what somebody set, causes, libraries, the unknown, what is around, the rest."""
    rows = [
        made("odd", 1, 2, subject="own"),
        made("zone", "a", "b", subject="system"),
        made("gone", "a", "?gone", subject="own"),
        made("icu", "76", "72", subject="libraries"),
        php(),
        made("every_setting", {"a": item("1", own=True)}, {}),
        made("offer", "32", "31", subject="shop"),
    ]
    found = findings(rows)
    assert [row.weight for row in found] == list(Weight)
    assert names(found)[0] == "offer"
    assert names(found)[-1] == "odd"


def test_what_was_forgotten_on_one_side_comes_before_what_was_set_on_both() -> None:
    """One side only is the likelier mistake."""
    both = item("1", own=True), item("2", own=True)
    listed = made("list", {"a": both[0], "b": both[0]}, {"a": both[1], "b": item("0")})
    assert names(findings([listed])) == ["list.b", "list.a"]


def test_named_checks_come_first_then_by_what_they_are_about() -> None:
    """Within a weight, a check of its own stands before entries of lists, settings before jobs."""
    rows = [
        made("php_environment", {"x": "1"}, {"x": "2"}, subject="runtimes"),
        made("every_setting", {"a": item("1", own=True)}, {"a": item("2")}),
        made("has_soap", "a", None, subject="extensions", entry="every_extension.soap"),
    ]
    assert names(findings(rows)) == ["has_soap", "every_setting.a", "php_environment.x"]


def test_what_nobody_set_was_not_forgotten() -> None:
    """Where nobody is known to have set it, it does not come before what was set on both sides."""
    both = {"a": item("1", own=True)}, {"a": item("2", own=True)}
    pools = made("pools", *both, subject="runtimes")
    environment = made("php_environment", {"x": "1"}, {"x": "2"}, subject="runtimes")
    assert names(findings([pools, environment])) == ["pools.a", "php_environment.x"]


def test_allowed_rows_come_last() -> None:
    """What somebody accepted is no news."""
    offer = replace(made("offer", "1", "2", subject="shop"), allowed="on purpose")
    found = findings([offer, made("odd", 1, 2, subject="own")])
    assert [(row.name, row.allowed) for row in found] == [("odd", ""), ("offer", "on purpose")]


def test_a_scene_keeps_the_order_of_its_story() -> None:
    """Single answers come in the story's order and are not folded; lists come after them."""
    rows = [
        made("every_setting", {"a": item("1")}, {"a": item("2")}),
        made("rounding", "31", "32", subject="answers"),
        php(),
        made("offer", "32", "31", subject="shop"),
    ]
    found = findings(rows, ["shop", "php", "answers"])
    assert names(found) == ["offer", "php_version", "rounding"]
    assert effects(found, "php_version") == ["every_setting.a"]


def test_character_sets_of_mbstring_come_with_php(compare: Compare) -> None:
    """What mbstring knows is PHP's version's; what iconv knows never is."""
    here: JSON = {"mbstring": {"NEW": True, "A": True}, "iconv": {"GBK": True, "A": True}}
    there: JSON = {"mbstring": {"A": True}, "iconv": {"GBK": False, "A": True}}
    sets = compare(here, there, name="character_sets", subject="runtimes")
    rows = findings([compare("8.4.1", "8.2.1"), sets])
    assert {row.entry for row in rows} == {"", "iconv: GBK"}


def test_a_row_says_until_when_it_was_allowed() -> None:
    """A drift that was accepted until its day came is told with that."""
    (row,) = findings([replace(made("odd", 1, 2), expired="allowed until then")])
    assert (row.verdict, row.expired) == (Verdict.DRIFT, "allowed until then")


def test_what_a_story_does_not_tell_comes_behind_it() -> None:
    """Other answers come after the story's, then entries by weight, and the allowed last."""
    rows = [
        replace(made("find", 1, 2, subject="shop"), allowed="on purpose"),
        made("list", {"a": 1}, {"a": 2}, subject="own"),
        made("jobs", {"a": 3}, {"a": 4}, subject="own"),
        made("odd", 1, 2, subject="own"),
        made("rounding", 31, 32, subject="answers"),
        made("offer", 32, 31, subject="shop"),
    ]
    told = names(findings(rows, ["shop", "answers"]))
    assert told == ["offer", "rounding", "odd", "jobs.a", "list.a", "find"]
