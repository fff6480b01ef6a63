"""How an application and what somebody changed are found, also where not everything may be read."""

import os
from hashlib import md5
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from deployment_drift.probe.application import Applications
from deployment_drift.probe.collect import Facts
from tests.programs.parts import SH, parts, run, write


def test_an_application_in_a_closed_folder_is_told(shell: list[str]) -> None:
    """What is served from where this user may not look is no application that is absent."""
    if os.geteuid() == 0:
        shell = ["setpriv", "--reuid=65534", "--clear-groups", *shell]
    with TemporaryDirectory() as name:
        (Path(name) / "shop" / "public").mkdir(parents=True)
        Path(name).chmod(0)
        found = run(shell, f"{parts()}\nsection root root {name}/shop/public")
        nowhere = run(shell, f"{parts()}\nsection root root /nowhere/public")
        Path(name).chmod(0o700)
    assert found["root"].text.strip() == name
    assert not nowhere["root"].text.strip()


def test_long_lines_are_told_to_their_end(shell: list[str], tmp_path: Path) -> None:
    """What stands behind thousands of characters or of lines is compared like the rest."""
    file = tmp_path / "long.conf"
    file.write_text("a = 1\n" * 6000 + f"b = {'x' * 3000}end\n")
    text = parts("changes.sh") + f"\nsection asked eval 'echo {file} | counting_lines'"
    said = run(shell, text)["asked"].text
    assert "\n6001\tb = " in said
    assert said.rstrip().endswith("xend")


def application(shell: list[str], folder: Path) -> Applications:
    """Return what is told of an application in a folder of this machine."""
    text = f"{parts()}apps='{folder}'\n{(SH / 'application.sh').read_text('utf-8')}"
    return Applications(Facts(lambda: run(shell, text)))


def test_an_application_whose_path_has_a_blank(shell: list[str], tmp_path: Path) -> None:
    """A blank in the folder's name hides no file of the application."""
    folder = tmp_path / "my app"
    write(folder, "public/index.php", "vendor/acme/a/config.php", "config/app.ini", "var/log/x.php")
    found = application(shell, folder)
    files, settings = found.files, found.settings
    assert isinstance(files, dict)
    assert isinstance(settings, dict)
    assert set(files["application"]) == {"public/index.php", "vendor/acme/a"}
    assert set(settings) == {"config/app.ini"}
    assert found.unread is None


def test_folders_above_an_application(shell: list[str], tmp_path: Path) -> None:
    """Each folder on the way to an application is listed: a closed one closes it."""
    write(tmp_path / "deploy", "app/index.php")
    text = f"{parts()}apps='{tmp_path}/deploy/app'\n{(SH / 'application.sh').read_text('utf-8')}"
    said = run(shell, text)["application"].text
    assert f" {tmp_path}/deploy\n" in said
    assert f" {tmp_path}\n" in said


@pytest.mark.parametrize("server", ["Listen 80", ""])
def test_what_apache_reads_above(shell: list[str], tmp_path: Path, server: str) -> None:
    """Apache looks for a .htaccess in each folder above the application, too; nginx does not."""
    write(tmp_path, "app/index.php")
    (tmp_path / ".htaccess").write_text("Deny from all\n")
    named = f"apps='{tmp_path}/app' apache_said='{server}'\n"
    text = f"{parts()}{named}{(SH / 'application.sh').read_text('utf-8')}"
    said = run(shell, text)["application-settings"].text
    assert (f"@@ file {tmp_path}/.htaccess\n1\tDeny from all" in said) is bool(server)


def test_what_root_has_left_in_an_application(shell: list[str], tmp_path: Path) -> None:
    """Logs and folders of caches that no service owns are listed; what is deeper is not."""
    write(tmp_path, "storage/logs/a.log", "storage/logs/a.txt", "var/cache/prod/b.php", "index.php")
    begun = f"{parts()}app={tmp_path} above='' users="
    asked = '\nunwritable\nsection x printf %s "$above"'
    mine, other = (run(shell, f"{begun}{user}{asked}")["x"].text for user in (os.geteuid(), 54321))
    assert not mine.strip()
    assert sorted(other.split()) == [f"{tmp_path}/storage/logs/a.log", f"{tmp_path}/var/cache/prod"]


