"""What somebody changed is found line by line, and only that is called somebody's own."""

import pytest

from deployment_drift.errors import UnknownError
from deployment_drift.probe.changes import Changes
from deployment_drift.probe.collect import Answer, Facts, Section
from deployment_drift.probe.settings import Setting, files, parse
from deployment_drift.records import item

POOL = "/etc/php/8.4/fpm/pool.d/www.conf"
INI = "/etc/php/8.4/fpm/php.ini"
MORE = (
    "config-permissions",
    "files-unread",
    "files-capable",
    "files-missing",
    "files-linked",
    "files-removed",
    "config-units",
)


def changes(**texts: str) -> Changes:
    """Return the changes that sections tell of; those that are not named are empty."""
    names = ("lines", "links", "unread", "packaged-ini", "alternatives", "as-brought", "owned")
    said = {f"config-{name}": texts.get(name.replace("-", "_"), "") for name in names}
    said |= {f"files-{name}": texts.get(name, "") for name in ("outside", "large")}
    said |= {name: texts.get(name.replace("-", "_"), "") for name in MORE}
    return Changes(Facts(lambda: {n: Section(Answer.ANSWERED, text) for n, text in said.items()}))


@pytest.mark.parametrize(
    ("text", "key", "value"),
    [
        ("memory_limit = 32M", "memory_limit", "32M"),
        ("php_admin_value[memory_limit] = 32M", "php_admin_value[memory_limit]", "32M"),
        ("export APP_ENV=prod", "APP_ENV", "prod"),
        ("net.core.somaxconn=4096", "net.core.somaxconn", "4096"),
        ("    client_max_body_size 64m;", "client_max_body_size", "64m;"),
        ("name: value", "name", "value"),
        ("* * * * * root job", "line: * * * * * root job", "there"),
        ("skip-name-resolve", "line: skip-name-resolve", "there"),
        ("video/ogg        ogv;", "line: video/ogg ogv;", "there"),
        ("gzip_types   text/css    text/xml;", "gzip_types", "text/css text/xml;"),
    ],
)
def test_a_line(text: str, key: str, value: str) -> None:
    """A line becomes what it sets; one that sets nothing stands for itself."""
    assert parse([(7, text)], sections=True) == (Setting(key, value, 7),)


def test_sections() -> None:
    """A key belongs to its section, but for PHP, where sections mean nothing."""
    lines = [(1, "[mysqld]"), (2, "port = 1"), (3, "[client]"), (4, "port = 2")]
    assert parse(lines, sections=True) == (
        Setting("[mysqld] port", "1", 2),
        Setting("[client] port", "2", 4),
    )
    assert parse(lines, sections=False) == (Setting("port", "1; 2", 4),)


def test_repeated_directives() -> None:
    """A directive that stands twice is two lines; neither is lost."""
    lines = [(1, "listen 80;"), (2, "listen 443;"), (3, "root /srv;")]
    found = parse(lines, sections=False)
    assert [line.key for line in found] == ["line: listen 80;", "line: listen 443;", "root"]


def test_files() -> None:
    """Lines belong to the file that was named last, and only numbered ones count."""
    assert files("noise\n@@ /a\n1\tx\n\n@@ /b\n@@ /c d\n2\ty\tz\n") == {
        "/a": ((1, "x"),),
        "/b": (),
        "/c d": ((2, "y\tz"),),
    }


@pytest.mark.parametrize(("state", "own"), [("OK", False), ("FAILED", True)])
def test_a_packaged_file(state: str, own: bool) -> None:  # noqa: FBT001 -- the expectation
    """The lines of a file are somebody's own when it is not as its package brought it."""
    said = changes(lines=f"@@ {POOL}\n9\tx = 1\n", as_brought=f"{POOL}: {state}\n")
    assert said.configuration == {POOL: {"x": {"is": "1", "at": f"{POOL}:9", "own": own}}}


