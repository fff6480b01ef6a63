"""How packages, crontabs and names of a host are read."""

import os
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from deployment_drift.probe.collect import Answer
from tests.programs.parts import SH, parts, run


@pytest.mark.parametrize(("database", "answer"), [("", Answer.ABSENT), ("status", Answer.REFUSED)])
def test_a_database_that_nothing_here_reads(
    shell: list[str], tmp_path: Path, database: str, answer: Answer
) -> None:
    """Packages whose manager is not there are no packages that are absent."""
    (tmp_path / (database or "other")).write_text("Package: tea\n")
    text = f"{parts()}\nsection x untold no-such-program {tmp_path}/status\n"
    assert run(shell, text)["x"].status is answer


@pytest.mark.parametrize("mode", [0o644, 0])
def test_closed_folders_are_no_empty_ones(shell: list[str], mode: int) -> None:
    """A crontab in a folder that this user may not look into is refused, not absent."""
    if os.geteuid() == 0:
        shell = ["setpriv", "--reuid=65534", "--clear-groups", *shell]
    with TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(mode | 0o111 if mode else 0)
        asked = f"{parts()}\n{(SH / 'system_jobs.sh').read_text()}\n"
        found = run(shell, f"{asked}section asked crontab_lines {folder}/*")
        folder.chmod(0o755)
    assert found["asked"].status is (Answer.ANSWERED if mode else Answer.REFUSED)


@pytest.mark.parametrize(("text", "ended"), [("@daily root a\n", True), ("@daily root a", False)])
def test_a_crontab_without_a_line_end(
    shell: list[str], tmp_path: Path, text: str, *, ended: bool
) -> None:
    """A last line that cron does not see as one is told."""
    (tmp_path / "app").write_text(text)
    program = f"{parts()}\n{(SH / 'system_jobs.sh').read_text()}\nsection x crontab_lines "
    said = run(shell, f"{program}{tmp_path}/app")["x"].text
    assert f"@@ {tmp_path}/app:1\n1\t@daily root a\n" in said
    assert (f"@@ {tmp_path}/app:end\n" not in said) is ended


@pytest.mark.parametrize(("variables", "language"), [("LANG=a", "a"), ("LANG=a LC_ALL=b", "b")])
def test_the_language_that_programs_find(shell: list[str], variables: str, language: str) -> None:
    """LC_ALL wins over LANG, and is not the one that we ask with."""
    set_before = f"unset LC_ALL\nexport {variables}\n"
    asked = (SH / "around.sh").read_text()
    assert run(shell, f"{set_before}{parts()}\n{asked}")["language"].text == language


def test_what_localhost_is(shell: list[str], tmp_path: Path) -> None:
    """Which addresses localhost has decides where a database is looked for."""
    (tmp_path / "hosts").write_text(
        "127.0.0.1 localhost\n::1 localhost ip6-loopback\n10.0.0.2 db\n"
    )
    text = (SH / "system_network.sh").read_text().replace("/etc/hosts", f"{tmp_path}/hosts")
    found = run(shell, f"{parts()}service_processes=\n{text}")
    assert found["hosts-names"].text == "db 10.0.0.2\nlocalhost 127.0.0.1 ::1\n"


