"""The package as others install it: in a new environment, without this checkout."""

import os
import shutil
import subprocess
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path

import docker
import pytest

from deployment_drift import paths
from deployment_drift.engine import ownership
from deployment_drift.engine.engines import Engine
from tests.demo.conftest import Ended
from tests.demo.test_documents import blocks


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel from a copy, since a build leaves its own files beside what it builds.

    A release checks the very wheel that it publishes, and names it.
    """
    if given := os.environ.get("DRIFT_WHEEL"):
        return Path(given)
    source = tmp_path_factory.mktemp("source")
    for name in ("deployment_drift", "tests/parity"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(paths.root() / name, source / name, ignore=ignored)
    for name in ("pyproject.toml", "setup.py", "README.md", "LICENSE"):
        shutil.copy(paths.root() / name, source)
    pip = [shutil.which("python3") or "python3", "-m", "pip", "-q", "--disable-pip-version-check"]
    wheels = source / "wheels"
    subprocess.run([*pip, "wheel", "--no-deps", "-w", str(wheels), str(source)], check=True)
    (built,) = wheels.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install it with what it needs, and give the folder of the environment's programs."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=True)
    programs = folder / "bin"
    pip = [str(programs / "python"), "-m", "pip", "-q", "--disable-pip-version-check"]
    subprocess.run([*pip, "install", str(wheel)], check=True)
    subprocess.run([*pip, "check"], check=True)
    return programs


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Give a team's project: its own check, from the documentation, and its own pytest settings."""
    (own,) = blocks("python")
    (tmp_path / "checks").mkdir()
    (tmp_path / "checks" / "test_ours.py").write_text(own)
    return tmp_path


@pytest.fixture(scope="module")
def server(engine: Engine, docker_client: docker.DockerClient, trixie: str) -> Iterator[str]:
    """Give the address of a server where nothing changes meanwhile: this machine is busy."""
    labels = {ownership.LABEL: "install", ownership.OWNER: ownership.owner()}
    quiet = docker_client.containers.run(trixie, ["sleep", "600"], detach=True, labels=labels)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in engine.environment.items():
            patch.setenv(name, value)
        yield f"docker://{quiet.name}"
    quiet.remove(force=True)


def typed(command: str, programs: Path, folder: Path) -> Ended:
    """Type a command in a folder, with the environment's programs first."""
    environment = {
        **{name: value for name, value in os.environ.items() if name.startswith("DOCKER")},
        "PATH": f"{programs}:{os.environ['PATH']}",
        "HOME": str(folder),
        "LANG": "C.UTF-8",
    }
    ended = subprocess.run(
        ["sh", "-c", command],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    return Ended(ended.returncode, ended.stdout, ended.stderr)


def test_wheel_holds_everything(wheel: Path) -> None:
    """Code, data, the mark of its types and the checks are in the wheel."""
    with zipfile.ZipFile(wheel) as packed:
        names = set(packed.namelist())
    for folder, place in (("deployment_drift", "deployment_drift"), ("tests/parity", CHECKS)):
        files = [path for path in (paths.root() / folder).rglob("*") if path.is_file()]
        wanted = {
            f"{place}/{path.relative_to(paths.root() / folder)}"
            for path in files
            if "__pycache__" not in path.parts
        }
        assert wanted <= names


CHECKS = "deployment_drift/checks"
COMMANDS = [line[2:] for body in blocks("console") for line in body.splitlines()]


def test_documented_commands(installed: Path, project: Path, server: str) -> None:
    """The commands that the documentation gives for an installed package do what they are for."""
    assert len(COMMANDS) >= 6
    for command in COMMANDS:
        typed(command.replace("local://", server), installed, project).expect(0)


def test_a_drift_ends_with_1(installed: Path, project: Path) -> None:
    """A check of one's own that differs is a drift."""
    (project / "checks" / "test_shell.py").write_text(
        'def test_shell(same):\n    """Shell: each is another."""\n'
        "    assert same(lambda host: host.check_output('echo $PPID'))\n"
    )
    line = "deployment-drift compare --local local:// --release local:// --checks checks"
    assert "Shell" in typed(line, installed, project).expect(1)


def test_settings_of_a_project_are_for_its_own_tests(
    installed: Path, project: Path, server: str
) -> None:
    """What a project tells its own pytest does not reach the checks of the package."""
    (project / "pyproject.toml").write_text('[tool.pytest.ini_options]\naddopts = "--no-such"\n')
    typed(f"deployment-drift snapshot {server} --output then.json", installed, project).expect(0)


def test_documents_fit_their_schema(installed: Path, project: Path) -> None:
    """`--json` gives one document, whose schema is in the package."""
    line = "deployment-drift compare --local local:// --release local:// --checks checks --json"
    typed(line, installed, project).document(0)


@pytest.mark.parametrize("words", ["demo-drift", "comapre", "compare", "compare --lokal x"])
def test_mistakes_lead_on(words: str, installed: Path, project: Path) -> None:
    """A scene without a checkout, or a misspelling, is one sentence, what to type, and status 2."""
    error = typed(f"deployment-drift {words}", installed, project).error(2)
    assert len(error.splitlines()) == 2
    assert ("./invoke demo-drift" in error) == (words == "demo-drift")


def test_other_suites_see_nothing(installed: Path, project: Path) -> None:
    """A suite that has nothing to do with the package runs as if it were not installed."""
    (project / "test_theirs.py").write_text("def test_it(pytestconfig):\n    assert True\n")
    (project / "conftest.py").write_text(
        "def pytest_addoption(parser):\n    parser.addoption('--release')\n"
    )
    typed("pytest -W error --release=1 test_theirs.py", installed, project).expect(0)


def test_kept_shell_in_somebody_elses_suite(installed: Path, project: Path) -> None:
    """The kept shell serves a suite of strangers."""
    (project / "test_it.py").write_text(
        "def test_it(host):\n    assert host.check_output('echo kept') == 'kept'\n"
    )
    line = "pytest -p deployment_drift.probe.shell --hosts=shell+local:// test_it.py"
    typed(line, installed, project).expect(0)


def test_types_are_there_for_checks(installed: Path) -> None:
    """One cheap import gives what checks need."""
    program = "import sys, deployment_drift as d; assert 'pytest' not in sys.modules; print(d.Same)"
    ended = typed(f'python -c "{program}"', installed, installed)
    assert "Comparison" in ended.expect(0)
