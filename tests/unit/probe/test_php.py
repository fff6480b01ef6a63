"""What checks ask of the PHPs of a host, from sections that are made up here."""

import json
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from deployment_drift.errors import UnknownError
from deployment_drift.probe.collect import Answer, Facts, Section
from deployment_drift.probe.observe import Reading, give
from deployment_drift.probe.php import PHP, bare, merged
from deployment_drift.probe.questions import Expression, Page
from deployment_drift.probe.runtimes import Runtimes
from deployment_drift.probe.shop import Shop, refusal
from deployment_drift.records import JSON, item

FOLDER = Path(__file__).parent / "answers"
INFO, POOLS = ((FOLDER / name).read_text("utf-8") for name in ("fpm_info.txt", "pools.txt"))
ONE = Expression("1")
ABSENT = Section(Answer.ABSENT)
SETTINGS = {"memory_limit": "128M", "max_execution_time": "0", "error_log": "/dev/null"}


def cli(version: str = "8.4.28", **more: object) -> str:
    """Return what php/ask.php prints."""
    facts = {
        "version": version,
        "sapi": "cli",
        "settings": SETTINGS,
        "files": {"loaded": "/etc/php/8.4/cli/php.ini", "scanned": []},
        "extensions": {"mbstring": version, "pcntl": version},
        "libraries": {"ICU": "76.1"},
    }
    lines = [["/etc/php.ini", 9, "max_execution_time", "30"]]
    return "@@facts@@" + json.dumps({"facts": facts, "lines": lines, "answers": {"1": 1}, **more})


def facts(**sections: str | Section) -> Facts:
    """Return facts; underscores stand for the hyphens and blanks of a section's name."""
    parts = ("php", "fpm", "php-module", "environ", "jobs", "apache")
    names = {**dict.fromkeys(parts, ABSENT), **sections}
    made = {
        name: text if isinstance(text, Section) else Section(Answer.ANSWERED, text)
        for name, text in names.items()
    }
    return Facts(lambda: {**made, "ini-stock": Section(Answer.ANSWERED, "memory_limit = 128M\n")})


FPM: Mapping[str, Any] = {"fpm": "8 /etc/php/8.4/fpm/php-fpm.conf\n", "fpm-info 8": INFO}


def web(**sections: str | Section) -> PHP:
    """Return the PHPs behind the web server."""
    runtimes = Runtimes(facts(**sections))
    return PHP(lambda: runtimes.web)


def command_line(**sections: str | Section) -> PHP:
    """Return the PHP on the command line."""
    php = Runtimes(facts(**sections)).command_line
    return PHP(lambda: [php] if php else [])


def test_command_line() -> None:
    """The command line answers for itself; what it does not know is absent."""
    php = command_line(php=cli())
    assert (php.version, php.setting("memory_limit"), php.has("mbstring")) == (
        "8.4.28",
        "128M",
        True,
    )
    assert (php.setting("x"), php.library("x"), php.has("x")) == (None, None, False)
    assert (php.library("ICU"), php.origins) == ("76.1", {"max_execution_time": "/etc/php.ini"})
    assert php.evaluate(ONE) == 1
    assert php.setting("error_log") == ""
    assert (php.interface, php.ini, php.drop_ins) == ("cli", "/etc/php/8.4/cli/php.ini", [])
    assert php.extensions == {"mbstring": "8.4.28", "pcntl": "8.4.28"}


def test_abilities() -> None:
    """What an extension was built without is told; a PHP that was not asked says nothing."""
    answer = json.loads(cli().removeprefix("@@facts@@"))
    answer["facts"]["abilities"] = {"gd: WebP Support": True}
    assert command_line(php=f"@@facts@@{json.dumps(answer)}").abilities == {
        "gd: WebP Support": True
    }
    assert command_line(php=cli()).abilities is None


def test_no_php_is_absent() -> None:
    """Where there is no PHP, whatever is asked of it is absent."""
    php = command_line()
    assert (php.version, php.has("gd"), php.evaluate(ONE), php.settings) == (None,) * 4
    assert Runtimes(facts()).versions is None


