"""How the sh parts look for PHP: in every shell, and with programs that are made up here."""

import os
import subprocess
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from deployment_drift.probe import collect as collecting
from deployment_drift.probe.application import Applications
from deployment_drift.probe.collect import Answer, Facts, Section, program, split
from deployment_drift.probe.php import PHP
from deployment_drift.probe.questions import Expression, Questions
from deployment_drift.probe.runtimes import Runtimes
from tests.programs.conftest import fake

SH = Path(collecting.__file__).parent / "sh"
COMMON = "".join(path.read_text("utf-8") for path in sorted(SH.glob("_*.sh")))
ANSWER = (
    '@@facts@@{"facts":{"version":"8.4.1","sapi":"cli","settings":{},"files":'
    '{"loaded":null,"scanned":[]},"extensions":{},"libraries":{}},"lines":[],"answers":{"1":1}}'
)


def run(shell: list[str], text: str, path: Path | None = None) -> dict[str, Section]:
    """Run a program in a shell, with made up programs first on the PATH; return its sections."""
    paths = f"{path}:{os.environ['PATH']}" if path else os.environ["PATH"]
    ended = subprocess.run(
        shell,
        input=f"{text}\nmasked_sections",
        capture_output=True,
        check=False,
        timeout=60,
        encoding="utf-8",
        env={**os.environ, "PATH": paths},
    )
    return split(ended.stdout.encode(), "F", "cut")


def test_php_hides_what_a_project_calls_secret(shell: list[str]) -> None:
    """PHP masks its settings by the same names as the shell, those of a project among them."""
    text = collecting.values("F", Questions(secrets=("colour", "figure")))
    said = subprocess.run(
        shell, input=f"{text}{COMMON}\nquestions", capture_output=True, check=True, encoding="utf-8"
    )
    names = said.stdout.split("\n\n")[1].splitlines()
    assert names[-2:] == ["colour", "figure"]
    assert "secret|token|credential|webhook" in names


def parts(*names: str) -> str:
    """Return the program of these parts only."""
    text = program("F", Questions(patience=1, expressions=(Expression("1"),)))
    values = text[: text.index("# Starts the program")]
    return values + COMMON + "".join((SH / name).read_text("utf-8") for name in names)


def test_a_wrapper_that_warns(shell: list[str], tmp_path: Path) -> None:
    """What a php that is a script prints around the answer is not the answer."""
    fake(tmp_path, "php", f"echo 'Xdebug: could not connect' >&2; echo Warning; echo '{ANSWER}'")
    facts = Facts(lambda: run(shell, parts("php.sh"), tmp_path))
    php = Runtimes(facts).command_line
    assert php is not None
    assert PHP(lambda: [php]).evaluate(Expression("1")) == 1


def test_a_php_that_hangs(shell: list[str], tmp_path: Path) -> None:
    """A php without an end is given up, and what comes after it is asked all the same."""
    fake(tmp_path, "php", "exec sleep 30")
    found = run(shell, parts("php.sh"), tmp_path)
    assert found["php"].status is Answer.FAILED
    assert "no answer within 1 s" in found["php"].reason
    assert found["environ"].status is Answer.ANSWERED


@pytest.mark.parametrize("there", [False, True])
def test_no_php(shell: list[str], tmp_path: Path, there: bool) -> None:  # noqa: FBT001
    """Without a php there is none, which is no failure; one that may not be run is there."""
    if there:
        (tmp_path / "php").write_text("")
    text = parts("php.sh").replace("found_path=$PATH", f"PATH={tmp_path} found_path=$PATH")
    unknown = {Answer.REFUSED, Answer.FAILED}  # not every shell finds what may not be run
    assert run(shell, text)["php"].status in (unknown if there else {Answer.ABSENT})


@pytest.mark.parametrize(("database", "answer"), [("", Answer.ABSENT), ("status", Answer.REFUSED)])
def test_a_database_that_nothing_here_reads(
    shell: list[str], tmp_path: Path, database: str, answer: Answer
) -> None:
    """Packages whose manager is not there are no packages that are absent."""
    (tmp_path / (database or "other")).write_text("Package: tea\n")
    text = f"{parts()}\nsection x untold no-such-program {tmp_path}/status\n"
    assert run(shell, text)["x"].status is answer


