"""The contract that a container engine has to keep: the scenes play on it, and nothing stays."""

import json
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from time import monotonic
from typing import Any

import docker
import pytest

from deployment_drift import paths, scenes
from deployment_drift.build.bases import LABEL
from tests.engines.foreign import Foreign
from tests.engines.page import Played

LIMIT = 1200  # seconds that a scene may take where it builds everything
# demo-ship starts an engine in a container, which has been tried on Docker 20.10 alone
UNTRIED = ("ship",)
CONTRACT = ("drift", "container")
"""What CI plays on engines unlike its own; with `clean`, these are the contract."""
NAMES = [
    pytest.param(scene.name, marks=[pytest.mark.contract] * (scene.name in CONTRACT))
    for scene in scenes.story()
    if scene.typed == f"demo-{scene.name}" and scene.name not in UNTRIED
]
Invoke = Callable[..., Any]


@pytest.fixture
def api(foreign: Foreign) -> Iterator[docker.APIClient]:
    """Give the engine's own interface."""
    with closing(docker.APIClient(foreign.url, version="auto")) as opened:
        yield opened


@pytest.fixture
def invoke(foreign: Foreign, api: docker.APIClient, played: list[Played]) -> Invoke:
    """Give `./invoke` on this engine; each call is noted for the page."""

    def call(step: str, *options: str) -> Any:  # noqa: ANN401 -- the document's JSON
        begin = monotonic()
        done = subprocess.run(
            [*foreign.prefix, "./invoke", step, *options],
            cwd=paths.root(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=LIMIT,
            check=False,
        )
        seconds = monotonic() - begin
        holds = done.returncode == 0
        played.append(Played(foreign.name, api.version()["Version"], step, seconds, holds))
        assert holds, done.stderr[-4000:] + done.stdout[-4000:]
        return json.loads(done.stdout) if "--json" in options else done.stdout

    return call


@pytest.mark.parametrize("name", NAMES)
def test_scene(invoke: Invoke, name: str) -> None:
    """Every scene shows on every engine what it claims, the story's own values among it."""
    report = invoke(f"demo-{name}", "--json")
    assert report["verdict"] == scenes.find(name).expects
    assert report["missing"] == []


@pytest.mark.contract
def test_clean(invoke: Invoke, api: docker.APIClient) -> None:
    """What the scenes have built and started is gone afterwards, but the bases."""
    invoke("clean")
    assert api.containers(all=True) == []
    assert api.volumes()["Volumes"] in ([], None)
    left = [image for image in api.images(all=True) if LABEL not in (image["Labels"] or {})]
    assert left == []
