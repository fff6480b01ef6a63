"""How PHP is looked for, and what is said where it may not be seen."""

import os
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from deployment_drift.probe import collect as collecting
from deployment_drift.probe.collect import Answer, Facts, Section
from deployment_drift.probe.php import PHP
from deployment_drift.probe.questions import Expression, Questions
from deployment_drift.probe.runtimes import Runtimes
from tests.programs.conftest import fake
from tests.programs.parts import ANSWER, COMMON, SH, TABLE, parts, run


def test_php_hides_what_a_project_calls_secret(shell: list[str]) -> None:
    """PHP masks its settings by the same names as the shell, those of a project among them."""
    text = collecting.values("F", Questions(secrets=("colour", "figure")))
    said = subprocess.run(
        shell, input=f"{text}{COMMON}\nquestions", capture_output=True, check=True, encoding="utf-8"
    )
    names = said.stdout.split("\n\n")[1].splitlines()
    assert names[-2:] == ["colour", "figure"]
    assert "secret|token|credential|webhook" in names


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


def test_what_packages_bring(shell: list[str], tmp_path: Path) -> None:
    """The production settings are a package's; those for development are somebody's choice."""
    (tmp_path / "8.4").mkdir()
    for kind, value in (("production", "Off"), ("production.cli", "STDOUT"), ("development", "On")):
        text = f"; display_errors\ndisplay_errors = {value}\n"
        (tmp_path / f"8.4/php.ini-{kind}").write_text(text)
    found = run(shell, parts("php.sh").replace("/usr/lib/php", str(tmp_path)))
    said = set(found["ini-stock"].text.splitlines())
    assert {"display_errors = Off", "display_errors = STDOUT"} <= said
    assert "display_errors = On" not in said


@pytest.mark.parametrize("part", ["php.sh", "php_fpm.sh", "php_module.sh", "php_jobs.sh"])
def test_every_part_runs_in_every_shell(shell: list[str], part: str) -> None:
    """On this machine no section fails, whatever is installed on it."""
    found = run(shell, parts("php.sh", part))
    assert found
    failed = {name: each.reason for name, each in found.items() if each.status is Answer.FAILED}
    assert failed == {}


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


def test_modules_that_may_not_be_seen_are_unknown(shell: list[str]) -> None:
    """An Apache whose memory is closed may have PHP's module; one that has ended has none."""
    closed = 'processes="1 /usr/sbin/apache2" apache_said=\nhere() { :; }\neverybody() { :; }\n'
    seen = closed.replace("apache_said=", "apache_said='LoadModule x_module x.so'")
    ended = closed.replace('"1 ', '"4194305 ')
    blind = parts().replace("/proc/$server/maps", "/nowhere")
    text = (SH / "php_module.sh").read_text("utf-8")
    for state, answer in (
        *((closed, Answer.REFUSED), (seen, Answer.ABSENT), (ended, Answer.ABSENT)),
    ):
        assert run(shell, blind + state + text)["php-module"].status is answer


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


def test_hidden_processes_are_refused(shell: list[str]) -> None:
    """Where the processes of others are hidden, nothing is said of what runs."""
    hidden = "everybody() { echo 'the processes of others are hidden' >&2; return 43; }\n"
    text = COMMON + hidden + (SH / "php_fpm.sh").read_text("utf-8")
    found = run(shell, "frame=F secret=s patience=5\n" + text)
    assert found["fpm"] == Section(Answer.REFUSED, "", "the processes of others are hidden")


def test_files_that_set_nothing_are_an_answer(shell: list[str], tmp_path: Path) -> None:
    """No ini file, or one with comments alone, is no failure."""
    (tmp_path / "php.ini").write_text("; nothing\n")
    for files in ("", f"{tmp_path}/php.ini", f"{tmp_path}/php.ini {tmp_path}/gone.ini"):
        found = run(shell, f"{parts()}section x ini_lines {files}")["x"]
        assert (found.status, found.text) == (Answer.ANSWERED, "")


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ("", "/scan -c /etc/php.ini"),
        ("PHP_INI_SCAN_DIR=", " -c /etc/php.ini"),
        ("PHP_INI_SCAN_DIR=/more", "/more -c /etc/php.ini"),
        ("PHP_INI_SCAN_DIR=/a::/b", "/a:/scan:/b -c /etc/php.ini"),
        ("PHP_INI_SCAN_DIR=:/more PHPRC={path}", "/scan:/more -c {path}/php.ini"),
    ],
)
def test_the_module_reads_what_apache_was_started_with(
    shell: list[str], tmp_path: Path, variables: str, said: str
) -> None:
    """PHPRC and PHP_INI_SCAN_DIR of Apache lead its PHP to other files."""
    (tmp_path / "php.ini").touch()
    stub = "shop=x module= named=\nphp_module() { :; }\n"
    tell = 'ask_php() {{ shift; echo "$PHP_INI_SCAN_DIR $*"; }}\n'
    tell += f"{variables and 'export'} {variables}\nsection x module_php php /scan /etc/php.ini\n"
    module = (SH / "php_module.sh").read_text("utf-8")
    found = run(shell, parts() + stub + module + tell.format(path=tmp_path))
    assert found["x"].text == said.format(path=tmp_path) + "\n"
