"""The command, started as its users start it."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from deployment_drift import paths

HEAVY = ("asyncio", "docker", "email", "pytest", "rich", "unittest", "yaml")


def run(*words: str, home: Path | None = None) -> "subprocess.CompletedProcess[str]":
    """Run a command, and tell on standard error what it imports."""
    return subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "deployment_drift", *words],
        capture_output=True,
        text=True,
        check=False,
        cwd=paths.root(),
        env={"HOME": str(home or paths.root())},
    )


def test_the_list_of_commands_imports_little() -> None:
    """`./invoke --list` is there at once: nothing is imported that it does not need."""
    ended = run("--list")
    assert "demo-drift" in ended.stdout
    imported = {line.rpartition("|")[2].strip() for line in ended.stderr.splitlines()}
    assert "invoke.program" in imported
    assert not imported & {*HEAVY, "invoke.vendor.yaml"}


def test_settings_in_yaml_are_read(tmp_path: Path) -> None:
    """What stands for YAML until then gives way where a user has settings for invoke."""
    (tmp_path / ".invoke.yaml").write_text("run: {echo: [", "utf-8")
    ended = run("--list", home=tmp_path)
    assert ended.returncode == 2
    assert "ParserError" in ended.stderr


@pytest.mark.parametrize(("streams", "status"), [("| true", 0), (">&-", 0), ("2>&- <&-", 0)])
def test_a_stream_that_nobody_reads_is_no_fault(streams: str, status: int) -> None:
    """A closed pipe or a closed stream gives no traceback."""
    line = f"{sys.executable} -m deployment_drift --help {streams}"
    ended = subprocess.run(  # noqa: S602, PLW1510 -- the shell closes the streams
        line, shell=True, capture_output=True, text=True, cwd=paths.root()
    )
    assert ended.stderr == ""
    assert ended.returncode == status


@pytest.mark.parametrize("option", ["-h", "--help"])
def test_help_of_a_command_that_wants_an_address(option: str) -> None:
    """`snapshot --help` shows help, and asks for no address."""
    ended = subprocess.run(
        [sys.executable, "-m", "deployment_drift", "snapshot", option],
        capture_output=True,
        text=True,
        check=False,
        cwd=paths.root(),
    )
    assert ended.returncode == 0, ended.stderr
    assert "--output" in ended.stdout


def test_script_needs_no_address() -> None:
    """`snapshot --script` prints a script of sh, though snapshot wants an address otherwise."""
    words = [sys.executable, "-m", "deployment_drift", "snapshot"]
    folder = paths.root()
    script = subprocess.run([*words, "--script"], capture_output=True, check=True, cwd=folder)
    assert script.stdout.startswith(b"#!/bin/sh\n")
    missing = subprocess.run(words, capture_output=True, text=True, check=False, cwd=folder)
    assert missing.returncode == 2
    assert "the host is missing" in missing.stderr


PYTHON = """#!/bin/sh
echo "$*" >>{0}/asked
case $* in
    '-m venv '*) mkdir -p "$3/bin" && cp {0}/python3 "$3/bin/python" && touch "$3/pyvenv.cfg" ;;
    *getsitepackages*) echo {0} ;;
esac
"""


def test_what_is_installed_is_compiled(tmp_path: Path) -> None:
    """A start compiles nothing, also where Python is told to write nothing when it imports."""
    shutil.copy(paths.root() / "invoke", tmp_path)
    (tmp_path / "requirements.txt").touch()
    (tmp_path / "python3").write_text(PYTHON.format(tmp_path))
    (tmp_path / "python3").chmod(0o755)
    own = {"PATH": "/usr/bin:/bin", "PYTHON": f"{tmp_path}/python3", "HOME": str(tmp_path)}
    for _ in range(2):
        subprocess.run([tmp_path / "invoke", "--list"], env=own, check=True)
    asked = (tmp_path / "asked").read_text().splitlines()
    (compiled,) = [line for line in asked if "compileall" in line]
    ours = [tmp_path / name for name in ("deployment_drift", "tests/parity", "tasks.py")]
    assert compiled == f"-m compileall -q {' '.join(map(str, ours))}"