@pytest.mark.parametrize("part", ["php.sh", "php_fpm.sh", "php_module.sh", "php_jobs.sh"])
def test_every_part_runs_in_every_shell(shell: list[str], part: str) -> None:
    """On this machine no section fails, whatever is installed on it."""
    found = run(shell, parts("php.sh", part))
    assert found
    failed = {name: each.reason for name, each in found.items() if each.status is Answer.FAILED}
    assert failed == {}


TABLE = """
processes="9000007 php-fpm: master process ($conf)
9000009 /usr/bin/php{}artisan{}queue:work
9000010 $fake/php{}-d{}memory_limit=1G{}artisan"
here() {{ :; }}
""".replace("{}", "\x1f")


def test_masters_are_known_by_their_titles(shell: list[str], tmp_path: Path) -> None:
    """A master's title names its configuration; its program is asked without a trace."""
    (tmp_path / "pool.conf").write_text("[www]\nphp_value[a] = 32M\n; no = 1\n")
    (tmp_path / "fpm.conf").write_text(f"[global]\ninclude = {tmp_path}/pool.conf\n")
    fake(tmp_path, "php-fpm", 'printf "PHP Version => 8.4.1\\nasked => %s\\n" "$*"')
    table = f"conf={tmp_path}/fpm.conf fake={tmp_path}\n" + TABLE.format()
    text = COMMON + table + (SH / "php_fpm.sh").read_text("utf-8")
    found = run(shell, "frame=F secret=s patience=5\n" + text, tmp_path)
    assert found["fpm"].text == f"1 {tmp_path}/fpm.conf\n"
    assert "asked => -d error_log=/dev/null -d opcache.enable=0 -i\n" in found["fpm-info 1"].text
    line = f"{tmp_path}/pool.conf:2:php_value[a] = 32M"
    assert line in found["fpm-pools 1"].text


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
env -u LC_ALL -u PWD -u OLDPWD -u SHLVL -u _ PATH="$found_path" $exported sleep 5 >/dev/null 2>&1 &
sleep 0.1
section x print_environ_of $!
kill $!
"""


@pytest.mark.parametrize(
    ("visitor", "exported", "answer"),
    [
        ("$$", "", Answer.ANSWERED),
        ("$$", "PWD=$PWD SHLVL=1", Answer.ANSWERED),
        ("$$", "SHOP_MODE=test", Answer.REFUSED),
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


def test_modules_that_may_not_be_seen_are_unknown(shell: list[str]) -> None:
    """An Apache whose memory and configuration are closed to this user may have PHP's module."""
    closed = 'processes="1 /usr/sbin/apache2" apache_said=\nhere() { :; }\neverybody() { :; }\n'
    seen = closed.replace("apache_said=", "apache_said='LoadModule x_module x.so'")
    blind = parts().replace("/proc/$server/maps", "/nowhere")
    text = (SH / "php_module.sh").read_text("utf-8")
    for state, answer in ((closed, Answer.REFUSED), (seen, Answer.ABSENT)):
        assert run(shell, blind + state + text)["php-module"].status is answer


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


@pytest.mark.parametrize("closed", ["pool.d/www.conf", "pool.d"])
def test_a_pool_that_may_not_be_read_is_unknown(shell: list[str], closed: str) -> None:
    """Without all its files, also those in a closed folder, nothing is said of php-fpm."""
    if os.geteuid() == 0:
        shell = ["setpriv", "--reuid=65534", "--clear-groups", *shell]
    with TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "pool.d").mkdir()
        (folder / "pool.d" / "www.conf").write_text("[www]\n")
        (folder / "fpm.conf").write_text(f"include = {folder}/pool.d/*.conf\n")
        (folder / closed).chmod(0)
        text = "frame=F secret=s\n" + COMMON + (SH / "php_fpm.sh").read_text("utf-8")
        found = run(shell, f"{text}\nsection asked fpm_pools {folder}/fpm.conf")
        (folder / closed).chmod(0o755)
    assert found["asked"].status is Answer.REFUSED


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


