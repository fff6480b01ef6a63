"""The application is the same thing on every host, wherever it is and whatever it wrote itself."""

import re
from typing import Any, cast

import pytest

from deployment_drift.errors import UnknownError
from deployment_drift.probe.application import SECTIONS, Applications
from deployment_drift.probe.collect import Answer, Facts, Section
from deployment_drift.records import item

HASH = "0123456789abcdef"


def applications(**texts: str) -> Applications:
    """Return the applications of a host with these texts, as `files` for `application-files`."""
    named = {f"application-{name}": text for name, text in texts.items()}
    named["application"] = named.pop("application-described", "@@ app /srv/app\n")
    sections = {name: Section(Answer.ANSWERED, named.get(name, "")) for name in SECTIONS}
    return Applications(Facts(lambda: sections))


def told(inventory: Any) -> dict[str, Any]:  # noqa: ANN401 -- JSON
    """Return what is told of the only application, each entry's value by its name."""
    return {name: entry["is"] for name, entry in entries(inventory).items()}


def entries(inventory: Any) -> dict[str, Any]:  # noqa: ANN401 -- JSON
    """Return the entries of the only application."""
    return cast("dict[str, dict[str, Any]]", inventory["application"])


def test_no_application_is_absent() -> None:
    """Where there is none, every answer is None."""
    sections = dict.fromkeys(SECTIONS, Section(Answer.ABSENT))
    none = Applications(Facts(lambda: sections))
    assert [none.folders, none.files, none.settings, none.unread, none.revision] == [None] * 5


def test_file_is_told_by_its_path_within_the_application() -> None:
    """A file has one name wherever the application is, and the row says where."""
    found = applications(
        described="@@ app /var/www/a\n", files=f"@@ app /var/www/a\n{HASH} /var/www/a/run.php\n"
    ).files
    assert found == {
        "application": {"run.php": {"is": HASH, "at": "/var/www/a/run.php", "own": True}}
    }


def test_a_folder_above_that_is_closed_is_told() -> None:
    """Whose folder nobody may enter has an application that nobody may read."""
    rows = "drwxr-xr-x 3 root root 4096 Nov 25 16:51 /home\ndrwxr-x--- 3 joe joe 4096 Nov 25 16:51 "
    at = "/home/joe/app"
    said = f"@@ app {at}\n@@ user www-data staff\n{rows}/home/joe\n"
    closed = entries(applications(described=said).permissions)
    what = "joe:joe 750, www-data cannot enter it"
    assert closed == {"/home/joe": item(what, "/home/joe", own=True)}
    assert applications(described=said.replace("x---", "x--x")).permissions is None


LOG = "-rw-r--r-- 1 {} {} 9 Nov 25 16:51 /srv/app/storage/logs/app-2026-11-25.log\n"


def test_a_log_that_cannot_be_appended_to_is_told() -> None:
    """A log of root's ends each page with an error, whatever its day; its content is no file."""
    said = "@@ app /srv/app\n@@ user www-data www-data\n"
    found = applications(described=said + LOG.format("root", "root"))
    entry = "storage/logs/app-*-*-*.log"
    assert told(found.permissions) == {entry: "root:root 644, www-data cannot write it"}
    assert found.files is None
    assert applications(described=said + LOG.format("www-data", "root")).permissions is None


def test_package_of_composer_is_one_entry() -> None:
    """The files of one package are one entry; of what Composer generates, its loader is told."""
    listed = "".join(
        f"{HASH} /srv/app/vendor/{name}\n"
        for name in (
            "acme/clock/a.php",
            "acme/clock/b.php",
            "composer/installed.json",
            "autoload.php",
        )
    )
    found = entries(applications(files=f"@@ app /srv/app\n{listed}").files)
    assert found.pop("vendor/autoload.php")["is"] == "there"
    (clock,) = found.items()
    assert clock[0] == "vendor/acme/clock"
    assert (clock[1]["at"], clock[1]["own"]) == ("/srv/app/vendor/acme/clock", True)


def test_classes_that_composer_finds_are_one_entry() -> None:
    """A class map of another day does not find new classes, whatever the packages say."""
    found = [
        entries(
            applications(files=f"@@ app /srv/app\n{digest} /srv/app/vendor/composer/{name}").files
        )
        for digest, name in (
            (HASH, "autoload_classmap.php\n"),
            (HASH[::-1], "autoload_classmap.php\n"),
        )
    ]
    assert [list(each) for each in found] == [["vendor/composer/autoload_*.php"]] * 2
    assert found[0]["vendor/composer/autoload_*.php"]["own"] is True  # told as somebody's own
    assert found[0] != found[1]