def test_packages_of_npm(shell: list[str], tmp_path: Path) -> None:
    """That npm's packages are there is told, and what is locked in them by one hash."""
    write(tmp_path, "index.php", "node_modules/.package-lock.json", "node_modules/a/index.js")
    found = application(shell, tmp_path)
    files, permissions = found.files, found.permissions
    assert isinstance(files, dict)
    assert isinstance(permissions, dict)
    assert set(files["application"]) == {"index.php", "node_modules/.package-lock.json"}
    assert "node_modules" in permissions["application"]


NAMED = """
nginx_said='7\troot {0}/app/public;
9\taccess_log {0}/logs/a.log;' apache_said=
applications={0}/app settings_1={0}/app/config.php
changed=/etc/a outside='' named_folders='' missing_files='' exposed=''
found=$(paths_named)
"""


@pytest.mark.parametrize(
    "place", ["/etc/lighttpd/*.conf", "/etc/caddy/Caddyfile", "/opt/*/*/etc/php-fpm.d/*.conf"]
)
def test_paths_that_other_layouts_name(shell: list[str], tmp_path: Path, place: str) -> None:
    """A folder for uploads is named by lighttpd, by Caddy, or by a pool of a PHP below /opt."""
    (tmp_path / "named.conf").write_text(f'server.upload-dirs = ( "{tmp_path}/data" )\n')
    text = parts().replace("boot|tmp|var", "boot|var").replace(place, f"{tmp_path}/named.conf")
    found = run(shell, f'{text}{NAMED.format(tmp_path)}section x printf %s "$found"\n')
    assert f"{tmp_path}/data" in found["x"].text.split()


def test_paths_that_configuration_names(shell: list[str], tmp_path: Path) -> None:
    """What settings lead to is looked at: folders, files of settings, code; no log, key or link."""
    write(
        tmp_path, "app/public/index.php", "data/x", "shop.env", "lib/a.php", "b.key", "logs/a.log"
    )
    (tmp_path / "link.php").symlink_to(tmp_path / "lib/a.php")
    lines = "".join(
        f"$x = '{tmp_path}/{name}';\n"
        for name in ("data", "shop.env", "lib/a.php", "b.key", "link.php", "app/public", "gone")
    )
    (tmp_path / "app/config.php").write_text(f"<?php\n// '{tmp_path}/app/../lib'\n{lines}")
    asked = NAMED.format(tmp_path).replace("\\t", "\t") + 'for_each note_named "$found"\n'
    names = ("changed", "outside", "named_folders")
    told = "".join(f'section {name} printf %s "${name}"\n' for name in names)
    text = parts().replace("boot|tmp|var", "boot|var") + asked + told
    found = {name: section.text for name, section in run(shell, text).items()}
    assert found["changed"] == f"/etc/a\n{tmp_path}/shop.env"
    assert found["outside"] == f"{tmp_path}/lib/a.php"
    assert set(found["named_folders"].split("\n")) == {f"{tmp_path}/logs", f"{tmp_path}/data"}


def test_switches_of_an_application(shell: list[str], tmp_path: Path) -> None:
    """A cached configuration and a page for maintenance decide, whoever wrote them."""
    write(tmp_path, "bootstrap/cache/config.php", "bootstrap/cache/packages.php")
    write(tmp_path, "storage/framework/down", "storage/framework/views/a.php", "index.php")
    files = application(shell, tmp_path).files
    assert isinstance(files, dict)
    assert set(files["application"]) == {
        *("index.php", "bootstrap/cache/config.php", "storage/framework/down")
    }


