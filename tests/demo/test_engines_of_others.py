"""The engines that people have distribute the script, and bring back a snapshot."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import docker
import pytest
from docker.models.containers import Container

from deployment_drift import paths
from deployment_drift.engine.engines import Engine
from deployment_drift.probe import inside
from deployment_drift.probe.questions import Questions
from deployment_drift.probe.script import script
from deployment_drift.probe.shell import connected
from deployment_drift.probe.snapshot import read
from deployment_drift.run import environment
from deployment_drift.waiting import until
from tests.demo.conftest import FOLDERS, Ended
from tests.demo.ssh_server import LABELS, Server

ENGINES = paths.root() / "docs" / "engines"
PAGE = paths.root() / "docs" / "comparing.md"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a folder with the script in it."""
    (tmp_path / "drift.sh").write_text(script(Questions(secret="a" * 32)), "utf-8")
    return tmp_path


@pytest.fixture
def ansible(tmp_path: Path) -> Path:
    """Give the program of the real ansible-core, in an environment of its own.

    A pip in there, and compiling what is imported once, would take most of the time.
    """
    venv = tmp_path / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(venv)], check=True)
    pip = [sys.executable, "-m", "pip", "--python", str(venv / "bin" / "python")]
    subprocess.run([*pip, "install", "-q", "--no-compile", "ansible-core"], check=True, timeout=300)
    return venv / "bin" / "ansible-playbook"


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


def test_cron_job_is_one(tmp_path: Path) -> None:
    """Kubernetes' own schema knows every word of the CronJob, and refuses one that is misspelt."""
    text = (ENGINES / "cronjob.yaml").read_text("utf-8")
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(text.replace("concurrencyPolicy", "concurencyPolicy"), "utf-8")
    program = [sys.executable, "-m", "kubernetes_validate", "--strict"]
    assert subprocess.run([*program, str(ENGINES / "cronjob.yaml")], check=False).returncode == 0
    refused = subprocess.run([*program, str(wrong)], capture_output=True, text=True, check=False)
    assert "'concurencyPolicy' was unexpected" in refused.stderr + refused.stdout


KEY = "k" * 40
PROJECT = re.compile(r"^#   (\w+ = .*?)(?:  .*)?$", re.MULTILINE)


@pytest.fixture
def shop(docker_client: docker.DockerClient, trixie: str) -> Iterator[str]:
    """Give the image that the examples name."""
    assert trixie
    name = "registry.example/shop:1"
    docker_client.images.build(path=str(FOLDERS / "server"), tag=name, labels=LABELS, rm=True)
    yield name
    for container in docker_client.containers.list(all=True, filters={"ancestor": name}):
        container.remove(force=True)
    docker_client.images.remove(name, force=True)


@pytest.fixture
def typed(tmp_path: Path, engine: Engine) -> Callable[[str], Ended]:
    """Type a line of an example, in its folder, where the command is installed."""
    bin_ = tmp_path / "bin"
    bin_.mkdir()
    for name, does in (("deployment-drift", f'exec {paths.root()}/invoke "$@"'), ("pip", ":")):
        (bin_ / name).write_text(f"#!/bin/sh\n{does}\n")
        (bin_ / name).chmod(0o755)
    given = {"DRIFT_KEY": KEY, "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md")}
    path = {"PATH": f"{bin_}:{os.environ['PATH']}"}

    def run(line: str) -> Ended:
        ended = subprocess.run(  # noqa: PLW1510 -- the status is what is looked at
            ["sh", "-c", line],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=120,
            env={**os.environ, **engine.environment, **path, **given},
        )
        return Ended(ended.returncode, ended.stdout, ended.stderr)

    return run


@pytest.fixture
def listening(engine: Engine) -> Callable[[str], None]:
    """Wait until a server that was just started listens, as one that serves already does."""

    def wait(name: str) -> None:
        with environment(engine.environment), connected(engine.address(name)) as host:
            until(lambda: 80 in inside.listening(host), limit=30, pause=0.1, late=AssertionError)

    return wait


def test_ci_job(
    shop: str,
    folder: Path,
    typed: Callable[[str], Ended],
    listening: Callable[[str], None],
    docker_client: docker.DockerClient,
) -> None:
    """The job ends well where production is like what was built, and fails with a report else."""
    text = (ENGINES / "ci.yml").read_text("utf-8")
    (folder / "drift.toml").write_text("\n".join(PROJECT.findall(text)))
    _, start, compare, keep = re.findall(r"- run: (.*)", text)
    typed(f"docker run --detach --name production {shop}").expect(0)
    listening("production")
    asks = "docker exec -i -e DRIFT_KEY production sh -s <drift.sh"
    typed(f"{asks} >golden.snapshot").expect(0)
    typed(start).expect(0)
    listening("shop")
    for line in (compare, keep):
        typed(line).expect(0)
    assert "PARITY" in (folder / "summary.md").read_text("utf-8")
    docker_client.containers.get("shop").exec_run(["sh", "-c", "echo a.example >/etc/mailname"])
    typed(compare).expect(1)
    assert "<failure" in (folder / "drift.xml").read_text("utf-8")


def test_nightly_run(
    shop: str,
    tmp_path: Path,
    typed: Callable[[str], Ended],
    listening: Callable[[str], None],
    docker_client: docker.DockerClient,
) -> None:
    """Cron has nothing to mail while nothing differs from the snapshot, and then the table."""
    text = (ENGINES / "nightly.crontab").read_text("utf-8")
    for number in (1, 2):
        text = text.replace(f"ssh://deploy@web-{number}", f"docker://web-{number}")
        typed(f"docker run --detach --name web-{number} {shop}").expect(0)
        listening(f"web-{number}")
    (tmp_path / "drift.toml").write_text("\n".join(PROJECT.findall(text)))
    (tmp_path / "key").write_text(f"export DRIFT_KEY={KEY}\n")
    taking = re.search(r"deployment-drift snapshot .*", text)
    assert taking
    typed(taking[0]).expect(0)
    line = text.splitlines()[-1].split(maxsplit=5)[5].replace("/srv/drift", str(tmp_path))
    assert typed(line).expect(0) == ""
    docker_client.containers.get("web-2").exec_run(["sh", "-c", "echo a.example >/etc/mailname"])
    assert "DRIFT" in typed(line).expect(0)


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
