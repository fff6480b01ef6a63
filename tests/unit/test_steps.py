"""What scenes share: from an engine over images and hosts to answers."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from deployment_drift import steps
from deployment_drift.build import bases, images
from deployment_drift.build.bases import Base
from deployment_drift.build.images import Image
from deployment_drift.compare import checks
from deployment_drift.compare.comparison import Verdict
from deployment_drift.compare.project import Project
from deployment_drift.engine import engines, leftovers
from deployment_drift.engine.engines import Engine
from deployment_drift.engine.ownership import Session
from deployment_drift.errors import DriftError
from deployment_drift.events import Compared, Event, Found, Progress
from deployment_drift.records import Host
from deployment_drift.report.language import load
from deployment_drift.run import Run
from deployment_drift.scene import Scene, same_servers
from deployment_drift.targets import disks
from deployment_drift.targets.target import Target, env_file
from deployment_drift.waiting import PATIENCE, PATIENT
from tests.unit.conftest import Compare

ENGINE = Engine("unix:///run/drift.sock", "private", "28.5")
SESSION = Session("s1", {})


@pytest.fixture
def told() -> list[Event]:
    """Give what a run tells."""
    return []


@pytest.fixture
def run(tmp_path: Path, told: list[Event]) -> Run:
    """Give a run of a scene that has an engine, and builds `local` and a machine of it."""
    scene = Scene("x", Verdict.SHOWN, {}, images=("local",), machines=("local",))
    made = Run(scene, tmp_path, [told.append])
    made.engine, made.session = ENGINE, SESSION
    return made


def image(folder: str, number: int) -> Image:
    """Return an image that is there."""
    return Image(folder, f"sha256:{number}", folder, 0.0, built=False)


def test_env_file_is_read_as_docker_reads_it(tmp_path: Path) -> None:
    """Comments and blank lines are left out; a value may hold an equals sign and quotes."""
    file = tmp_path / "local.env"
    file.write_text("# mail\n\nMAIL_HOST=catcher\nOPTIONS=a=b\nQUOTED='x'\nEMPTY=\n")
    expected = {"MAIL_HOST": "catcher", "OPTIONS": "a=b", "QUOTED": "'x'", "EMPTY": ""}
    assert env_file(file) == expected


def test_an_engine_is_found_and_swept(
    run: Run, told: list[Event], monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the step is open, clients are led to the engine, and a session is alive there."""
    swept: list[Engine] = []

    def connect(emit: Any) -> Engine:  # noqa: ANN401 -- a callback
        emit("starting")
        return ENGINE

    monkeypatch.delenv("DOCKER_HOST", raising=False)
    monkeypatch.setattr(engines, "connect", connect)
    monkeypatch.setattr(leftovers, "sweep", swept.append)
    steps.find_engine(run)
    assert (run.engine, swept) == (ENGINE, [ENGINE])
    assert os.environ["DOCKER_HOST"] == ENGINE.url
    assert run.session.id
    run.close()
    assert "DOCKER_HOST" not in os.environ
    assert told == [Progress("engine", "starting"), Found("engine", f"28.5, {ENGINE.url}")]


@pytest.mark.parametrize(("error", "times"), [(None, 0), (KeyboardInterrupt(), 2)])
def test_what_a_stopped_step_was_making_goes(
    run: Run, monkeypatch: pytest.MonkeyPatch, error: BaseException | None, times: int
) -> None:
    """A container that the engine makes while somebody hangs up goes, too, though it comes late."""
    gone: list[str] = []
    monkeypatch.setattr(engines, "connect", lambda _: ENGINE)
    monkeypatch.setattr(leftovers, "sweep", lambda _: None)
    monkeypatch.setattr(leftovers, "remove_session", lambda _, session: gone.append(session))
    monkeypatch.setattr(steps, "LATE", 0)
    steps.find_engine(run)
    run.close(type(error) if error else None, error)
    assert gone == [run.session.id] * times