@pytest.mark.parametrize("line", ['root "/srv/my app";', "root '/srv/my app';", "root /srv/my;"])
def test_what_is_served_is_found(shell: list[str], line: str) -> None:
    """What a web server serves is a path, also where it has to be quoted."""
    said = line.replace("'", "'\\''")
    found = run(shell, f"{parts()}nginx_said='1\t  {said}' apache_said=\nsection x served\n")
    assert line.split(" ", 1)[1].strip("\"';") in found["x"].text.splitlines()


def test_permissions_that_matter(shell: list[str], tmp_path: Path) -> None:
    """What others may write or not read is told, and a key; what everybody reads is not."""
    for name, mode in (("a", 0o666), ("b", 0o640), ("c", 0o644), ("d.pem", 0o644), ("s/k", 0o644)):
        write(tmp_path, name)
        (tmp_path / name).chmod(mode)
    before = parts("changes.sh").replace("find /etc $outside_of", f"find {tmp_path}")
    before = before.replace("(etc|", f"({str(tmp_path)[1:].replace('/', '.')}|").replace(
        "! -user 0", "-user 7"
    )
    found = run(shell, f"{before}\nsection x those_unread '/nowhere\n/proc'")
    listed = found["config-permissions"].text
    told = [row.rpartition("/")[2] for row in listed.splitlines()]
    assert told == ["a", "b", "d.pem"]
    assert found["x"].text == "/nowhere\n"


def test_folders_that_hold_nothing(shell: list[str], tmp_path: Path) -> None:
    """A folder of pictures that holds but a note for git is empty; a lost folder is not there."""
    write(
        tmp_path, "uploads/.gitkeep", "media/a.jpg", "storage/framework/views/.gitignore", "a.php"
    )
    permissions = application(shell, tmp_path).permissions
    assert isinstance(permissions, dict)
    told = {name: each["is"] for name, each in permissions["application"].items()}
    assert told["uploads"].endswith(", empty")
    assert told["media"].endswith(", has files")
    assert "storage/framework/views" in told
    assert "storage/framework/sessions" not in told


def test_code_of_an_include_path(shell: list[str], tmp_path: Path) -> None:
    """What include_path leads to is code, a secret is only told of, and a socket may be missing."""
    write(tmp_path, "app/index.php", "lib/a.php", "lib/b/c.php", "lib/a.log", "auth/.htpasswd")
    lines = f"include_path = '.:{tmp_path}/lib'\nx='{tmp_path}/auth/.htpasswd'\n"
    (tmp_path / "app/config.php").write_text(f"{lines}y='/run/gone.sock'\nz='/run/gone.pid'\n")
    asked = NAMED.format(tmp_path).replace("\\t", "\t") + 'for_each note_named "$found"\n'
    names = ("outside", "exposed", "missing_files")
    told = "".join(f'section {name} printf %s "${name}"\n' for name in names)
    text = parts().replace("boot|tmp|var", "boot|var") + asked + told
    found = {name: section.text for name, section in run(shell, text).items()}
    assert found["outside"] == f"{tmp_path}/lib/a.php\n{tmp_path}/lib/b/c.php"
    assert found["exposed"] == f"{tmp_path}/auth/.htpasswd"
    assert found["missing_files"] == "/run/gone.sock\n"


SERVED = """
nginx_said='7\troot {0}/app/public;
9\talias {0}/static/;
10\talias {0}/app/build;
11\talias {0}/uploads;
12\talias {0}/$name;' apache_said='Alias /more "{0}/more"'
"""


def test_folders_of_an_alias(shell: list[str], tmp_path: Path) -> None:
    """What an alias serves is compared, too, if it is neither data nor part of an application."""
    write(
        tmp_path, "app/composer.json", "app/build/a.css", "static/a.css", "uploads/x", "more/b.js"
    )
    write(tmp_path, "app/public/index.php")
    text = f"{parts()}{SERVED.format(tmp_path)}{(SH / 'application.sh').read_text('utf-8')}"
    said = run(shell, text)["application-files"].text
    found = [line.removeprefix("@@ app ") for line in said.splitlines() if line[:2] == "@@"]
    assert found == [f"{tmp_path}/{name}" for name in ("app", "static", "more")]


