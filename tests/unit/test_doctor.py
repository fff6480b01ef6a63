from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from deployment_drift import doctor, paths
from deployment_drift.doctor import Finding
from deployment_drift.engine import engines, packages
from deployment_drift.engine.engines import Engine
from deployment_drift.errors import EngineError
from deployment_drift.scenes import story
from tests.fakes import VERSION, serve


@pytest.fixture(autouse=True)
def _state(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with TemporaryDirectory() as folder:  # pytest's own has too long a path for sockets
        monkeypatch.setenv("XDG_STATE_HOME", folder)
        yield


def named(findings: list[Finding]) -> dict[str, Finding]:
    """Return the findings by name."""
    return {finding.name: finding for finding in findings}


@pytest.fixture
def empty(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Give an engine that has no images."""
    with serve({"GET /version": VERSION, "GET /info": {}}) as address:
        found = Engine(f"tcp://{address}", "DOCKER_HOST", "1.2.3", "linux", "amd64", "1.41")
        monkeypatch.setattr(engines, "find", lambda: found)
        yield


@pytest.mark.usefixtures("empty")
def test_missing_images_are_not_fatal() -> None:
    """With an engine but without images all is well; what would build them is said."""
    findings = named(doctor.examine())
    assert findings["version"].value == "1.2.3, API 1.41"
    assert findings["architecture"].value == "linux/amd64"
    wanted = "not yet built: container, images/machine, machine of container"
    assert findings["demo-startup"] == Finding(
        "demo-startup",
        ok=True,
        value=wanted,
        hint="./invoke demo-startup",
        concerns=("demo-startup",),
    )


@pytest.mark.usefixtures("empty")
def test_nothing_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that is only asked about is not made, which root could do anywhere."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "none"))
    assert named(doctor.examine())["talk"].ok
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("empty")
def test_every_scene_is_examined() -> None:
    """There is a line for whatever can be played, options included."""
    findings = named(doctor.examine())
    assert {scene.typed for scene in story()} <= findings.keys()


@pytest.mark.usefixtures("empty")
def test_second_cpu_is_examined() -> None:
    """What is built for the other CPU is missed, too."""
    findings = named(doctor.examine())
    assert "container@arm64" in findings["demo-limits --both-cpus"].value
    assert "@" not in findings["demo-limits"].value


@pytest.mark.usefixtures("empty")
def test_missing_dockerfile_is_fatal(tmp_path: Path) -> None:
    """A scene whose folder has no Dockerfile cannot be played."""
    finding = named(doctor.examine(tmp_path))["demo-container"]
    assert not finding.ok
    assert "container/Dockerfile" in finding.value


def test_engine_that_does_not_answer_is_fatal(monkeypatch: pytest.MonkeyPatch) -> None:
    """An engine that was chosen and does not answer: the scenes cannot run."""

    def fail() -> None:
        raise EngineError("No engine answers at x.", hint="unset DOCKER_HOST")

    monkeypatch.setattr(engines, "find", fail)
    finding = named(doctor.examine())["engine"]
    assert finding == Finding(
        "engine", ok=False, value="No engine answers at x.", hint="unset DOCKER_HOST"
    )


@pytest.mark.parametrize(
    ("dockerd", "installable", "ok", "value"),
    [
        (True, False, True, "a scene starts a private one"),
        (False, True, True, "a scene installs docker.io first"),
        (False, False, False, "none is installed"),
    ],
)
def test_no_engine_yet(
    monkeypatch: pytest.MonkeyPatch, *, dockerd: bool, installable: bool, ok: bool, value: str
) -> None:
    """Without an engine the scenes can run where one can be started or installed."""
    monkeypatch.setattr(engines, "find", lambda: None)
    monkeypatch.setattr(engines, "hindrance", lambda: None)
    monkeypatch.setattr("shutil.which", lambda _: "/bin/x" if dockerd else None)
    monkeypatch.setattr(packages, "can_install", lambda: installable)
    finding = named(doctor.examine())["engine"]
    assert finding.ok is ok
    assert value in finding.value


def test_no_engine_and_no_right_to_start_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who is not root and has no engine is told what to do."""
    monkeypatch.setattr(engines, "find", lambda: None)
    monkeypatch.setattr(engines, "hindrance", lambda: engines.no_engine("Darwin"))
    finding = named(doctor.examine())["engine"]
    assert not finding.ok
    assert "Docker Desktop" in finding.hint


def test_an_engine_that_runs_but_is_silent_is_fatal(monkeypatch: pytest.MonkeyPatch) -> None:
    """A private engine that hangs is not taken for one that could be started."""
    monkeypatch.setattr(engines, "find", lambda: None)
    monkeypatch.setattr(engines, "hindrance", lambda: None)
    monkeypatch.setattr("deployment_drift.engine.daemon.pid", lambda _: 4711)
    finding = named(doctor.examine())["engine"]
    assert not finding.ok
    assert "runs, but did not answer" in finding.value
    assert finding.hint == "./invoke engine-stop"


def test_a_path_too_long_for_sockets_is_fatal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What would keep a private engine from starting is said before a scene tries."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / ("x" * 100)))
    monkeypatch.setattr(engines, "find", lambda: None)
    monkeypatch.setattr(engines, "hindrance", lambda: None)
    finding = named(doctor.examine())["engine"]
    assert not finding.ok
    assert "too long for the engine's sockets" in finding.value


def test_no_room_for_files_is_fatal(monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk with room for bytes but not for files holds no images."""
    monkeypatch.setattr(engines, "find", lambda: None)
    monkeypatch.setattr(doctor, "NEEDED_FILES", 10**15)
    finding = named(doctor.examine())["files"]
    assert not finding.ok
    assert finding.hint.startswith("df -i ")


def test_who_needs_ssh_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing ssh client concerns the scenes with virtual machines, and no other."""
    monkeypatch.setattr(engines, "find", lambda: None)
    concerned = named(doctor.examine())["ssh client"].concerns
    assert "demo-drift --machines vm" in concerned
    assert "demo-drift" not in concerned


TRIXIE = {"Id": "sha256:1"}


def test_a_name_that_was_moved_is_fatal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where two Debians are one image, nothing could drift: the scene would show parity."""
    moved = {f"GET /images/debian:{suite}-slim/json": TRIXIE for suite in ("bookworm", "trixie")}
    with serve({"GET /version": VERSION, "GET /info": {}, **moved}) as address:
        found = Engine(f"tcp://{address}", "DOCKER_HOST", "1.2.3", "linux", "amd64", "1.41")
        monkeypatch.setattr(engines, "find", lambda: found)
        finding = named(doctor.examine())["demo-drift"]
    assert not finding.ok
    assert "are one image: somebody has moved a name" in finding.value
    assert finding.hint.startswith("docker image rm debian:bookworm-slim ")


def test_little_disk_is_fatal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the disk is too full for the images, that is said with how much is needed."""
    monkeypatch.setattr(engines, "find", lambda: None)
    monkeypatch.setattr(doctor, "NEEDED_GIB", 10**9)
    finding = named(doctor.examine())["free disk"]
    assert not finding.ok
    assert "GiB" in finding.hint


def test_a_base_that_was_moved_within_its_suite_is_fatal(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A name that led to what was prepared, and leads elsewhere now, concerns what builds on it."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    (paths.state() / "bases").write_text("sha256:1 debian:trixie-slim\n", "ascii")
    there = {"GET /images/sha256:1/json": TRIXIE}
    there["GET /images/debian:trixie-slim/json"] = {"Id": "sha256:2"}
    with serve({"GET /version": VERSION, "GET /info": {}, **there}) as address:
        found = Engine(f"tcp://{address}", "DOCKER_HOST", "1.2.3", "linux", "amd64", "1.41")
        monkeypatch.setattr(engines, "find", lambda: found)
        finding = named(doctor.examine())["demo-container"]
    assert not finding.ok
    assert "debian:trixie-slim is another image than was prepared" in finding.value


@pytest.mark.usefixtures("empty")
def test_room_concerns_what_is_still_to_be_built(monkeypatch: pytest.MonkeyPatch) -> None:
    """Too little room is fatal for the scenes that are not built yet, and they are named."""
    monkeypatch.setattr(doctor, "NEEDED_GIB", 10**9)
    finding = named(doctor.examine())["free disk"]
    assert not finding.ok
    assert "demo-drift" in finding.concerns


@pytest.mark.usefixtures("empty")
def test_little_room_is_enough_for_what_is_built(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where every scene is built, a full disk keeps none from being played."""
    monkeypatch.setattr(doctor, "NEEDED_GIB", 10**9)
    monkeypatch.setattr(doctor, "_missing", lambda *_: iter(()))
    assert named(doctor.examine())["free disk"].ok