def test_hidden_processes_are_refused(shell: list[str]) -> None:
    """Where the processes of others are hidden, nothing is said of what runs."""
    hidden = "everybody() { echo 'the processes of others are hidden' >&2; return 43; }\n"
    text = COMMON + hidden + (SH / "php_fpm.sh").read_text("utf-8")
    found = run(shell, "frame=F secret=s patience=5\n" + text)
    assert found["fpm"] == Section(Answer.REFUSED, "", "the processes of others are hidden")


def application(shell: list[str], folder: Path) -> Applications:
    """Return what is told of an application in a folder of this machine."""
    text = f"{parts()}apps='{folder}'\n{(SH / 'application.sh').read_text('utf-8')}"
    return Applications(Facts(lambda: run(shell, text)))


def write(folder: Path, *paths: str) -> None:
    """Put files into a folder."""
    for path in paths:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text("<?php\n", "utf-8")


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


def test_what_localhost_is(shell: list[str], tmp_path: Path) -> None:
    """Which addresses localhost has decides where a database is looked for."""
    (tmp_path / "hosts").write_text(
        "127.0.0.1 localhost\n::1 localhost ip6-loopback\n10.0.0.2 db\n"
    )
    text = (SH / "system_network.sh").read_text().replace("/etc/hosts", f"{tmp_path}/hosts")
    found = run(shell, f"{parts()}service_processes=\n{text}")
    assert found["hosts-names"].text == "db 10.0.0.2\nlocalhost 127.0.0.1 ::1\n"


@pytest.mark.parametrize("podman", [True, False])
def test_containers_name_beside_its_own(shell: list[str], tmp_path: Path, *, podman: bool) -> None:
    """Podman writes a container's name beside the host's own; elsewhere somebody has done that."""
    own = Path("/proc/sys/kernel/hostname").read_text().strip()
    (tmp_path / "hosts").write_text(f"10.88.0.9\t{own} drift-local\n10.0.0.2 db\n")
    if podman:
        (tmp_path / ".containerenv").touch()
    text = (SH / "system_network.sh").read_text().replace("/etc/hosts", f"{tmp_path}/hosts")
    text = text.replace("/run/.containerenv", f"{tmp_path}/.containerenv")
    found = run(shell, f"{parts()}service_processes=\n{text}")
    assert ("drift-local 10.88.0.9\n" in found["hosts-names"].text) is not podman
    assert "db 10.0.0.2\n" in found["hosts-names"].text


@pytest.mark.parametrize(("age", "stale"), [(10, ""), (-10, "nginx {}/new.conf\n")])
def test_configuration_that_was_not_read(
    shell: list[str], tmp_path: Path, age: int, stale: str
) -> None:
    """A file that is newer than the service which reads it has no effect yet."""
    started = int(time.time()) - 100
    write(tmp_path, "old.conf", "new.conf", "sites-available/other.conf")
    for name, at in (("old.conf", started - 50), ("new.conf", started - age)):
        os.utime(tmp_path / name, (at, at))
    fakes = f"everybody() {{ :; }}\nreaders='nginx {started}'\n"
    text = (SH / "services_stale.sh").read_text("utf-8").replace("=/etc/nginx", f"={tmp_path}")
    text = text.replace("quick services-stale", f"{fakes}quick services-stale")
    assert run(shell, parts() + text)["services-stale"].text == stale.format(tmp_path)