@pytest.mark.parametrize(("page", "root"), [("index.php", True), ("style.css", False)])
def test_pages_in_a_folder_that_holds_others(
    shell: list[str], tmp_path: Path, page: str, *, root: bool
) -> None:
    """A folder as /var/www is an application where it has pages itself."""
    write(tmp_path, page)
    fakes = f"container() {{ [ \"$1\" = '{tmp_path}' ]; }}\n"
    said = run(shell, f"{parts()}{fakes}section x root {tmp_path}")["x"].text
    assert said.strip() == (str(tmp_path) if root else "")


def test_files_that_packages_brought(shell: list[str], tmp_path: Path) -> None:
    """What was changed or removed since the last installation is told, and nothing else."""
    write(tmp_path, "share/a.php", "share/b.php", "share/same.php", "share/free.php", "info/x.list")
    brought = ("a.php", "b.php", "same.php", "gone/deep/c.php")
    lists = "".join(f"{tmp_path}/share/{name}\n" for name in brought)
    (tmp_path / "info/x.list").write_text(lists)
    digest = md5((tmp_path / "share/a.php").read_bytes(), usedforsecurity=False).hexdigest()
    sums = "".join(f"{digest}  {tmp_path}/share/{name}\n".replace("  /", "  ") for name in brought)
    (tmp_path / "info/x.md5sums").write_text(sums)
    for name in ("share/a.php", "share/b.php"):
        (tmp_path / name).write_text("other\n")
    (tmp_path / "status").touch()
    os.utime(tmp_path / "status", (1000, 1000))
    os.utime(tmp_path / "share/b.php", (500, 500))
    text = (
        parts().replace("/var/lib/dpkg", str(tmp_path)).replace('path = "usr/" path', "path = path")
    )
    text = text.replace("^/usr/(bin|sbin|lib|share)/", str(tmp_path)).replace(
        "/usr/share", f"{tmp_path}/share"
    )
    told = "".join(f'section {name} printf %s "${name}"\n' for name in ("outside", "removed_files"))
    given = f"packaged_at={tmp_path}/share outside=\nnote_packaged\n"
    found = run(shell, f"{text}\n{given}{told}")
    assert found["outside"].text == f"{tmp_path}/share/a.php"
    assert found["removed_files"].text == f"{tmp_path}/share/gone\n"


def test_what_programs_read_at_home(shell: list[str], tmp_path: Path) -> None:
    """A service's user has its logins and keys told, and root its logins: cron's jobs use them."""
    names = (".ssh/id_rsa", ".gitconfig", ".my.cnf")
    write(tmp_path, *(f"{home}/{name}" for home in ("www", "root") for name in names))
    rows = ("www-data:x:33:33::{}/www:/bin/sh", "root:x:0:0::{}/root:/bin/sh")
    (tmp_path / "passwd").write_text("".join(f"{row}\n" for row in rows).format(tmp_path, tmp_path))
    asked = NAMED.format(tmp_path).replace("\\t", "\t").replace("found=$", "users=33\nfound=$")
    told = 'for_each note_named "$found"\nsection x printf "%s|%s" "$changed" "$exposed"\n'
    text = (
        parts().replace("boot|tmp|var", "boot|var").replace('"/etc/passwd"', f'"{tmp_path}/passwd"')
    )
    changed, _, exposed = run(shell, text + asked + told)["x"].text.partition("|")
    homes = {name.removeprefix(f"{tmp_path}/") for name in changed.split()}
    assert homes == {"/etc/a", "www/.gitconfig", "www/.my.cnf", "root/.my.cnf"}
    assert exposed == f"{tmp_path}/www/.ssh/id_rsa"