def test_an_expression_that_nobody_announced_is_unknown() -> None:
    """What was not asked beforehand has no answer, and the reason says what to do."""
    with pytest.raises(UnknownError, match="make it a constant"):
        command_line(php=cli()).evaluate(Expression("2"))


def test_a_php_ini_that_may_not_be_read_is_unknown() -> None:
    """A PHP that had to leave out a file says nothing of what it is for others, or as a job."""
    said = json.loads(cli().removeprefix("@@facts@@"))
    said["facts"]["closed"] = "/etc/php/8.4/cli/php.ini"
    text = f"@@facts@@{json.dumps(said)}"
    with pytest.raises(UnknownError, match=r"command line: /etc/php/8\.4/cli/php\.ini may not"):
        _ = command_line(php=text).version
    assert web(php=text, **FPM, **{"fpm-pools 8": POOLS}).version == "8.4.28"
    jobs = Runtimes(facts(**{"php-job cron: /opt/php": text}))
    with pytest.raises(UnknownError, match="may not be read"):
        _ = jobs.jobs


def test_a_broken_php_is_unknown() -> None:
    """A PHP that is there and fails tells nothing."""
    with pytest.raises(UnknownError, match="ended with 139"):
        command_line(php=Section(Answer.FAILED, reason="ended with 139"))


def test_a_pool_has_its_own_values() -> None:
    """What a pool sets goes before the ini files, and the place is the pool's line."""
    php = web(**FPM, **{"fpm-pools 8": POOLS, "environ 8": "APP_KEY=x\nHOME=/\n"})
    assert (php.interface, php.setting("memory_limit")) == ("fpm-fcgi", "32M")
    at = "/etc/php/8.4/fpm/pool.d/www.conf:480"
    assert php.settings["memory_limit"] == item("32M", at, own=True)  # type: ignore[index,call-overload]


def test_a_pool_tells_its_directives_and_versions() -> None:
    """`-i` has no versions of extensions: those of a command line of the same version are told."""
    sections = {**FPM, "fpm-pools 8": POOLS}
    pool = Runtimes(facts(**sections)).pools
    assert pool
    assert pool["php-fpm, pool www"]["pm.max_children"]["is"] == "7"  # type: ignore[index,call-overload]
    same: Any
    other: Any
    same, other = (web(php=cli(version), **sections).extensions for version in ("8.4.28", "8.2.1"))
    assert (same["mbstring"], other["mbstring"]) == ("8.4.28", "")
    assert same == {**other, "mbstring": "8.4.28"}


def test_the_page_that_answers_is_the_php_that_is_told() -> None:
    """What the shop's own page says of its PHP goes before what stands in files."""
    answer = json.loads(cli().removeprefix("@@facts@@"))
    for interface, label in (("apache2handler", "Apache module"), ("fpm-fcgi", "fpm-fcgi")):
        answer["facts"]["sapi"] = interface
        text = cli(shop={"web": answer, "pages": {}})
        runtimes = Runtimes(facts(php=text, **MODULE, **{"environ 7": "APP_KEY=a=b\nHOME=/\n"}))
        assert [each.label for each in runtimes.web] == [label]
        assert runtimes.environment == {"APP_KEY": {label: "a=b"}}
    host = give(SimpleNamespace(), facts(php=cli(shop={"web": answer, "pages": {}, "port": 80})))
    assert (host.php.interface, host.web.interface, host.shop.port) == ("cli", "fpm-fcgi", 80)
    without = Runtimes(facts(php=text))
    assert (without.web[0].label, without.environment) == ("fpm-fcgi", None)


def test_environment_of_the_command_line() -> None:
    """What a login shell gives the command line's PHP is told under its name."""
    found = Runtimes(facts(php=cli(), environ="APP_KEY=x\n")).environment
    assert found == {"APP_KEY": {"command line": "x"}}


def test_environment_of_a_pool() -> None:
    """clear_env = no lets the master's variables through, beside those that the pool gives."""
    sections = {**FPM, "fpm-pools 8": POOLS, "environ 8": "APP_KEY=x\nHOME=/\n"}
    found = Runtimes(facts(**sections)).environment
    given = item("prod", "/etc/php/8.4/fpm/pool.d/www.conf:410", own=True)
    pool = "php-fpm, pool www"
    assert found == {"APP_KEY": {pool: "x"}, "APP_ENV": {pool: given}}
    sections["fpm-pools 8"] = POOLS.replace("clear_env = no", "clear_env = yes")
    assert Runtimes(facts(**sections)).environment == {"APP_ENV": {pool: given}}