def test_what_composer_asks_of_the_platform_is_told() -> None:
    """A check for another PHP ends every request; its words are Composer's, not somebody's."""
    listed = f"@@ app /srv/app\n{HASH} /srv/app/vendor/composer/platform_check.php\n"
    (check,) = entries(applications(files=listed).files).items()
    assert (check[0], check[1]["own"]) == ("vendor/composer/platform_check.php", False)


def test_package_changes_with_any_of_its_files() -> None:
    """One other file in a package is another entry."""
    one, other = (
        told(applications(files=f"@@ app /srv/app\n{digest} /srv/app/vendor/a/b/c.php\n").files)
        for digest in (HASH, HASH[::-1])
    )
    assert one.keys() == other.keys()
    assert one != other


def test_packages_are_told_with_their_versions() -> None:
    """Composer's packages are name and version."""
    found = applications(packages="@@ app /srv/app\nacme/clock v3.2.0\na/b dev-main 3 f\n").packages
    at = "/srv/app/vendor/composer/installed.json"
    assert entries(found) == {
        "acme/clock": item("v3.2.0", at, own=True),
        "a/b": item("dev-main 3 f", at, own=True),
    }


SETTINGS = """@@ app /srv/app
@@ file /srv/app/.env
1\tAPP_ENV=prod
2\t# APP_OLD=1
3\tDB_PASSWORD=<secret 3f9a>
@@ file /srv/app/public/.htaccess
1\t<IfModule mod_rewrite.c>
2\tRewriteRule ^ index.php [L]
3\t</IfModule>
4\tphp_value memory_limit 64M
@@ file /srv/app/.env.local.php
1\t<?php
2\treturn ['A' => 'b'];
@@ file /srv/app/wp-config.php
1\t<?php
2\tdefine( 'WP_DEBUG', true );
3\t$table_prefix = 'wp_';
@@ file /srv/app/config/mail.yaml
1\tmail:
2\t  host: smtp.example # ours
3\t  ports:
4\t    - 25
"""


def test_settings_are_told_line_by_line() -> None:
    """Files with settings are told by their names and values, whatever their form."""
    found = cast("dict[str, dict[str, Any]]", applications(settings=SETTINGS).settings)
    values = {file: {name: one["is"] for name, one in each.items()} for file, each in found.items()}
    assert values == {
        ".env": {"APP_ENV": "prod", "DB_PASSWORD": "<secret 3f9a>"},
        "public/.htaccess": {"php_value memory_limit": "64M"},
        "public/.htaccess: IfModule mod_rewrite.c": {"RewriteRule ^": "index.php [L]"},
        "wp-config.php": {"WP_DEBUG": "true", "$table_prefix": "wp_"},
        "config/mail.yaml": {"mail.host": "smtp.example", "mail.ports.- 25": "set"},
    }
    assert found[".env"]["DB_PASSWORD"]["at"] == "/srv/app/.env:3"


def test_settings_of_a_second_application_have_its_name() -> None:
    """Beside the application, files of others are told with what those are called."""
    both = "@@ app /srv/shop\n@@ name acme/shop\n@@ app /srv/b\n@@ name acme/b\n"
    files = "@@ app {0}\n@@ file {0}/.env\n1\tA=b\n"
    settings = files.format("/srv/shop") + files.format("/srv/b")
    found = applications(described=both, settings=settings).settings
    assert set(found or ()) == {".env", "acme/b .env"}


def test_code_with_settings_is_one_file() -> None:
    """A file of PHP with settings is one row: its lines mean nothing alone."""
    found = entries(applications(settings=SETTINGS).files)
    assert found.keys() == {".env.local.php"}
    assert re.fullmatch("[0-9a-f]{16}", found[".env.local.php"]["is"])
    assert found[".env.local.php"].items() > {"at": "/srv/app/.env.local.php", "own": True}.items()


LISTED = """@@ app /srv/app
@@ user www-data staff www-data
@@ revision 3f2a
drwxr-xr-x 3 root root 4096 Nov 25 16:56 /srv/app
drwxr-xr-x 2 root root 4096 Nov 25 16:56 /srv/app/src
drwxr-xr-x 2 root root 4096 Nov 25 16:56 /srv/app/src/Mail
drwxrwsr-x 2 deploy www-data 4096 Nov 25 16:56 /srv/app/src/out
drwx------ 2 www-data www-data 4096 Nov 25 16:56 /srv/app/upload
lrwxrwxrwx 1 root root 21 Nov 25 16:56 /srv/app/public -> /srv/app/releases/2025/public
lrwxrwxrwx 1 root root 21 Nov 25 16:56 /srv/app/copy -> /srv/app/old/srv/app/x
-rw-r----- 1 root www-data 120 Nov 25 16:56 /srv/app/readable
-rw------- 1 root root 120 Nov 25 16:56 /srv/app/oauth.key
-rw-r--r-- 1 root root 6000000 Nov 25 16:56 /srv/app/film.mp4
"""


