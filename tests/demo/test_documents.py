"""The documentation is run: every command in it, as it stands there."""

import os
import re
import shutil
import subprocess
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import docker
import pytest

from deployment_drift import paths
from deployment_drift.build import images
from deployment_drift.engine import ownership
from deployment_drift.engine.engines import Engine
from tests.demo.conftest import Filters

PAGES = ("README.md", "README.ja.md", "docs/comparing.md", "docs/checks.md")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
RUNNING_NOW = "./invoke test"  # what runs this test: .ci/run types it in a fresh clone
COMES_LAST = "./invoke clean"
KEPT: Filters = {"label": ownership.KEEP}


def blocks(kind: str) -> list[str]:
    """Return the blocks of one kind in all pages."""
    texts = [(paths.root() / page).read_text() for page in PAGES]
    return [body for text in texts for found, body in BLOCK.findall(text) if found == kind]


COMMANDS = list(dict.fromkeys(line for body in blocks("sh") for line in body.splitlines()))


@pytest.fixture(scope="module")
def servers(engine: Engine, docker_client: docker.DockerClient) -> Iterator[None]:
    """Start the servers that the documentation compares."""
    (image,) = images.build_with_bases(engine, ["container"], print, root=paths.root())
    labels = {ownership.LABEL: "documents", ownership.KEEP: "1"}
    names = ("web-1", "web-2")
    for name in names:
        docker_client.containers.run(image.id, name=name, detach=True, labels=labels)
    yield
    for name in names:
        docker_client.containers.get(name).remove(force=True)


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a copy of the repository with the files that the pages tell to write."""
    folder = tmp_path_factory.mktemp("clone") / "deployment-drift"
    ignored = shutil.ignore_patterns(".git", ".venv", "*_cache", "__pycache__")
    shutil.copytree(paths.root(), folder, ignore=ignored)
    (folder / ".venv").symlink_to(paths.root() / ".venv")
    (folder / "checks").mkdir()
    (folder / "smoke").mkdir()
    (own,) = blocks("python")
    (folder / "checks" / "test_ours.py").write_text(own)
    (folder / "smoke" / "test_web.py").write_text(
        '"""One host."""\n\n\ndef test_php(host):\n    assert host.run("php -v").succeeded\n'
    )
    _project, _pages, allowed = blocks("toml")
    (folder / "allowed.toml").write_text(allowed)
    return folder


def test_pages_have_commands() -> None:
    """The README's two commands are among those that are run."""
    assert {"./invoke demo-drift", "./invoke demo-container", RUNNING_NOW} <= set(COMMANDS)


@pytest.fixture(scope="module")
def typed(clone: Path, engine: Engine) -> Callable[[str], None]:
    """Type a command in the clone, as a user of their own who builds nothing anew."""
    path = f"{paths.root()}/.venv/bin:{os.environ['PATH']}"
    state = {"XDG_STATE_HOME": str(clone.parent / "state")}
    environment = {**os.environ, **engine.environment, **state, "PATH": path}

    def run(command: str) -> None:
        ended = subprocess.run(
            ["sh", "-c", command],
            cwd=clone,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        assert ended.returncode == 0, ended.stdout[-1500:] + ended.stderr[-1500:]

    return run


@pytest.mark.usefixtures("servers")
@pytest.mark.parametrize("command", [c for c in COMMANDS if c not in (RUNNING_NOW, COMES_LAST)])
def test_command(command: str, typed: Callable[[str], None]) -> None:
    """A command of the documentation does what it is there for, and ends with 0."""
    typed(command)


def test_clean_comes_last(typed: Callable[[str], None], docker_client: docker.DockerClient) -> None:
    """What the commands left running on demand, the command for that removes."""
    before = len(docker_client.containers.list(filters=KEPT))
    typed(COMES_LAST)
    assert len(docker_client.containers.list(filters=KEPT)) < before


def test_every_dependency_has_its_reason() -> None:
    """The README's table names every package that the project asks for."""
    readme = (paths.root() / "README.md").read_text()
    table = readme[readme.index("## Dependencies") :]
    asked = tomllib.loads((paths.root() / "pyproject.toml").read_text())
    for line in (*asked["project"]["dependencies"], *asked["dependency-groups"]["dev"]):
        name = re.match(r"[\w-]+", line)
        assert name
        assert name[0] in table


def test_ci_types_the_readmes_command() -> None:
    """What CI runs is the command that the README gives."""
    assert f"exec {RUNNING_NOW}\n" in (paths.root() / ".ci" / "run").read_text()
