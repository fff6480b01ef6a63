"""How PHPs that only a process or a crontab knows are found, and asked as they run."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from deployment_drift.probe.collect import Answer, Section
from tests.programs.conftest import fake
from tests.programs.parts import ANSWER, SH, TABLE, parts, run


def test_workers_are_found_by_what_runs(shell: list[str], tmp_path: Path) -> None:
    """A worker whose options change its settings is a PHP of its own."""
    fake(tmp_path, "php", f'echo "{ANSWER}" | sed "s/8.4.1/8.4.2/"')
    table = f"conf=x fake={tmp_path}\n" + TABLE.format()
    text = parts("php.sh") + table + (SH / "php_jobs.sh").read_text("utf-8")
    found = run(shell, text, tmp_path)
    assert f"worker {tmp_path}/php 9000010 -d memory_limit=1G" in found["jobs"].text


def test_secrets_of_a_worker_stay(shell: list[str], tmp_path: Path) -> None:
    """What a worker is given in its options leaves its host as a digest only."""
    fake(tmp_path, "php", f'echo "{ANSWER}"')
    table = f"conf=x fake={tmp_path}\n" + TABLE.format().replace("memory_limit", "app.password")
    text = parts("php.sh") + table + (SH / "php_jobs.sh").read_text("utf-8")
    found = run(shell, text, tmp_path)
    assert "app.password=<secret " in found["jobs"].text
    assert "1G" not in found["jobs"].text


def test_servers_of_php_are_found(shell: list[str], tmp_path: Path) -> None:
    """PHP's own server and FastCGI are found by what runs, and FastCGI reads its question."""
    fake(tmp_path, "php", f"echo '{ANSWER}'")
    fake(tmp_path, "php-cgi", f"grep -q 'Q;$' && echo '{ANSWER}'".replace("Q;", "QF;"))
    table = """here() { :; }
processes="9000011 $fake/php{}-S{}0.0.0.0:80{}-d{}memory_limit=1G{}-t{}/srv
9000012 $fake/php-cgi{}-b{}127.0.0.1:9000
9000013 $fake/php-cgi{}-b{}127.0.0.1:9000
9000014 $fake/frankenphp{}run"
""".replace("{}", "\x1f")
    fake(tmp_path, "frankenphp", "exit 1")
    text = parts() + f"fake={tmp_path}\n{table}" + (SH / "php_jobs.sh").read_text("utf-8")
    found = run(shell, text, tmp_path)
    assert found["jobs"].text == (
        f"FastCGI {tmp_path}/frankenphp 9000014\nFastCGI {tmp_path}/php-cgi 9000012\n"
        f"server {tmp_path}/php 9000011 -d memory_limit=1G\n"
    )
    assert found[f"php-job server: {tmp_path}/php"].status is Answer.ANSWERED
    assert found[f"php-job FastCGI: {tmp_path}/php-cgi"].status is Answer.ANSWERED
    assert found[f"php-job FastCGI: {tmp_path}/frankenphp"].status is Answer.REFUSED


def test_variables_of_another_users_server(shell: list[str], tmp_path: Path) -> None:
    """A container's root may not read it, so it is asked as the one that runs the server."""
    fake(tmp_path, "php-cgi", f"echo '{ANSWER}'")
    table = """here() { :; }
setpriv() { [ "$1" != --reuid=33 ] || printf 'APP_ENV=live\\0'; }
own_number=0 kinds='9000012 php-cgi 1 33 '
processes="9000012 $fake/php-cgi{}-b{}127.0.0.1:9000"
""".replace("{}", "\x1f")
    text = parts() + f"fake={tmp_path}\n{table}" + (SH / "php_jobs.sh").read_text("utf-8")
    found = run(shell, text, tmp_path)
    assert found[f"environ FastCGI: {tmp_path}/php-cgi"].text == "APP_ENV=live\n"