@pytest.mark.parametrize("podman", ["file", "variable", ""])
def test_containers_name_beside_its_own(shell: list[str], tmp_path: Path, podman: str) -> None:
    """Podman writes a container's name beside the host's own; elsewhere somebody has done that."""
    own = Path("/proc/sys/kernel/hostname").read_text().strip()
    (tmp_path / "hosts").write_text(f"10.88.0.9\t{own} drift-local\n10.0.0.2 db\n")
    if podman == "file":
        (tmp_path / ".containerenv").touch()
    variable = f"container={'podman' * (podman == 'variable')}"
    text = (SH / "system_network.sh").read_text().replace("/etc/hosts", f"{tmp_path}/hosts")
    text = text.replace("/run/.containerenv", f"{tmp_path}/.containerenv")
    found = run(shell, f"{variable}\n{parts()}service_processes=\n{text}")
    assert ("drift-local 10.88.0.9\n" in found["hosts-names"].text) is not bool(podman)
    assert "db 10.0.0.2\n" in found["hosts-names"].text


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("pool.conf", "[shop]\nuser = shopper\n"),
        ("jobs", "*/5 * * * * shopper php cron.php\n"),
        ("shopper", ""),
    ],
)
def test_users_that_are_named_to_run_something(
    shell: list[str], tmp_path: Path, file: str, text: str
) -> None:
    """A pool that waits and a job that is due later run as somebody whose groups count today."""
    (tmp_path / "passwd").write_text(
        "shopper:x:1001:1001::/home/shopper:/bin/sh\njoe:x:1002:1002::/home/joe:/bin/sh\n"
    )
    (tmp_path / "group").write_text("shopper:x:1001:\nmedia:x:44:shopper,joe\n")
    (tmp_path / file).write_text(text)
    program = (SH / "system_network.sh").read_text()
    for path, to in (
        ("/etc/passwd", "passwd"),
        ("/etc/group", "group"),
        ("/etc/php-fpm.d/*", "pool"),
        ("/etc/cron.d/*", "jobs"),
        ("/var/spool/cron/crontabs/*", "shopper"),
    ):
        program = program.replace(path, f"{tmp_path}/{to}")
    found = run(shell, f"{parts()}services=\n{program}")["accounts"].text
    assert found == "shopper 1001 shopper,media /bin/sh /home/shopper\n"


@pytest.mark.parametrize(
    ("line", "domain"), [("{}.shop.test {}", "domain-of-host shop.test\n"), ("{} {}.shop.test", "")]
)
def test_the_domain_of_a_host(shell: list[str], tmp_path: Path, line: str, domain: str) -> None:
    """What hostname(1) would say: the name that stands first beside the host's own."""
    own = Path("/proc/sys/kernel/hostname").read_text().strip()
    (tmp_path / "hosts").write_text(f"127.0.0.1 localhost\n127.0.1.1 {line.format(own, own)}\n")
    (tmp_path / "resolv").write_text("nameserver 10.0.0.1\n")
    text = (SH / "system_network.sh").read_text().replace("/etc/hosts", f"{tmp_path}/hosts")
    text = text.replace("/etc/resolv.conf", f"{tmp_path}/resolv").replace(
        "/proc/sys/kernel/do", "/no"
    )
    found = run(shell, f"{parts()}service_processes=\n{text}")
    assert found["resolver"].text == f"servers 10.0.0.1\n{domain}"


def test_few_files_may_be_open(shell: list[str]) -> None:
    """A process that may open few files reads all of them, one after another."""
    asked = f"{parts('system_kernel.sh', 'system_room.sh')}services=\n"
    asked += (SH / "system_network.sh").read_text()
    few, many = run(shell, f"ulimit -n 16\n{asked}"), run(shell, asked)
    names = ("accounts", "hosts-names", "kernel-parameters", "memory", "mounts", "resolver")
    assert {name: few[name] for name in names} == {name: many[name] for name in names}


@pytest.mark.parametrize(
    ("lost", "answer", "reason"),
    [
        ("/etc/passwd", Answer.ABSENT, ""),
        ("/etc/group", Answer.FAILED, "ended with 1: /none could not be read"),
    ],
)
def test_a_list_of_users_that_is_not_read(
    shell: list[str], lost: str, answer: Answer, reason: str
) -> None:
    """What could not be read, for whatever reason, is not told as something that is forbidden."""
    program = (SH / "system_network.sh").read_text().replace(lost, "/none")
    found = run(shell, f"{parts()}services=\n{program}")["accounts"]
    assert (found.status, found.reason) == (answer, reason)


