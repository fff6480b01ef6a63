"""Rows of what differs: what comes with a cause is folded under it."""

from dataclasses import replace

import pytest

from deployment_drift.compare.comparison import Comparison
from deployment_drift.compare.findings import findings
from deployment_drift.records import JSON, item
from tests.unit.compare.rows import PHP, debian, effects, made, names, php
from tests.unit.conftest import Compare


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


def test_a_command_line_that_is_gone_takes_nothing_of_php_fpm_with_it() -> None:
    """What php-fpm lacks there is told; what only the command line had is folded."""
    fpm, cli = {"php-fpm": "8.4.24"}, {"command line": "8.4.24"}
    asked = [
        made("php_version", "8.4.24", None, subject="php"),
        made("php_environment", {"KEY": {"php-fpm": "a"}, "SHELL": {"command line": "a"}}, {}),
        made("every_cli_setting", {"a": item("1")}, {}, subject="cli"),
        made("every_setting", {"a": item("1", "/a", own=True)}, {}),
    ]
    found = findings([*asked, made("runtimes", {**cli, **fpm}, fpm, subject="runtimes")])
    assert {"php_environment.KEY", "every_setting.a"} < set(names(found))
    assert effects(found, "php_version") == [
        *("php_environment.SHELL", "every_cli_setting.a", "runtimes.command line"),
    ]
    assert names(findings(asked)) == ["php_version"]  # here no PHP runs at all


def test_modules_come_with_the_web_server_in_whose_place_is_another() -> None:
    """What only Apache can have is folded where nginx serves; what somebody told either is not."""
    there = item("there", own=True)
    found = findings(
        [
            made("services", {"apache": "runs"}, {"nginx": "runs"}, subject="services"),
            made("every_web_server_module", {"so_module": "static"}, {"http_perl": "dynamic"}),
            made("php_environment", {"APACHE_RUN_DIR": "/run", "STAGE": "live"}, {"X": "1"}),
            made("runtimes", {"Apache module": "8.4.1", "a": "1"}, {"a": "1"}),
            made("directives", {"SetEnv": there}, {"try_files": there}, subject="webserver"),
        ]
    )
    assert effects(found, "services.apache") == [
        "every_web_server_module.so_module",
        "php_environment.APACHE_RUN_DIR",
        "runtimes.Apache module",
    ]
    assert effects(found, "services.nginx") == ["every_web_server_module.http_perl"]
    rows = {
        "php_environment.STAGE",
        "php_environment.X",
        "directives.SetEnv",
        "directives.try_files",
    }
    assert rows < set(names(found))


def test_a_module_is_missed_where_the_same_web_server_runs() -> None:
    """Beside an Apache that only one host has, nginx is the same, and lacks a module of its own."""
    here, there = {"apache": "runs", "nginx": "runs"}, {"nginx": "runs"}
    modules = made("every_web_server_module", {"http_perl": "dynamic", "a": "1"}, {"a": "1"})
    found = findings([made("services", here, there, subject="services"), modules])
    assert effects(found, "services.apache") == []


@pytest.mark.parametrize("groups", [1, 2])
def test_files_of_composer_come_with_the_version_of_their_package(groups: int) -> None:
    """A package whose version differs has other files; one of the same version was edited."""
    apps = ("one", "two")[:groups]
    digest = {"vendor/acme/clock": "1", "vendor/acme/log": "1"}
    here = {app: {name: item(told, own=True) for name, told in digest.items()} for app in apps}
    there = {
        app: {name: item(told + app, own=True) for name, told in digest.items()} for app in apps
    }
    package = [{app: {"acme/clock": item(told + app, own=True)} for app in apps} for told in "12"]
    compared = [made("every_deployed_file", here, there, subject="application")]
    found = findings([php(), *compared, made("composer_packages", *package, subject="application")])
    called = ["one: ", "two: "] if groups == len(("one", "two")) else [""]
    assert [name for name in names(found) if "file" in name] == [
        f"every_deployed_file.{app}vendor/acme/log" for app in called
    ]
    for app in called:
        told = [f"every_deployed_file.{app}vendor/acme/clock"]
        assert effects(found, f"composer_packages.{app}acme/clock") == told
    assert names(found)[-1] == "php_version"


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