GIVEN = """asked() { awk -v words="$words" "$look_read"'BEGIN {
    gsub(/ /, "\037", words); arguments[1] = words; name[1] = "x"; user[1] = 33
    note_service(1, "php"); printf "%s", begun; exit }'; }
section x asked
"""


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("php artisan queue:work --a", "1 php artisan queue:work\t33\tartisan queue:work --a\n"),
        ("mailpit --smtp :25", "1 php\t33\t--smtp :25\n"),
        ("mailpit", "1 php\t33\t\n"),
        ("sshd: 0 of 10-100 startups", "1 php\t33\t\n"),
    ],
)
def test_what_a_service_was_started_with(shell: list[str], words: str, told: str) -> None:
    """Arguments and the user decide what a worker does; a title that changes is no argument."""
    text = f"{parts()}words='{words}'\n{GIVEN}"
    assert run(shell, text)["x"].text == told


SUBJECT = """asked() { awk -v words="$words" "$look_read"'BEGIN {
    gsub(/ /, "\037", words); arguments[1] = words; print "php" subject(1, "php"); exit }'; }
section x asked
"""


@pytest.mark.parametrize(
    ("words", "service"),
    [
        ("/usr/bin/php8.4 -d a=1 /srv/artisan queue:work --queue=b", "php artisan queue:work"),
        ("php bin/console messenger:consume", "php console messenger:consume"),
        ("php worker.php 8080", "php worker.php"),
        ("php -S 0.0.0.0:80 -t /srv", "php"),
        ("php -r sleep(9);", "php"),
        ("php token=s3cret", "php"),
        ("php", "php"),
    ],
)
def test_workers_are_called_by_what_they_run(shell: list[str], words: str, service: str) -> None:
    """Two workers of one program do different work: the list of services says which."""
    assert run(shell, f"{parts()}words='{words}'\n{SUBJECT}")["x"].text == f"{service}\n"


def test_an_application_of_unit_is_a_php_that_cannot_be_asked(
    shell: list[str], tmp_path: Path
) -> None:
    """The PHP within nginx Unit is found, and nothing stands in for it."""
    fake(tmp_path, "unitd", "exit 1")
    table = "here() { :; }\nprocesses='9000011 unit: \"shop\" application'\n"
    found = run(shell, parts() + table + (SH / "php_jobs.sh").read_text("utf-8"), tmp_path)
    assert found["jobs"].text == f"FastCGI {tmp_path}/unitd 9000011\n"
    assert found[f"php-job FastCGI: {tmp_path}/unitd"].status is Answer.REFUSED


def test_workers_of_one_program_are_told_apart(shell: list[str], tmp_path: Path) -> None:
    """Two workers that one program runs with other options are two."""
    fake(tmp_path, "php", f"echo '{ANSWER}'")
    row = "9000010 $fake/php{}-d{}memory_limit=1G{}artisan".replace("{}", "\x1f")
    table = TABLE.format().replace(
        'artisan"', f'artisan\n{row.replace("10 ", "12 ")}\n{row.replace("1G", "2G")}"'
    )
    text = f"{parts()}conf=x fake={tmp_path}\n{table}" + (SH / "php_jobs.sh").read_text("utf-8")
    jobs = run(shell, text, tmp_path)["jobs"].text.splitlines()
    assert [line.split()[0] for line in jobs if str(tmp_path) in line] == ["worker", "worker2"]


def test_a_job_is_asked_in_its_own_environment(shell: list[str], tmp_path: Path) -> None:
    """Cron starts PHP with nothing but what the crontab says, whatever the asker has."""
    fake(tmp_path, "other-php", f"echo '{ANSWER}'; env >{tmp_path}/env")
    (tmp_path / "crontab").write_text(f"PHPRC=/etc/cron-php\n* * * * * {tmp_path}/other-php\n")
    text = parts() + f"export PHPRC=/mine OWN=1\nsection x ask_job {tmp_path}/crontab:2 "
    found = run(shell, f"{text}{tmp_path}/other-php\n")
    assert found["x"].status is Answer.ANSWERED
    given = (tmp_path / "env").read_text()
    assert "PHPRC=/etc/cron-php" in given
    assert "OWN=" not in given