def test_only_who_wants_an_environment_looks_at_it() -> None:
    """What is asked of PHP itself is the same of two hosts whose variables differ."""
    sections = {**FPM, "fpm-pools 8": POOLS, "php": cli(), "environ": "A=1\n", "environ 8": "A=1\n"}
    reading = Reading(facts(**sections).sections)
    runtimes = Runtimes(Facts(lambda: reading))
    assert set(runtimes.versions or {}) == {"command line", "php-fpm, pool www"}
    assert not reading.names.keys() & {"environ", "environ 8"}


def test_environment_of_a_worker() -> None:
    """A supervisor or a unit gives a worker variables that nobody else has."""
    found = Runtimes(facts(**{"environ worker php artisan": "QUEUE=sync\nHOME=/\n"})).environment
    assert found == {"QUEUE": {"php artisan": "sync"}}


def test_an_environment_that_is_not_to_be_read_is_unknown() -> None:
    """Variables that this user may not see are not taken for none."""
    sections = {**FPM, "fpm-pools 8": POOLS, "environ 8": Section(Answer.REFUSED)}
    with pytest.raises(UnknownError, match="may not be read"):
        _ = Runtimes(facts(**sections)).environment


def test_pools_that_agree_give_one_answer() -> None:
    """Of several pools, only what differs is told pool by pool."""
    more = "/etc/p.conf:1:[api]\n/etc/p.conf:2:php_value[odd] = c\n"
    php = web(
        **FPM, **{"fpm-pools 8": POOLS.split("php_admin")[0].rpartition("\n")[0] + "\n" + more}
    )
    assert php.setting("memory_limit") == "128M"
    assert php.setting("odd") == {"php-fpm, pool www": "a => b", "php-fpm, pool api": "c"}
    settings: Any = php.settings
    assert bare(settings["memory_limit"]) == "128M"
    assert list(settings["odd"]) == ["php-fpm, pool www", "php-fpm, pool api"]


def test_two_masters_with_pools_of_one_name() -> None:
    """Where two versions have a pool www, the label says which."""
    other = INFO.replace("PHP Version => 8.4.28", "PHP Version => 8.2.1")
    sections = {
        "fpm": "8 /a\n9 /b\n",
        "fpm-info 8": INFO,
        "fpm-info 9": other,
        "fpm-pools 8": POOLS,
        "fpm-pools 9": POOLS,
    }
    assert Runtimes(facts(**sections)).versions == {
        "php-fpm 8.4, pool www": "8.4.28",
        "php-fpm 8.2, pool www": "8.2.1",
    }


@pytest.mark.parametrize("pools", ["", "/a:1:error_log = /dev/null\n", ABSENT])
def test_a_master_without_pools_is_unknown(pools: str | Section) -> None:
    """A php-fpm that runs has pools: where none is found, it is not as if no PHP were there."""
    with pytest.raises(UnknownError, match="its pools are not found"):
        _ = web(**FPM, **{"fpm-pools 8": pools}).version


MODULE = {"php-module": "7 /usr/lib/apache2/modules/libphp8.4.so\n"}


def test_a_stand_in_is_not_told_as_the_module() -> None:
    """A module's values are the files', where the command line would override them."""
    php = web(**MODULE, **{"php-module-asked": cli()})
    assert php.interface == "apache2handler"
    assert php.setting("max_execution_time") == "30"


def test_a_stand_in_of_another_version_is_unknown() -> None:
    """A PHP of another version cannot say what the module does, and no PHP can neither."""
    for asked in (cli("8.2.1"), ABSENT):
        with pytest.raises(UnknownError, match=r"libphp8\.4\.so runs"):
            _ = web(**MODULE, **{"php-module-asked": asked}).version