@pytest.mark.parametrize("closed", ["conf.d", "."])
def test_configuration_that_may_not_be_looked_through(shell: list[str], closed: str) -> None:
    """Where this user may not look, nobody knows whether something was changed."""
    if os.geteuid() == 0:
        shell = ["setpriv", "--reuid=65534", "--clear-groups", *shell]
    with TemporaryDirectory() as name:
        (Path(name) / "conf.d").mkdir()
        Path(name).chmod(0o755)
        (Path(name) / closed).chmod(0)
        fakes = "everybody() { :; }\nreaders='nginx 1000'\n"
        text = (SH / "services_stale.sh").read_text("utf-8")
        text = text.replace("=/etc/nginx", f"={name}/conf.d")
        found = run(shell, parts() + text.replace("quick serv", f"{fakes}quick serv"))
        (Path(name) / closed).chmod(0o755)
    assert found["services-stale"].status is Answer.REFUSED


def test_when_a_service_has_read_its_files(shell: list[str], tmp_path: Path) -> None:
    """Of a service with children the oldest of these counts, for a reload replaces them."""
    rows = [
        f"{pid} ({name}) S {parent} {'0 ' * 17}{start}00 0"
        for pid, name, parent, start in (
            (10, "php-fpm8.4", 1, 5),
            (11, "php-fpm8.4", 10, 70),
            (12, "php-fpm8.4", 10, 60),
            (20, "mariadbd", 1, 8),
            (30, "bash", 1, 9),
        )
    ]
    (tmp_path / "stat").write_text("btime 1000\n")
    listed = "".join(f"==> /proc/{row.split()[0]}/stat <==\n{row}\n\n" for row in rows)
    (tmp_path / "listed").write_text(listed)
    text = parts().replace('"/proc/', f'"{tmp_path}/')
    asked = f'asked() {{ awk "$quoted$look_read$look_told" {tmp_path}/listed; }}'
    found = run(shell, f"{text}\n{asked}\nsection x asked")["x"].text
    assert "readers='php-fpm8.4 1060\nmariadbd 1008\n'" in found


@pytest.mark.parametrize(
    ("number", "owners", "status"),
    [
        ("33", "7 apache2\n", Answer.ANSWERED),
        ("33", "", Answer.REFUSED),
        ("0", "", Answer.ANSWERED),
    ],
)
def test_whose_a_port_is_can_be_seen_of_all_or_not_told(
    shell: list[str], number: str, owners: str, status: Answer
) -> None:
    """Who runs all that listens sees whose each port is; an engine's name server is nobody's."""
    ports = "00000000:1F90 7\n0B00007F:0035 9\n"
    given = f"own_number={number} listening={ports!r} owners={owners!r}\n"
    given = given.replace("\\n", "\n")
    text = parts() + given + (SH / "services.sh").read_text("utf-8")
    assert run(shell, text)["socket-owners"].status is status


def test_whose_a_process_is_does_not_change_its_program(shell: list[str], tmp_path: Path) -> None:
    """A program that was found by its name is the same once its process's user is known."""
    fake(tmp_path, "apache2", "exit 0")
    asked = 'asked() { program_of 7 apache2; our_process 7; echo "$program"; }'
    text = f'{parts()}kinds="7 apache 1 33 "\n{asked}\nsection x asked\n'
    assert run(shell, text, tmp_path)["x"].text == f"{tmp_path}/apache2\n"


def test_files_that_set_nothing_are_an_answer(shell: list[str], tmp_path: Path) -> None:
    """No ini file, or one with comments alone, is no failure."""
    (tmp_path / "php.ini").write_text("; nothing\n")
    for files in ("", f"{tmp_path}/php.ini", f"{tmp_path}/php.ini {tmp_path}/gone.ini"):
        found = run(shell, f"{parts()}section x ini_lines {files}")["x"]
        assert (found.status, found.text) == (Answer.ANSWERED, "")


def test_nobody_speaks_for_another_process(shell: list[str]) -> None:
    """Arguments that look like the listing of another's are the first line of one's own."""
    with subprocess.Popen(["sleep", "30"]) as victim:
        said = (
            f"x\n\n==> /proc/{victim.pid}/cmdline <==\n/usr/sbin/apache2\x1f-f\x1f/tmp/evil.conf\n"
        )
        with subprocess.Popen(["sh", "-c", "sleep 30; :", said]) as forger:
            found = run(shell, f'{parts()}words {victim.pid}; section x echo "$words"')["x"].text
            forger.kill()
        victim.kill()
    assert found == "sleep\n30\n"