def test_variables_of_a_process_do_not_replace_ours(shell: list[str]) -> None:
    """A process that has a variable `secret` or a PATH does not change how it is asked."""
    given = "environ_to_run_with() { printf 'secret=theirs\\nPATH=/none\\nAPP=1\\n'; }\n"
    tell = 'tell() { echo "$secret $APP"; }; secret=ours\nsection x with_environ_of 1 tell\n'
    found = run(shell, parts() + given + tell + "section y with_environ_of 1 ls /\n")
    assert found["x"].text == "ours 1\n"
    assert found["y"].status is Answer.ANSWERED


OVERWRITTEN = """tr() { ! [ /dev/stdin -ef "/proc/$$/environ" ] || command tr "$@"; }
set -- env -u LC_ALL -u PWD -u OLDPWD -u SHLVL -u _ PATH="$found_path" $exported sleep 5
setsid "$@" >/dev/null 2>&1 &
sleep 0.1
section x print_environ_of $!
kill $!
"""


SHELL = "PWD=$PWD ${SHLVL:+SHLVL=1} ${BASH_VERSION:+_=}"
"""What the shell itself adds to the environment of what it starts."""


@pytest.mark.parametrize(
    ("visitor", "exported", "answer"),
    [
        ("$$", "", Answer.ANSWERED),
        ("$$", SHELL, Answer.ANSWERED),
        ("$$", "SHOP_MODE=test", Answer.REFUSED),
        ("$$", f"{SHELL} DEBUG=1", Answer.REFUSED),  # as long as SHLVL=1
        ("$$", f"{SHELL} DEBUG=true", Answer.REFUSED),  # as long as TERM=xterm
        ("1", "", Answer.REFUSED),
    ],
)
def test_an_environment_written_over_is_nobody_elses(
    shell: list[str],
    visitor: str,
    exported: str,
    answer: Answer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A title over the environment leaves it unknown, unless we were given one that is as long."""
    for name in ("LC_ALL", "PWD", "OLDPWD", "SHLVL", "_", "TERM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir("/")  # where PWD=… cannot be as long as what is exported
    text = f'{parts()}visitors=" {visitor} "\nexported="{exported}"\n{OVERWRITTEN}'
    assert run(shell, text)["x"].status is answer


BEGUN = """handed_on() { handed=40; }
tr() { [ /dev/stdin -ef "/proc/$begun/environ" ] || command tr "$@"; }
set -- env -u LC_ALL -u OLDPWD -u SHLVL -u _ PATH="$found_path" PWD=/ $exported sleep $pause
setsid "$@" >/dev/null 2>&1 & begun=$! other=$!
[ -z "$beside" ] || { setsid "$@" >/dev/null 2>&1 & other=$!; services="$other cron"; }
kinds="$other cron 1 $own_number /usr/sbin/cron
$begun php-fpm 1 0 /usr/bin/sleep"
sleep 0.1
unsure() { ! unseen "$begun" /etc/fpm.conf || echo unsure; }
section x unsure
section y print_environ_of $begun
kill $begun $other 2>/dev/null || :
"""


@pytest.mark.parametrize(
    ("exported", "begun", "said"),
    [
        ("", "pause=05 beside=", ""),  # as long as -F
        ("SHLVL=1", "pause=05 beside=", ""),
        ("SHLVL=1 _=/usr/bin/sleep", "pause=05 beside=", ""),  # as bash does
        ("PHP_INI_SCAN_DIR=:/srv/ini", "pause=05 beside=", "unsure\n"),
        ("PHP_INI_SCAN_DIR=:/srv/ini", "pause=05 beside=yes", ""),
        ("", "pause=5.0000001 beside=yes", "unsure\n"),  # as long as -d x=y
        (f"FPM_SOCKETS={'x' * 27}", "pause=05 beside=", ""),  # as long as its sockets are
        (f"PHP_INI_SCAN_DIR={'x' * 23}", "pause=05 beside=", "unsure\n"),
    ],
)
def test_what_php_fpm_was_started_with_is_known_or_unseen(
    shell: list[str],
    exported: str,
    begun: str,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What led php-fpm to its ini files is read beside it, or nothing could have, or it is said."""
    for name in ("LC_ALL", "PWD", "OLDPWD", "SHLVL", "_", "TERM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir("/")
    text = f'{parts()}visitors=" $$ "\nexported="{exported}" {begun}\nservices=\n{BEGUN}'
    found = run(shell, text)
    assert found["x"].text == said
    assert begun != "pause=05 beside=yes" or f"{exported}\n" in found["y"].text


TELL = "section x tell\n"


LISTENS = """
import socket, sys
path = sys.argv[1]
file = socket.socket(socket.AF_UNIX)
file.bind(path)
file.listen()
v4 = socket.create_server(("127.0.0.1", 0))
v6 = socket.create_server(("::", 0), family=socket.AF_INET6)
at = (path, "127.0.0.1:%d" % v4.getsockname()[1], ":::%d" % v6.getsockname()[1])
print(",".join("%s=%d" % (a, s.fileno()) for a, s in zip(at, (file, v4, v6))), flush=True)
sys.stdin.read()
"""


def test_how_long_the_sockets_of_a_reloaded_php_fpm_are(shell: list[str], tmp_path: Path) -> None:
    """It hands their addresses on to itself in a variable; another process has no such one."""
    path = os.path.relpath(tmp_path / "fpm.sock")
    with subprocess.Popen(
        [sys.executable, "-c", LISTENS, path],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as master:
        assert master.stdout
        handed = f"FPM_SOCKETS={master.stdout.readline().strip()}" + "\0"
        ask = f"handed_on {master.pid}; echo $? $handed"
        found = [
            run(shell, f'{parts()}kinds="{master.pid} {name} 1 0 /x"\ntell() {{ {ask}; }}\n{TELL}')
            for name in ("php-fpm", "nginx")
        ]
        master.communicate()
    assert [each["x"].text for each in found] == [f"0 {len(handed)}\n", "1 0\n"]


def test_the_program_of_a_process_is_seen(shell: list[str]) -> None:
    """What a process really runs is known, whatever awk there is."""
    found = run(
        shell, f'{parts()}tell() {{ known $$ && echo "$known_program"; }}\nsection x tell\n'
    )
    assert found["x"].text == f"{Path(shutil.which(shell[0]) or '').resolve()}\n"


FORGED = 'our_process() { [ "$1" != 9000010 ]; }\n'


def test_a_program_that_others_can_write_is_not_run(shell: list[str], tmp_path: Path) -> None:
    """A process that calls itself php gets nobody, often root, to run what another user made."""
    fake(tmp_path, "php", f"touch {tmp_path}/run; echo '{ANSWER}'")
    (tmp_path / "php").chmod(0o777)
    table = f"conf=x fake={tmp_path}\n" + TABLE.format()
    text = parts() + table + "usual=\n" + (SH / "php_jobs.sh").read_text("utf-8")
    found = run(shell, text)
    job = found[f"php-job worker: {tmp_path}/php"]
    assert job == Section(Answer.REFUSED, "", f"{tmp_path}/php is another user's, and is not run")
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize(
    ("option", "answer"),
    [("memory_limit", Answer.ANSWERED), ("extension", Answer.REFUSED)],
)
def test_options_of_other_users_only_set_values(
    shell: list[str], tmp_path: Path, option: str, answer: Answer
) -> None:
    """An option by which another user's process would load code is none that is taken over."""
    fake(tmp_path, "php", f"echo '{ANSWER}'")
    table = f"conf=x fake={tmp_path}\n{FORGED}" + TABLE.format().replace("memory_limit", option)
    text = parts() + table + (SH / "php_jobs.sh").read_text("utf-8")
    assert run(shell, text)[f"php-job worker: {tmp_path}/php"].status is answer