def test_permissions_say_who_can_write_and_cannot_read() -> None:
    """Uppermost folders and those unlike the one above are told, and unreadable files."""
    mail = f"@@ app /srv/app\n{HASH} /srv/app/src/Mail/Mail.php\n"
    found = entries(applications(described=LISTED, files=mail).permissions)
    assert found == {
        name: item(what, f"/srv/app/{name}".removesuffix("/."), own=True)
        for name, what in {
            ".": "root:root 755",
            "src": "root:root 755",
            "src/out": "deploy:www-data 2775, www-data can write",
            "upload": "www-data:www-data 700, www-data can write",
            "oauth.key": "root:root 600, www-data cannot read it",
        }.items()
    }


def test_links_are_relative_to_the_application() -> None:
    """A link into the application leads to the same place wherever that is."""
    assert entries(applications(described=LISTED).links) == {
        "public": item("./releases/*/public", "/srv/app/public", own=True),
        "copy": item("./old/srv/app/x", "/srv/app/copy", own=True),
    }


def test_keys_and_big_files_are_told_unread() -> None:
    """A key is there, a big file has a size: neither is read."""
    hashed = f"@@ app /srv/app\n{HASH} /srv/app/readable\n"
    found = entries(applications(described=LISTED, files=hashed).files)
    assert found == {
        "readable": item(HASH, "/srv/app/readable", own=True),
        "oauth.key": item("there, not read", "/srv/app/oauth.key", own=True),
        "film.mp4": item("6,000,000 bytes", "/srv/app/film.mp4", own=True),
    }
    set_up = "@@ app /srv/app\n@@ file /srv/app/oauth.key\n1\tA=b\n"
    other = applications(described=LISTED, files=hashed, settings=set_up)
    assert entries(other.files).keys() == {"readable", "film.mp4"}


def test_revision_is_told() -> None:
    """What says which revision was deployed is believed."""
    assert applications(described=LISTED).revision == {"application": "3f2a"}


def test_release_folder_is_the_same_place() -> None:
    """The folder of an application is told without the name of its release."""
    found = applications(described="@@ app /srv/app/releases/20250301T1200\n")
    assert found.folders == {"application": "/srv/app/releases/*"}


def test_whole_application_comes_before_a_served_folder() -> None:
    """Of several, the first that is more than a folder is `application`, others have names."""
    found = applications(
        described="@@ app /var/www/html\n@@ app /srv/shop\n@@ app /srv/b\n@@ name acme/b\n"
        "@@ app /srv/c/current\n",
        settings="@@ app /srv/shop\n@@ file /srv/shop/.env\n1\tA=b\n",
    )
    assert found.folders == {
        "application": "/srv/shop",
        "/var/www/html": "/var/www/html",
        "acme/b": "/srv/b",
        "c": "/srv/c/current",
    }


def test_applications_of_one_name_are_numbered() -> None:
    """A second of a name does not take the first's place."""
    b, c = (f"@@ app /srv/{name}\n@@ name acme/b\n" for name in "bc")
    found = applications(described=f"@@ app /srv/shop\n@@ name acme/shop\n{b}{c}")
    told = {"application": "/srv/shop", "acme/b": "/srv/b", "acme/b (3)": "/srv/c"}
    assert found.folders == told


def test_names_that_differ_by_case_are_told() -> None:
    """Two files that would be one on another file system are told together."""
    found = applications(
        files="@@ app /srv/app\n" + "".join(f"{HASH} /srv/app/{name}.php\n" for name in "Aab")
    )
    assert found.twins == {"application": {"a.php": ["A.php", "a.php"]}}


@pytest.mark.parametrize(
    "files",
    [
        "sha256sum: /srv/app/x: Permission denied\n",
        "find: /srv/app/y: Permission denied\n",
        "".join(f"{HASH} /srv/app/{number}\n" for number in range(20_001)),
    ],
)
def test_what_was_not_looked_at_is_unknown(files: str) -> None:
    """A file or folder that may not be read, or one too many, is never parity."""
    found = applications(files=f"@@ app /srv/app\n{files}")
    with pytest.raises(UnknownError):
        _ = found.unread


def test_all_that_was_looked_at_leaves_nothing_unread() -> None:
    """Where everything was looked at, there is nothing to tell."""
    assert applications(files=f"@@ app /srv/app\n{HASH} /srv/app/a.php\n").unread is None