@pytest.mark.parametrize(
    ("path", "own"),
    [
        *(("/etc/cron.d/app", True), ("/etc/php.d/x.ini", False), ("/etc/networks", False)),
        *(("/etc/nsswitch.conf", True), ("/etc/environment", True)),
        ("/etc/default/locale", True),
    ],
)
def test_other_files(path: str, own: bool) -> None:  # noqa: FBT001
    """A file that no package owns is somebody's, unless a package's script makes it."""
    said = changes(lines=f"@@ {path}\n1\tx = 1\n", owned="/etc/php.d/x.ini\n").configuration
    assert said is not None
    assert said[path]["x"]["own"] is own


def test_a_changed_php_ini() -> None:
    """In a changed php.ini only the lines are somebody's that are not PHP's own.

    Sections mean nothing to PHP: a line is the same in any.
    """
    said = changes(
        lines=f"@@ {INI}\n1\tmemory_limit = 1G\n2\t[Mail]\n3\tengine = On\n",
        as_brought=f"{INI}: FAILED\n",
        packaged_ini="@@ /usr/lib/php/8.4/php.ini-production\n"
        "1\t[PHP]\n2\tmemory_limit = 128M\n3\tengine = On\n",
    ).configuration
    assert said is not None
    assert {key: each["own"] for key, each in said[INI].items()} == {
        "memory_limit": True,
        "engine": False,
    }


def test_a_removed_file() -> None:
    """A packaged file that is gone is told; one that may only not be read is not."""
    said = changes(
        as_brought="/etc/a: FAILED open or read\n/etc/b: FAILED open or read\n", unread="/etc/b\n"
    )
    assert said.configuration == {
        "/etc/a": {"file": {"is": "removed", "at": "/etc/a", "own": True}}
    }


def test_what_may_not_be_read_is_unknown() -> None:
    """Where a file was closed to this user, nobody may say that nothing differs there."""
    assert changes().unread is None
    with pytest.raises(UnknownError, match=r"may not read /a, /b, /c and 1 more"):
        _ = changes(unread="/a\n/b\n/c\n/d\n").unread
    with pytest.raises(UnknownError, match=r"may not read /a, /b, /c$"):
        _ = changes(unread="/a\n/b\n/c\n").unread


def test_files_of_usr_local_that_may_not_be_read_are_unknown() -> None:
    """A file outside packages that was closed to this user may differ."""
    with pytest.raises(UnknownError, match="may not read /opt/run"):
        _ = changes(files_unread="/opt/run\n").unread


def test_what_a_service_was_started_with_unseen_is_not_the_same() -> None:
    """Where what a service was started with may set something unseen, parity is not known."""
    seen = changes().unread
    sections = {
        "config-unread": Section(Answer.ANSWERED),
        "files-unread": Section(Answer.ANSWERED),
        "unseen fpm 1": Section(Answer.ANSWERED, "php-fpm (/etc/php/8.4/fpm/php-fpm.conf)"),
    }
    assert seen is None
    with pytest.raises(
        UnknownError, match=r"php-fpm \(/etc/php/8.4/fpm/php-fpm.conf\) was started"
    ):
        _ = Changes(Facts(lambda: sections)).unread


def test_permissions() -> None:
    """A file that others may write, and a key that nobody reads, are told by owner and mode."""
    said = changes(
        config_permissions="-rw-rw-rw- 1 root root 40 Nov 25 16:51 /etc/cron.d/app\n"
        "-rw------- 1 www-data www-data 40 Nov 25 16:51 /etc/shop/jwt.pem\n"
        "-rw-r----- 1 root root 40 Nov 25 16:51 /etc/sudoers\n",
        as_brought="/etc/sudoers: OK\n",
    ).permissions
    assert said == {
        "/etc/cron.d/app": item("root:root 666", at="/etc/cron.d/app", own=True),
        "/etc/shop/jwt.pem": item("www-data:www-data 600", at="/etc/shop/jwt.pem", own=True),
        "/etc/sudoers": item("root:root 640", at="/etc/sudoers"),
    }