VHOSTS = """@@ main /etc/apache2/apache2.conf
@@ file /etc/apache2/apache2.conf
1\tphp_admin_value memory_limit 64M
2\t<VirtualHost *:80>
3\tServerName shop.test
4\tDocumentRoot /srv/shop/public
5\tphp_value memory_limit 1G
6\t<Directory /srv/shop>
7\tphp_flag display_errors on
8\tphp_value odd 1
9\t</Directory>
10\t<Directory /srv/shopping>
11\tphp_value max_execution_time 9
12\t</Directory>
13\t</VirtualHost>
"""
OTHER_HOST = """14\t<VirtualHost *:80>
15\tServerName other.test
16\tDocumentRoot /srv/other
17\tphp_value max_execution_time 9
18\t</VirtualHost>
"""


def module(apache: str) -> Runtimes:
    """Return the PHPs of a host with Apache's module and this configuration."""
    settings = {"memory_limit": "128M", "display_errors": "", "max_execution_time": "0"}
    asked = cli().replace(json.dumps(SETTINGS), json.dumps(settings))
    sections = {"apache": apache, "php-module-asked": asked, "environ 7": "LANG=C\n"}
    return Runtimes(facts(**MODULE, **sections))


def test_a_virtual_host_sets_what_php_has() -> None:
    """What the only virtual host sets for PHP, and for its folder, is what the module has."""
    php = PHP(lambda: module(VHOSTS).web)
    assert php.setting("memory_limit") == "64M"  # an administrator's is not overridden
    at = "/etc/apache2/apache2.conf"
    settings: Any = php.settings
    assert settings["display_errors"] == item("1", f"{at}:7", own=True)
    assert (php.setting("odd"), php.setting("max_execution_time")) == (None, "30")


def test_virtual_hosts_with_their_own_php() -> None:
    """Where virtual hosts set PHP otherwise, each is told; it is one PHP all the same."""
    runtimes = module(VHOSTS + OTHER_HOST)
    limits = {each.label: each.setting("max_execution_time") for each in runtimes.web}
    assert limits == {
        "Apache module": "30",
        "Apache module, shop.test": "30",
        "Apache module, other.test": "9",
    }
    assert runtimes.versions == {"Apache module": "8.4.28"}
    assert runtimes.environment == {"LANG": {"Apache module": "C"}}


def test_a_job_without_a_command_line_is_told_whole() -> None:
    """Where no PHP is on the command line, whatever a job has is unlike it."""
    runtimes = Runtimes(facts(**{"php-job cron: /opt/php": cli()}))
    label = "cron: /opt/php"
    assert runtimes.job_extensions == {label: {"mbstring": True, "pcntl": True}}
    assert set((runtimes.job_settings or {}).keys()) == {label}


def test_servers_of_php_itself() -> None:
    """PHP by FastCGI, and its own server, answer browsers, each with what it was started with."""
    sections: dict[str, Any] = {
        "php": cli(),
        "php-job FastCGI: /usr/bin/php-cgi": cli().replace('"cli"', '"cgi-fcgi"'),
        "environ FastCGI: /usr/bin/php-cgi": "APP_ENV=prod\n",
        "php-job server: /usr/bin/php": cli(),
        "environ server: /usr/bin/php": "APP_ENV=dev\n",
        "jobs": "FastCGI /usr/bin/php-cgi 7 -d memory_limit=1G\nserver /usr/bin/php 8\n",
    }
    runtimes = Runtimes(facts(**sections))
    cgi, server = runtimes.web
    assert (cgi.said.interface, server.said.interface) == ("cgi-fcgi", "cli-server")
    assert cgi.settings["memory_limit"] == item("1G", "FastCGI: /usr/bin/php-cgi", own=True)
    assert (cgi.setting("max_execution_time"), server.setting("max_execution_time")) == ("0", "30")
    assert runtimes.environment == {"APP_ENV": {cgi.label: "prod", server.label: "dev"}}
    assert runtimes.jobs == []


def test_jobs_that_may_not_be_read_are_unknown() -> None:
    """A crontab that this user may not read can name another PHP, so nobody knows which run."""
    refused = Section(Answer.REFUSED, reason="/var/spool/cron/crontabs")
    with pytest.raises(UnknownError, match="crontabs"):
        _ = Runtimes(facts(php=cli(), jobs=refused)).versions