def test_folder_that_may_not_be_entered_is_unknown() -> None:
    """An application whose folder is closed to this user is unknown, not absent."""
    with pytest.raises(UnknownError, match="/srv/app"):
        _ = applications(described="@@ refused /srv/app\n").files


FOLDERS = """@@ app /srv/app
@@ user www-data staff www-data
@@ filled storage/framework pub/static
@@ needed storage/framework/views
@@ empty pub/static
drwxr-xr-x 3 root root 4096 Nov 25 16:56 /srv/app
drwxr-xr-x 2 root root 4096 Nov 25 16:56 /srv/app/pub
drwxr-xr-x 2 root root 4096 Nov 25 16:56 /srv/app/pub/static
drwxr-xr-x 2 root root 4096 Nov 25 16:56 /srv/app/storage/framework
drwxr-xr-x 2 root root 4096 Nov 25 16:56 /srv/app/src/Mail
drwxr-xr-x 2 root root 4096 Nov 25 16:56 /srv/app/src/Mail/out
drwxr-xr-x 2 www-data root 4096 Nov 25 16:56 /srv/app/src/Mail/mine
drwxr-xr-x 2 www-data root 4096 Nov 25 16:56 /srv/app/src/Mail/mine/2026
-rwxr-xr-x 2 root root 4096 Nov 25 16:56 /srv/app/bin/console
-rw-r--r-- 2 root root 4096 Nov 25 16:56 /srv/app/bin/job
-rwxr-xr-x 2 root root 4096 Nov 25 16:56 /srv/app/readme
"""


def test_folders_that_hold_nothing_are_told() -> None:
    """Pages lose their files where a folder is empty, or gone; what a service made is data."""
    found = told(applications(described=FOLDERS).permissions)
    assert found["pub/static"] == "root:root 755, empty"
    assert found["storage/framework/views"] == "there"
    assert found["src/Mail/out"] == "root:root 755"
    assert "src/Mail/mine/2026" not in found


def test_who_may_read_a_key_is_told() -> None:
    """A program refuses a key that others may read; what is in it is never looked at."""
    lines = "".join(
        f"-rw{mode} 1 www-data www-data 9 Nov 25 16:56 /srv/app/storage/oauth-{name}.key\n"
        for name, mode in (("private", "-------"), ("public", "-r--r--"))
    )
    found = told(applications(described=f"@@ app /srv/app\n{lines}").permissions)
    assert found["storage/oauth-private.key"] == "www-data:www-data 600, a key"
    assert found["storage/oauth-public.key"] == "www-data:www-data 644, a key"


def test_what_is_run_by_its_name_is_told() -> None:
    """A script that lost its permission is not run; of other files that says nothing."""
    found = told(applications(described=FOLDERS).permissions)
    assert found["bin/console"] == "root:root 755, can be run"
    assert not {"bin/job", "readme"} & found.keys()


@pytest.mark.parametrize(("file", "told"), [(".env", "A"), ("web.env", "A"), ("a.ini", "")])
def test_blanks_at_the_end_of_a_value_are_told(file: str, told: str) -> None:
    """Docker keeps them as a part of a variable's value, and nobody sees them."""
    lines = f"@@ app /srv/app\n@@ file /srv/app/{file}\n1\tA=b{{0}}\n2\t# c=d \n3\tE=f\n"
    plain, other = (applications(settings=lines.format(end)).settings for end in ("", " "))
    assert plain is not None
    assert other is not None
    blank = item(told, f"/srv/app/{file}:1", own=True)
    assert other == {file: plain[file] | ({"blanks at the end of": blank} if told else {})}


def test_line_ends_of_windows_are_told_once() -> None:
    """A shell keeps them as a part of each value, so that they are told, where they begin."""
    lines = "@@ app /srv/app\n@@ file /srv/app/.env\n1\tA=b\n2\tC=d{0}\n3\tE=f{0}\n"
    plain, other = (applications(settings=lines.format(end)).settings for end in ("", "\r"))
    assert plain is not None
    ended = item("CR LF", "/srv/app/.env:2", own=True)
    assert other == {".env": plain[".env"] | {"line ends": ended}}


def test_what_apache_reads_above_an_application() -> None:
    """A .htaccess above the application is called by its path, and a release's folder by none."""
    at = "/var/www/releases/7/app"
    lines = f"@@ app {at}\n@@ file /var/www/.htaccess\n1\tDeny from all\n@@ file "
    lines += f"/var/www/releases/7/.htaccess\n1\tOptions None\n@@ file {at}/.htaccess\n1\tx y\n"
    found = applications(described=f"@@ app {at}\n", settings=lines).settings
    assert found is not None
    assert set(found) == {"/var/www/.htaccess", "/var/www/releases/*/.htaccess", ".htaccess"}