def test_links() -> None:
    """A link is somebody's when it leads to a site, out of the packages, or was chosen by hand."""
    row = "lrwxrwxrwx 1 root root 9 Feb  4  2025 "
    said = changes(
        links=f"crw-rw-rw- 1 root root 1, 3 Nov 25 16:52 /dev/null\n"
        f"{row}/etc/nginx/sites-enabled/app -> ../sites-available/app\n"
        f"{row}/etc/alternatives/php -> /usr/bin/php8.2\n"
        f"{row}/etc/alternatives/awk -> /usr/bin/mawk\n"
        f"{row}/etc/x -> /srv/x\n"
        f"{row}/etc/y -> /srv/y\n"
        f"{row}/etc/z -> z1\n",
        owned="/etc/y\n",
        alternatives="/var/lib/dpkg/alternatives/php\n",
    ).links
    assert said is not None
    assert {path: (each["is"], each["own"]) for path, each in said.items()} == {
        "/etc/nginx/sites-enabled/app": ("../sites-available/app", True),
        "/etc/alternatives/php": ("/usr/bin/php8.2", True),
        "/etc/alternatives/awk": ("/usr/bin/mawk", False),
        "/etc/x": ("/srv/x", True),
        "/etc/y": ("/srv/y", False),
        "/etc/z": ("z1", False),
    }
    assert said["/etc/x"]["at"] == "/etc/x"


def test_a_host_whose_configuration_was_not_looked_at_has_none() -> None:
    """No lines are not lines of which none was changed: there is nothing to compare."""
    absent = Facts(lambda: {"config-lines": Section(Answer.ABSENT)})
    assert Changes(absent).configuration is None


def test_what_is_in_a_closed_folder_is_not_removed() -> None:
    """Nobody removed a file that this user cannot see."""
    told = changes(as_brought="/etc/a/b: FAILED open or read\n", unread="/etc/a/\n")
    assert told.configuration == {}


def test_checksums_of_a_small_host() -> None:
    """Where only cksum is there, its sums are compared, too."""
    one, other = (changes(outside=f"{sum_} 12 /opt/run\n").files for sum_ in ("41", "42"))
    assert one != other
    assert set(one or ()) == {"/opt/run"}


def test_a_large_file_of_a_package_is_nobodys_own() -> None:
    """What is too large to be read by lines is somebody's own as a smaller file is."""
    said = changes(
        outside="a1  /etc/redis/redis.conf\nb2  /etc/my.map\n", owned="/etc/redis/redis.conf"
    )
    assert {path: each["own"] for path, each in (said.files or {}).items()} == {
        "/etc/redis/redis.conf": False,
        "/etc/my.map": True,
    }


def test_files_outside_packages() -> None:
    """A program has its hash; the files of a library are one entry, which any of them changes."""
    said = changes(
        outside="a1  /dev/null\nb2  /opt/php/bin/php\nc3  /opt/php/lib/x/1\nd4  /opt/php/lib/x/2\n"
    )
    other = changes(outside="b2  /opt/php/bin/php\nc3  /opt/php/lib/x/1\nee  /opt/php/lib/x/2\n")
    assert said.files is not None
    assert other.files is not None
    assert list(said.files) == ["/opt/php/bin/php", "/opt/php/lib/x/…"]
    copied = changes(outside="a1  /usr/lib/php/20240924/ioncube.so\n").files
    assert list(copied or ()) == ["/usr/lib/php/20240924/ioncube.so"]
    assert said.files["/opt/php/bin/php"]["is"] == "b2"
    assert said.files["/opt/php/lib/x/…"]["is"].startswith("2 files, ")
    assert said.files["/opt/php/lib/x/…"] != other.files["/opt/php/lib/x/…"]


def test_large_files() -> None:
    """A file that is too large to be hashed is compared by its size."""
    assert changes(large="9000000 bytes\t/opt/a b\n").files == {
        "/opt/a b": {"is": "9000000 bytes", "at": "/opt/a b", "own": True}
    }