def test_hidden_processes_are_unknown() -> None:
    """Where the processes of others are hidden, nobody knows what runs under the web server."""
    with pytest.raises(UnknownError, match="hidden"):
        _ = web(fpm=Section(Answer.REFUSED, reason="the processes of others are hidden")).version


def test_jobs() -> None:
    """Of the PHPs of jobs it is told what they have otherwise than the command line."""
    other = cli("8.1.2").replace('"mbstring"', '"gd"').replace("128M", "64M")
    runtimes = Runtimes(facts(**{"php": cli(), "php-job cron: /opt/php/bin/php": other}))
    label = "cron: /opt/php/bin/php"
    assert runtimes.versions == {"command line": "8.4.28", label: "8.1.2"}
    assert runtimes.job_extensions == {label: {"mbstring": False, "gd": True}}
    assert runtimes.job_settings == {label: {"memory_limit": "64M"}}
    alike = Runtimes(facts(**{"php": cli(), f"php-job {label}": cli()}))
    assert (alike.job_settings, alike.job_extensions) == (None, None)


SHOP = {
    "port": 80,
    "pages": {
        "GET /a ": {"status": 200, "headers": {"Server": "x"}, "body": '{"n": 5}'},
        "GET /b ": {"status": 500, "headers": {}, "body": ""},
        "GET /c ": {"status": 413, "headers": {}, "body": '{"error": "too large"}'},
    },
    "web": {
        "facts": {
            "version": "8.2.1",
            "sapi": "apache2handler",
            "settings": {"memory_limit": "64M"},
            "files": {"loaded": "/php.ini", "scanned": []},
            "extensions": {"intl": None},
            "libraries": {},
            "apache_modules": ["core"],
        },
        "lines": [["/php.ini", 2, "memory_limit", "64M"]],
    },
}


def test_the_shop_answers_for_itself() -> None:
    """Where the shop is, its own page says what PHP is under the web server."""
    php = web(php=cli(shop=SHOP))
    assert (php.version, php.interface, php.apache_modules) == ("8.2.1", "apache2handler", ["core"])
    assert php.settings == {"memory_limit": item("64M", "/php.ini:2", own=True)}


def test_pages_of_the_shop() -> None:
    """A page's field, a refusal and a header; what was not asked is unknown."""
    shop = Shop(Runtimes(facts(php=cli(shop=SHOP))))
    assert shop.answer(Page("/a"), "n") == 5
    assert shop.answer(Page("/b")) == "500 (an empty page)"
    assert shop.answer(Page("/c"), "n") == "413 too large"
    assert shop.answer(Page("/a")) == '{"n": 5}'
    assert (shop.header(Page("/a"), "Server"), shop.header(Page("/a"), "X")) == ("x", None)
    assert (shop.status(Page("/b")), shop.port) == (500, 80)
    with pytest.raises(UnknownError, match="make it a constant"):
        shop.status(Page("/d"))


@pytest.mark.parametrize("body", ["<h1>no</h1>", '["error"]', '{"why": "no"}'])
def test_a_refusal_without_an_error_is_told_whole(body: str) -> None:
    """What a page refuses with, in whatever form, is never lost."""
    assert refusal(body) == body


def test_no_shop_is_absent() -> None:
    """Nobody else's server has pages that are asked."""
    shop = Shop(Runtimes(facts(php=cli())))
    assert (shop.answer(Page("/a")), shop.status(Page("/a")), shop.header(Page("/a"), "x")) == (
        (None,) * 3
    )


def test_merged_names_only_what_differs() -> None:
    """A name that one of them lacks is told by label, too."""
    answers = {"a": {"x": "1", "y": item("2", "/f:1")}, "b": {"y": item("2", "/g:9")}}
    assert merged(answers) == {"x": {"a": "1"}, "y": item("2", "/f:1")}
    assert merged({"a": None, "b": "1"}) == {"b": "1"}
    items: dict[str, JSON] = {"a": item("1", "/f:1"), "b": item("2", "/g:1")}
    assert merged(items) == items
