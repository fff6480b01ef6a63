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