AT_JOB = """#!/bin/sh
# atrun uid=33 gid=33
# mail www-data 0
umask 22
SECRET_KEY=very-secret-words; export SECRET_KEY
cd /srv/app || {
\t echo 'Execution directory inaccessible' >&2
\t exit 1
}
php job.php --password=very-secret-words
"""


def test_jobs_of_at(shell: list[str], tmp_path: Path) -> None:
    """A waiting job is told by its commands, without secrets, its variables and its time."""
    (tmp_path / "atjobs").mkdir()
    (tmp_path / "atjobs" / "a0000101c2d3e4").write_text(AT_JOB)
    (tmp_path / "atjobs" / ".SEQ").write_text("1\n")
    asked = (SH / "system_at.sh").read_text().replace("/var/spool/cron", str(tmp_path))
    said = run(shell, f"{parts()}\n{asked}")["at-jobs"].text
    assert said.startswith("33\t/srv/app\tphp job.php --password=<secret ")
    assert "very-secret-words" not in said
    assert said.count("\n") == 1


def test_no_jobs_of_at(shell: list[str], tmp_path: Path) -> None:
    """Where at(1) is not there, there is nothing to tell."""
    asked = (SH / "system_at.sh").read_text().replace("/var/spool", str(tmp_path / "no"))
    assert run(shell, f"{parts()}\n{asked}")["at-jobs"].status is Answer.ABSENT


def test_files_at_which_services_listen(shell: list[str], tmp_path: Path) -> None:
    """Sockets are told with who may use them; those of the system are left out."""
    row = "0000000000000000: 00000002 00000000 00010000 0001 01 7 "
    (tmp_path / "there").touch(0o640)
    (tmp_path / "named").touch()
    (tmp_path / "s.5432").touch()
    made = [f"{tmp_path}/{name}" for name in ("named.26", "s.5432")]
    paths = (*made, f"{tmp_path}/there", f"{tmp_path}/gone", "/run/systemd/private", "@abstract")
    (tmp_path / "unix").write_text("".join(f"{row}{path}\n" for path in paths))
    asked = (SH / "system_base.sh").read_text().replace("/proc/net/unix", f"{tmp_path}/unix")
    asked = asked.replace("|^(\\/var)?\\/tmp\\/[^\\/]+\\/", "")
    said = run(shell, f"{parts()}\n{asked}")["listening-files"].text
    assert f"{tmp_path}/gone missing\n" in said
    assert f"{tmp_path}/named {Path(tmp_path).owner()}" in said  # it was renamed
    assert f"{tmp_path}/s.5432 {Path(tmp_path).owner()}" in said
    assert f"{tmp_path}/there {Path(tmp_path).owner()}:{Path(tmp_path).group()} rw-r-----\n" in said
    assert "systemd" not in said
    assert "abstract" not in said


def test_devices_and_folders_of_the_system(shell: list[str]) -> None:
    """Who may use what every program needs is told, of a device with its number."""
    said = run(shell, parts("system_base.sh"))["base-access"].text
    assert "/dev/null root:root crw-rw-rw- 1,3\n" in said
    assert "\n/etc root:root drwxr-xr-x" in said


def test_links_by_which_programs_are_called(shell: list[str]) -> None:
    """A link outside of packages may lead a job to another program; those in libraries do not."""
    links = ("/usr/local/bin/php", "/opt/shop", "/usr/local/php", "/etc/x")
    other = ("/usr/local/bin/owned", "/usr/local/man", "/opt/a/lib/b", "/opt/a/current")
    paths = "".join(f"{path}\\n" * 3 for path in (*links, *other))
    asked = f"printf '/usr/local/bin/owned\\n\\n{paths}' | worth_a_look"
    said = run(shell, f'{parts()}tls_files=\nsection x eval "{asked}"\n')["x"].text
    assert [path for path in (*links, *other) if f"'{path}'" in said] == [*links]