def test_an_effect_is_not_accepted_with_its_cause() -> None:
    """Under an allowed cause, what is not allowed itself keeps its row."""
    cause = replace(php(), allowed="the move is planned")
    found = findings([cause, made("every_setting", {"a": item("1")}, {"a": item("2")})])
    assert names(found) == ["every_setting.a", "php_version"]


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


def test_character_sets_of_mbstring_come_with_php(compare: Compare) -> None:
    """What mbstring knows is PHP's version's; what iconv knows never is."""
    here: JSON = {"mbstring": {"NEW": True, "A": True}, "iconv": {"GBK": True, "A": True}}
    there: JSON = {"mbstring": {"A": True}, "iconv": {"GBK": False, "A": True}}
    sets = compare(here, there, name="character_sets", subject="runtimes")
    rows = findings([compare("8.4.1", "8.2.1"), sets])
    assert {row.entry for row in rows} == {"", "iconv: GBK"}


def test_only_what_packages_bring_is_folded_under_a_missing_one() -> None:
    """A variable that is absent where a package is has nothing to do with it."""
    lacking = made("every_package", {"curl": item("8", own=True), "a": "1"}, {"a": "1"})
    found = findings([lacking, made("variables", {"HOME": "/root", "a": "1"}, {"a": "1"})])
    assert names(found) == ["every_package.curl", "variables.HOME"]


def test_a_part_is_folded_under_the_package_of_its_name() -> None:
    """Of two packages that a host lacks, the one whose name a file has brought it."""
    packages = made("every_package", {"cron": GS, "ghostscript": GS, "x": GS}, {"x": GS})
    lines = made("changed_configuration", configured("/etc/ghostscript/a"), ALIKE)
    found = findings([packages, lines])
    assert effects(found, "every_package.ghostscript") == [
        "changed_configuration./etc/ghostscript/a"
    ]
    assert effects(found, "every_package.cron") == []


def test_what_a_service_would_have_is_folded_under_it() -> None:
    """One that does not run has no variables, no limits, no port, and no settings."""
    worker, both = "php artisan queue:work", {"nginx": "runs"}
    here = {worker: "runs as www-data", "mariadbd": "runs as mysql", **both}
    env = {"LC_CTYPE": f"{worker} C.UTF-8", "APP_ENV": "php-fpm, pool www production"}
    found = findings(
        [
            made("services", here, both, subject="services"),
            made("php_environment", env, {}, subject="runtimes"),
            made("service_limits", {"php": {"umask": "0002"}, "cron": {"umask": "0002"}}, {}),
            made("database_settings", {"MariaDB or MySQL": {"port": item("1")}}, {}),
            made("ports", {"tcp 3306": "for everybody"}, {}, subject="services"),
        ]
    )
    assert effects(found, f"services.{worker}") == [
        "php_environment.LC_CTYPE",
        "service_limits.php",
    ]
    assert effects(found, "services.mariadbd") == [
        "database_settings.port",
        "ports.tcp 3306",
    ]
    assert {"php_environment.APP_ENV", "service_limits.cron"} <= {*names(found)}


def test_of_two_databases_the_one_that_runs_is_no_effect() -> None:
    """What another database lacks somebody has set there, whatever else does not run."""
    here = {"MariaDB or MySQL": {"port": item("1")}, "Redis": {"save": item("1"), "a": item("1")}}
    there = {"Redis": {"a": item("1")}}
    found = findings(
        [
            made("services", {"mariadbd": "runs", "x": "runs"}, {"x": "runs"}, subject="services"),
            made("database_settings", here, there, subject="services"),
        ]
    )
    assert effects(found, "services.mariadbd") == ["database_settings.MariaDB or MySQL"]
    assert "database_settings.Redis: save" in names(found)


def test_a_service_that_runs_everywhere_explains_nothing() -> None:
    """It was only started in another way; and what another host lacks is not its effect."""
    ports = made("ports", {"tcp 80": "for everybody"}, {}, subject="services")
    other = made("services", {"nginx": "runs"}, {"nginx": "runs as root"}, subject="services")
    gone = made("services", {}, {"nginx": "runs"}, subject="services")
    assert names(findings([other, ports])) == ["services.nginx", "ports.tcp 80"]
    assert names(findings([gone, ports])) == ["services.nginx", "ports.tcp 80"]
