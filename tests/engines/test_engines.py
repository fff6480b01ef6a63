"""The contract that a container engine has to keep: the scenes play on it, and nothing stays."""

import json
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from typing import Any

import docker
import pytest

from deployment_drift import paths, scenes
from deployment_drift.build import bases
from deployment_drift.cli import NOT_PLAYED, STOPPED
from deployment_drift.engine import ownership
from tests.engines.foreign import Foreign, ours
from tests.engines.page import SCENES, Played

LIMIT = 2400  # seconds that a scene may take where it builds everything
MAY_REFUSE = {"ship": "on Docker"}
"""What starts a registry and an engine, which not every engine lets it: what it has to say then."""
CONTRACT = ("drift", "container")
"""What CI plays on engines unlike its own; with `clean`, these are the contract."""
NAMES = [pytest.param(name, marks=[pytest.mark.contract] * (name in CONTRACT)) for name in SCENES]
Invoke = Callable[..., Any]


@pytest.fixture
def api(foreign: Foreign) -> Iterator[docker.APIClient]:
    """Give the engine's own interface."""
    with closing(docker.APIClient(foreign.url, version="auto")) as opened:
        yield opened


@pytest.fixture
def invoke(foreign: Foreign, api: docker.APIClient, played: list[Played]) -> Invoke:
    """Give `./invoke` on this engine; each call is noted for the page.

    `refusal`: what a sentence has with which it may end as well; then nothing is given.
    """

    def call(step: str, *options: str, refusal: str = "") -> Any:  # noqa: ANN401 -- JSON
        done = subprocess.run(
            [*foreign.prefix, "./invoke", step, *options],
            cwd=paths.root(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=LIMIT,
            check=False,
        )
        refused = _sentence(done) if refusal and refusal in done.stderr else ""
        came_to = refused or ("fails" if done.returncode else "yes")
        built = ours(api) - foreign.loaded
        images = f"{len(foreign.loaded)} loaded, {len(built)} built"
        version = api.version()["Version"]
        if done.returncode != STOPPED:  # else it has not been played
            made = images * (step != "clean")
            played.append(Played(foreign.name, version, step, came_to, made))
        assert refused or not done.returncode, done.stderr[-4000:] + done.stdout[-4000:]
        return json.loads(done.stdout) if not refused and "--json" in options else done.stdout

    return call


def _sentence(done: "subprocess.CompletedProcess[str]") -> str:
    """Return why a scene cannot be played, as it says itself; "" where it says nothing of that."""
    if done.returncode != NOT_PLAYED or "Traceback" in done.stderr:
        return ""
    return " ".join(done.stderr.rpartition("Error: ")[2].split())


@pytest.mark.parametrize("name", NAMES)
def test_scene(invoke: Invoke, name: str) -> None:
    """Every scene shows on every engine what it claims, the story's own values among it."""
    report = invoke(f"demo-{name}", "--json", refusal=MAY_REFUSE.get(name, ""))
    if report:
        assert report["verdict"] == scenes.find(name).expects
        assert report["missing"] == []


def test_every_scene_is_played() -> None:
    """A scene that somebody adds is played on other engines, too."""
    assert {scene.name for scene in scenes.story() if scene.typed == f"demo-{scene.name}"} == set(
        SCENES
    )


@pytest.mark.contract
def test_clean(invoke: Invoke, api: docker.APIClient) -> None:
    """What the scenes have built and started is gone afterwards, but the bases."""
    invoke("clean")
    assert api.containers(all=True) == []
    assert api.volumes()["Volumes"] in ([], None)
    left = [each["RepoTags"] for each in api.images(all=True) if is_ours(each)]
    assert left == []


def is_ours(image: Mapping[str, Any]) -> bool:
    """Tell whether `clean` has to remove an image: no base, and built by nobody else."""
    base = any(map(bases.suite, image["RepoTags"] or ()))
    mine = ownership.owner()
    return not base and (image["Labels"] or {}).get(ownership.OWNER, mine) == mine
