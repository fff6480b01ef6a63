import subprocess
import sys
from pathlib import Path

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