def test_every_base_is_prepared_once(
    run: Run, told: list[Event], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The images that folders start from, and that disks are made with, are asked for together."""
    asked: list[Any] = []

    def prepare(*given: Any) -> list[Base]:  # noqa: ANN401 -- whatever is given
        asked.append(given)
        return [
            Base("debian:a", "1", "sha256:9", "pulled"),
            Base("debian:b", "2", "", "bootstrapped"),
        ]

    def bases_of(folder: str, root: Path) -> list[str]:
        assert root == run.root
        return ["debian:a", f"debian:{folder}"]

    monkeypatch.setattr(bases, "prepare", prepare)
    monkeypatch.setattr(images, "bases_of", bases_of)
    steps.prepare_bases(run)
    names = ["debian:a", "debian:local", f"debian:{disks.FOLDER}"]
    assert asked == [(ENGINE, names, run.progress)]
    assert told == [
        Found("debian:a", "pulled", {"digest": "sha256:9"}),
        Found("debian:b", "bootstrapped", {"digest": ""}),
    ]


@pytest.mark.parametrize(("given", "wanted"), [((), ("local",)), (("php",), ("php",))])
def test_images_are_built_and_named(
    run: Run,
    told: list[Event],
    monkeypatch: pytest.MonkeyPatch,
    given: tuple[str, ...],
    wanted: tuple[str, ...],
) -> None:
    """The scene's folders are built, or those that are named instead."""

    def build(engine: Engine, folders: Sequence[str], emit: object, *, root: Path) -> list[Image]:
        assert (engine, emit, root) == (ENGINE, run.progress, run.root)
        return [image(folder, 1) for folder in folders]

    monkeypatch.setattr(images, "build_all", build)
    steps.build_images(run, given)
    assert run.built == {folder: image(folder, 1) for folder in wanted}
    assert told == [Found(f"{folder}/", "sha256:1") for folder in wanted]


def test_machines_are_made_of_images(
    run: Run, told: list[Event], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A machine is made of the image of its folder, and stands beside it."""
    run.built["local"] = image("local", 1)

    def build(*given: Any, root: Path) -> list[Image]:  # noqa: ANN401 -- whatever is given
        assert given == (ENGINE, SESSION, [image("local", 1)], run.progress)
        assert root == run.root
        return [image("machine-local", 2)]

    monkeypatch.setattr(disks, "build_all", build)
    steps.make_disks(run)
    assert run.built["machine-local"] == image("machine-local", 2)
    assert told == [Found("machine-local", "sha256:2")]


def test_a_target_gets_what_was_built_and_its_env_file(run: Run) -> None:
    """A target's own variables stand above those of its file, which lies beside the Dockerfile."""
    run.built = {"local": image("local", 1), "machine-local": image("machine-local", 2)}
    (run.root / "local").mkdir()
    (run.root / "local" / "some.env").write_text("A=1\nB=1\n")
    target = Target("web", "local", env_file="some.env", env={"B": "2"})
    assert steps.resolved(run, target) == Target("web", "sha256:1", env={"A": "1", "B": "2"})
    machine = Target("vm", "local", kind="machine")
    assert steps.resolved(run, machine) == Target("vm", "sha256:2", kind="machine")


@pytest.mark.parametrize("keep", [False, True])
def test_hosts_take_part_until_they_are_stopped(
    run: Run, monkeypatch: pytest.MonkeyPatch, *, keep: bool
) -> None:
    """What was started runs while its step is open, and is stopped with it."""
    run.keep, run.built = keep, {"local": image("local", 1)}
    stopped: list[str] = []
    host = Host("web", "docker://drift-web")

    @contextmanager
    def start(*given: Any, **options: bool) -> Iterator[list[Host]]:  # noqa: ANN401 -- whatever
        assert given == (ENGINE, SESSION, [Target("web", "sha256:1")])
        assert options == {"keep": keep}
        yield [host]
        stopped.append("web")

    monkeypatch.setattr(steps, "start", start)
    steps.start_hosts(run, [Target("web", "local")])
    assert (run.servers, stopped) == ([host], [])
    steps.stop_hosts(run)
    assert (run.servers, stopped) == ([], ["web"])


@pytest.mark.parametrize(("other", "verdict"), [("1", Verdict.PARITY), ("2", Verdict.DRIFT)])
def test_two_builds_are_never_one_image(
    run: Run, told: list[Event], other: str, verdict: Verdict
) -> None:
    """What runs is compared by the id of its image."""
    run.servers = [Host("local", "docker://a", "1"), Host("release", "docker://b", other)]
    steps.compare_images(run)
    (compared,) = told
    assert isinstance(compared, Compared)
    made = compared.comparison
    assert (made.check.name, made.verdict) == ("image", verdict)
    assert [seen.value for seen in made.observations.values()] == ["1", other]


def test_checks_are_asked_as_the_scene_says(
    run: Run, told: list[Event], monkeypatch: pytest.MonkeyPatch, compare: Compare
) -> None:
    """What is asked reaches the checks; what they compare is told, and who is one server."""
    made = compare("a", "b")

    def ask(addresses: Sequence[str], heard: Any, **options: Any) -> dict[str, str]:  # noqa: ANN401
        assert addresses == ["docker://a", "docker://b"]
        assert options == {
            "folder": Path("checks"),
            "allowed": run.root / "x" / "allowed.toml",
            "said": Project(applications=("/srv",)),
            "patience": PATIENCE,
        }
        heard(made)
        return {"b": "a"}

    monkeypatch.setattr(checks, "run", ask)
    run.scene = replace(run.scene, allowed="x/allowed.toml")
    asked = ["docker://a", "docker://b"]
    assert run.compare(asked, Path("checks"), Project(applications=("/srv",))) == [made]
    same = Found("b", "same_server", {"first": "a"})
    assert told == [Compared(made), same]
    assert same_servers(run.collected) == (("b", "a"),)
    assert load("en").fact(same) == "is the same server as a, so that nothing can differ"
    assert load("ja").fact(same) == "aと同じサーバー。違いが出るはずがない"


def test_all_hosts_are_asked(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """The checks of a scene are asked of every host that runs, with nothing allowed by itself.

    They have been started here, so that where one is slow, it is this computer that is busy.
    """
    asked: list[Any] = []

    def ask(given: Sequence[str], _: object, **options: object) -> dict[str, str]:
        asked.append((given, options))
        return {}

    monkeypatch.setattr(checks, "run", ask)
    run.servers = [Host("local", "docker://a"), Host("release", "docker://b")]
    assert steps.run_checks(run) == []
    nothing = {"folder": None, "allowed": None, "said": None, "patience": PATIENT}
    assert asked == [(["docker://a", "docker://b"], nothing)]


@pytest.mark.parametrize(
    ("keep", "fails", "removed"),
    [(False, False, ["s1"]), (True, False, []), (True, True, ["s1"])],
)
def test_networks_stay_only_where_they_are_kept(
    run: Run, monkeypatch: pytest.MonkeyPatch, *, keep: bool, fails: bool, removed: list[str]
) -> None:
    """What a session made goes in the end, unless it is to stay and nothing failed."""
    gone: list[str] = []
    monkeypatch.setattr(leftovers, "remove_session", lambda _, session: gone.append(session))
    run.keep = keep
    steps.leave_nothing(run)
    error = DriftError("no") if fails else None
    run.close(type(error) if error else None, error)
    assert gone == removed