MARIADBD = """echo 'Variables (--variable-name=value)'
echo '--------- -----'
echo 'max-connections 151'
echo 'net-buffer-length 16384'
echo 'datadir /var/lib/mysql'
"""


def data(shell: list[str], folder: Path, service: str, arguments: str) -> dict[str, Section]:
    """Return what is said of a service that runs with these arguments."""
    words = arguments.replace(" ", "\x1f")
    state = f"running_services='7 {service}'\nprocesses='7 {service}\x1f{words}'\nours() {{ :; }}\n"
    asked = "".join(
        (SH / f"services_{n}.sh").read_text("utf-8") for n in ("data", "caches", "postgres")
    )
    return run(shell, parts() + state + asked, folder)


def test_options_of_a_database_go_above_its_files(shell: list[str], tmp_path: Path) -> None:
    """What a database was started with is in effect, in bytes; it is not used to ask it."""
    fake(tmp_path, "mariadbd", f"[ $# = 2 ] || exit 1\n{MARIADBD}")
    given = "--max_connections=9 --net-buffer-length=8K --plugin-load-add=x.so"
    found = data(shell, tmp_path, "mariadbd", given)["mysql-settings"]
    assert found.text == "max_connections 9\nnet_buffer_length 8192\ndatadir /var/lib/mysql\n"


def test_options_of_redis_are_settings(shell: list[str], tmp_path: Path) -> None:
    """A Redis that was started without a file is told by its options, and secrets stay."""
    given = "--maxmemory 64mb --requirepass tea --save 60 1"
    found = data(shell, tmp_path, "redis-server", given)["redis-file"].text
    assert found.startswith("@@ its arguments\n1\tmaxmemory 64mb\n2\trequirepass <secret ")
    assert found.endswith(">\n3\tsave 60 1\n")


@pytest.fixture
def postgres(tmp_path: Path) -> str:
    """Give the arguments of a PostgreSQL with a file that includes others."""
    main, more = tmp_path / "postgresql.conf", tmp_path / "conf.d"
    main.write_text("work_mem = 4MB\n include_dir 'conf.d'\ninclude_if_exists = 'gone.conf'\n")
    more.mkdir()
    (more / "team.conf").write_text("\n# ours\nwork_mem = 8MB\n")
    return f"-D {tmp_path} -c config_file={main} -c jit=off --work_mem=16MB -p 5433"


def test_postgres_is_told_by_all_that_it_reads(
    shell: list[str], tmp_path: Path, postgres: str
) -> None:
    """Included files come behind the main one, and what it was started with behind both."""
    assert data(shell, tmp_path, "postgres", postgres)["postgres-files"].text == (
        f"@@ {tmp_path}/postgresql.conf\n1\twork_mem = 4MB\n2\t include_dir 'conf.d'\n"
        "3\tinclude_if_exists = 'gone.conf'\n"
        f"@@ {tmp_path}/conf.d/team.conf\n3\twork_mem = 8MB\n"
        f"@@ its arguments\n1\tconfig_file={tmp_path}/postgresql.conf\n"
        "2\tjit=off\n3\twork_mem=16MB\n"
    )


def test_postgres_whose_file_is_closed_is_refused(
    shell: list[str], tmp_path: Path, postgres: str
) -> None:
    """A file that may not be read could set anything: nothing is concluded from the others."""
    program = f'closed() {{ [ "$1" = {tmp_path}/conf.d/team.conf ]; }}\n'
    text = (SH / "services_postgres.sh").read_text("utf-8")
    words = postgres.replace(" ", "\x1f")
    state = f"running_services='7 postgres'\nprocesses='7 postgres\x1f{words}'\n"
    asked = (SH / "services_data.sh").read_text("utf-8") + program + text
    found = run(shell, parts() + state + asked, tmp_path)["postgres-files"]
    assert found.status is Answer.REFUSED
