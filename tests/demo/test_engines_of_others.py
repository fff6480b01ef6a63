"""The engines that people have distribute the script, and bring back a snapshot."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from docker.models.containers import Container

from deployment_drift import paths
from deployment_drift.engine.engines import Engine
from deployment_drift.probe.questions import Questions
from deployment_drift.probe.script import script
from deployment_drift.probe.snapshot import read
from tests.demo.ssh_server import Server

ENGINES = paths.root() / "docs" / "engines"
PAGE = paths.root() / "docs" / "comparing.md"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a folder with the script in it."""
    (tmp_path / "drift.sh").write_text(script(Questions(secret="a" * 32)), "utf-8")
    return tmp_path


@pytest.fixture
def ansible(tmp_path: Path) -> Path:
    """Give the program of the real ansible-core, in an environment of its own."""
    subprocess.run([sys.executable, "-m", "venv", str(tmp_path / "venv")], check=True)
    pip = tmp_path / "venv" / "bin" / "pip"
    subprocess.run([str(pip), "install", "-q", "ansible-core"], check=True, timeout=300)
    return pip.with_name("ansible-playbook")


def kernel(path: Path) -> str | None:
    """Return the kernel that a snapshot names."""
    return read(path).sections["kernel"].text.split()[1]


def test_ansible(folder: Path, ansible: Path, server: Server, engine: Engine) -> None:
    """Ansible's `script` module takes a snapshot of a server behind ssh and of this machine."""
    shutil.copy(ENGINES / "ansible.yml", folder)
    ssh = f"ansible_ssh_common_args='-F {server.folder}/config'"
    away = f"web-1 ansible_host=127.0.0.1 ansible_port={server.port} ansible_user=root {ssh}"
    here = "here ansible_connection=local"
    (folder / "inventory.ini").write_text(f"[all]\n{away}\n{here}\n", "utf-8")
    subprocess.run(
        [str(ansible), "-i", "inventory.ini", "ansible.yml"],
        cwd=folder,
        check=True,
        capture_output=True,
        timeout=120,
        env={**os.environ, **engine.environment, "ANSIBLE_LOCALHOST_WARNING": "False"},
    )
    taken = read(folder / "web-1.snapshot")
    assert taken.key == read(folder / "here.snapshot").key
    assert taken.address == named(server.container)
    assert "VERSION_CODENAME=trixie" in taken.sections["os-release"].text


def named(container: Container) -> str:
    """Return what a container calls itself."""
    return str(container.attrs["Config"]["Hostname"])


def test_cron_job(folder: Path) -> None:
    """What the CronJob runs takes a snapshot; the script fits into the ConfigMap that it names."""
    text = (ENGINES / "cronjob.yaml").read_text("utf-8")
    command = re.search(r'command: \["(\w+)", "/drift/(.*)"\]', text)
    assert command
    ended = subprocess.run(
        [command[1], str(folder / command[2])], capture_output=True, check=True, timeout=60
    )
    (folder / "pod.snapshot").write_bytes(ended.stdout)
    assert kernel(folder / "pod.snapshot") == os.uname().release
    assert (folder / "drift.sh").stat().st_size < 1_000_000


def test_run_command(folder: Path) -> None:
    """The cloud's program gets the file that was generated, and where its output goes."""
    shell = re.search(r"```text\n(az .*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert shell
    shutil.copy(Path(__file__).with_name("az"), folder / "az")
    subprocess.run(
        ["sh", "-euc", shell[1]],
        cwd=folder,
        env={"PATH": f"{folder}:{os.environ['PATH']}", "STORAGE": str(folder)},
        check=True,
        timeout=60,
    )
    assert kernel(folder / "web-1.snapshot") == os.uname().release