def test_a_bound_is_said() -> None:
    """More files than are looked at make the rest unknown, never equal."""
    many = changes(outside="".join(f"a  /opt/{n}\n" for n in range(2001)))
    with pytest.raises(UnknownError, match="only 2,000 files"):
        _ = many.unread
    assert changes(outside="".join(f"a  /opt/{n}\n" for n in range(2000))).unread is None


def test_line_ends_of_windows() -> None:
    """Where lines end as on Windows, that is told where it begins."""
    said = changes(lines="@@ /etc/a.env\n1\tA=b\n2\tC=d\r\n").configuration
    assert said is not None
    assert said["/etc/a.env"]["line ends"] == item("CR LF", "/etc/a.env:2", own=True)


def test_programs_that_setcap_changed() -> None:
    """What was given to a program stands beside permissions; a package gives ping its own."""
    said = changes(
        files_capable="/opt/a b cap_net_raw=ep\n/usr/bin/ping = cap_net_raw+ep\n"
    ).permissions
    assert said == {
        "/opt/a b": item("cap_net_raw=ep", "/opt/a b", own=True),
        "/usr/bin/ping": item("cap_net_raw=ep", "/usr/bin/ping"),
    }


def test_what_was_removed_from_a_package() -> None:
    """What a package brought and somebody removed is told."""
    said = changes(
        files_outside="", files_large="", files_removed="/usr/share/zoneinfo/Asia\n"
    ).files
    path = "/usr/share/zoneinfo/Asia"
    assert said == {path: item("removed from its package", at=path, own=True)}


def test_libraries_that_programs_find() -> None:
    """A library that is there and that ldconfig has not read is not found."""
    said = changes(
        files_outside="", files_large="", files_linked="liba.so.1 /opt/a/lib/liba.so.1\n"
    )
    told = item("is found", at="/opt/a/lib/liba.so.1", own=True)
    assert said.files == {"liba.so.1": told}


def test_what_is_named_and_missing() -> None:
    """A file that configuration names is told where it is not there."""
    path = "/usr/share/GeoIP/a.mmdb"
    said = changes(files_missing=f"{path}\n").files
    assert said == {path: item("named, but missing", path, own=True)}


def test_units_beside_those_of_etc() -> None:
    """A unit is somebody's own where no package knows it, or not as it is."""
    folder = "/usr/lib/systemd/system"
    said = changes(
        lines=f"@@ {folder}/a.service\n1\t[Service]\n2\tUser=a\n@@ {folder}/b.service\n1\tC=d\n",
        config_units=f"{folder}/a.service\n",
    ).configuration
    assert said is not None
    assert [each["own"] for lines in said.values() for each in lines.values()] == [True, False]


def test_links_outside_of_packages_are_told() -> None:
    """Where a program's name leads is told beside the files there; releases are all the same."""
    rows = ("/usr/local/bin/php -> /opt/php/bin/php", "/opt/shop -> /opt/releases/7", "/etc/a -> b")
    said = "".join(f"lrwxrwxrwx 1 root root 9 Nov 25 16:56 {row}\n" for row in rows)
    found = changes(links=said)
    assert found.files == {
        "/usr/local/bin/php": item("leads to /opt/php/bin/php", "/usr/local/bin/php", own=True),
        "/opt/shop": item("leads to /opt/releases/*", "/opt/shop", own=True),
    }
    assert list(found.links or ()) == ["/etc/a"]


def test_a_script_that_starts_a_service_and_was_edited_is_told() -> None:
    """It may set a limit or a variable; one that is as its package brought it is not a row."""
    states = {"php8.4-fpm": "FAILED", "cron": "OK"}
    said = "".join(f"/etc/init.d/{name}: {state}\n" for name, state in states.items())
    path = "/etc/init.d/php8.4-fpm"
    found = changes(as_brought=said + "/etc/issue: FAILED\n").configuration
    assert found == {path: {"file": item("edited", path, own=True)}}
