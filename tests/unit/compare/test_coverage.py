"""What there was to compare, and what was not found."""

import pytest

from deployment_drift.compare.comparison import Comparison
from deployment_drift.compare.coverage import KINDS, coverage, kinds, sentence, unmet
from deployment_drift.errors import DriftError
from deployment_drift.probe.questions import WebPage
from deployment_drift.records import JSON, Check, Observation, Status
from tests.unit.conftest import observation


def made(name: str, subject: str, *values: JSON) -> Comparison:
    """Return a comparison of local and release."""
    seen = zip(("local", "release"), map(observation, values), strict=True)
    return Comparison(Check(name, subject, name, "it matters."), dict(seen))


PHP = made("php_version", "php", "8.4", "8.2")
KERNEL = made("kernel", "system", "6", "6")
NOWHERE = made("server_header", "webserver", None, None)


def test_what_is_nowhere_is_counted_apart() -> None:
    """A check that applies to no host is made, and says nothing."""
    found = coverage([PHP, KERNEL, NOWHERE])
    assert (found.made, found.applied, found.hosts) == (3, 2, ("local", "release"))
    assert found.found["php"] == ("local", "release")
    assert "web" in found.nowhere
    assert "php" not in found.nowhere


@pytest.mark.parametrize(
    ("check", "kind"),
    [
        (made("memory_limit", "settings", "1", "1"), "php"),
        (made("directives", "webserver", {"a": 1}, {"a": 1}), "web"),
        (made("composer", "application", {"a": 1}, {"a": 1}), "app"),
        (made("database_settings", "services", {"PostgreSQL": {}}, {"MariaDB": {}}), "database"),
        (made("services", "services", ["nginx", "mysqld"], ["mariadbd"]), "database"),
        (made("database_settings", "services", {"Redis": {}}, {"Redis": {}}), "cache"),
        (made("services", "services", {"memcached": "runs"}, ["redis-server"]), "cache"),
        (made("jobs", "system", {"a": 1}, {"a": 1}), "cron"),
        (made("timers", "system", {"a": 1}, {"a": 1}), "cron"),
        (made("mail_transfer_agent", "mail", "/usr/sbin/exim4", "/usr/sbin/exim4"), "mail"),
        (made("smtp_port", "mail", 1, 1), "mail"),
        (made("every_package", "inventory", {"a": 1}, {"a": 1}), "packages"),
    ],
)
def test_kinds_are_found_by_their_checks(check: Comparison, kind: str) -> None:
    """Each kind has checks that find it, and no other kind is found by them."""
    assert set(KINDS) - set(coverage([check]).nowhere) == {kind}


def test_a_name_for_mails_is_no_mail() -> None:
    """A name that mails would carry sends none."""
    assert "mail" in coverage([made("mail_domain", "mail", "shop.test", "shop.test")]).nowhere


def test_other_services_are_no_database() -> None:
    """What runs is looked at by name."""
    found = coverage([made("services", "services", {"nginx": "runs"}, ["mysqld"])]).found
    assert (found["database"], found["cache"]) == (("release",), ())


@pytest.mark.parametrize("value", [None, False, 0, "", {}, [], "?gone"])
def test_nothing_is_not_found(value: JSON) -> None:
    """An empty answer, or none, is not the thing itself."""
    found = coverage([made("php_version", "php", "8.4", value)])
    assert found.found["php"] == ("local",)
    assert found.missing(["php"]) == {"php": ("release",)}


def test_what_was_expected_is_missed_by_host() -> None:
    """Each expected kind is named with the hosts that lack it."""
    missing = coverage([PHP, NOWHERE]).missing(["php", "web"])
    assert missing == {"web": ("local", "release")}
    assert sentence(missing) == "expected but not found: no web on local, release"
    assert (
        sentence({"web": ["a"], "php": ["b"]}) == "expected but not found: no web on a; no php on b"
    )
    assert sentence({}) == ""


def test_without_any_check_everything_expected_is_missing() -> None:
    """A run that compared nothing found nothing."""
    missing = coverage([]).missing(["php"])
    assert sentence(missing) == "expected but not found: no php on any host"


def test_what_a_host_did_not_say_is_not_said_to_be_missing() -> None:
    """A host that is out of reach may well have PHP: nobody has looked."""
    silent = made("php_version", "php", "?gone", None)
    found = coverage([silent, KERNEL, NOWHERE])
    assert "php" not in found.nowhere
    assert "web" in found.nowhere
    assert not found.little
    assert found.missing(["php"]) == {"php": ("local", "release")}


def test_little_is_told() -> None:
    """Without PHP and a web server, or with few answers, a parity says little."""
    web = made("port", "webserver", 80, 80)
    nothing = made("nothing", "own", None, None)
    assert coverage([KERNEL]).little
    assert not coverage([PHP]).little
    assert not coverage([web, nothing, nothing, nothing]).little
    assert coverage([web, nothing, nothing, nothing, nothing]).little


def test_a_parity_without_php_and_web_says_little_whatever_else_is_there() -> None:
    """Everything else that a host can have does not make up for the two."""
    seen = ["mariadb", "redis"]
    others = [
        made("files", "application", 1, 1),
        made("services", "services", seen, seen),
        made("jobs", "system", 1, 1),
        made("smtp_port", "mail", 25, 25),
        made("every_package", "inventory", 1, 1),
    ]
    found = coverage(others)
    assert set(found.nowhere) == {"php", "web"}
    assert found.little


def test_kinds_are_read_and_misspelt_ones_named() -> None:
    """`--expect` takes several kinds, each once, and names the likely one."""
    assert kinds(" php, web,php,") == ("php", "web")
    assert kinds("") == ()
    with pytest.raises(DriftError, match="--expect phpp: there is no such") as caught:
        kinds("web,phpp")
    assert caught.value.hint == "--expect php"
    with pytest.raises(DriftError) as caught:
        kinds("xyz")
    assert caught.value.hint == f"there are {', '.join(KINDS)}"


def test_what_a_page_has_to_answer_is_named_with_the_hosts_that_do_not() -> None:
    """An answer is expected of every host that could be asked, and a pattern has to match."""
    page = WebPage("/", body="v", expect=(("status", 200), ("server", "nginx")))
    check = Check("page_root", "web_pages", "Page", "it matters.", test="page", case="/")
    seen: list[JSON] = [{"status": 200, "server": "nginx", "body": "v"}, {"status": 500}]
    answers = zip(("a", "b"), map(observation, seen), strict=True)
    assert unmet([Comparison(check, dict(answers))], [page, WebPage("/other", body="v")]) == {
        "body of /": ("b",),
        "status 200 of /": ("b",),
        "server nginx of /": ("b",),
    }
    unknown = Observation(Status.UNKNOWN, reason="it does not answer")
    assert unmet([Comparison(check, {"a": observation(seen[0]), "b": unknown})], [page]) == {}
