"""The contract that a container engine has to keep: the scenes play on it, and nothing stays."""

import json
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from time import monotonic
from typing import Any

import docker
import pytest

from deployment_drift import paths, scenes
from deployment_drift.build import bases
from deployment_drift.cli import NOT_PLAYED, STOPPED
from deployment_drift.compare.comparison import Verdict
from deployment_drift.engine import ownership
from tests.engines.conftest import Note
from tests.engines.foreign import Foreign, ours
from tests.engines.page import FAILS, SCENES, YES, Played

LIMIT = 2400  # seconds that a scene may take where it builds everything
MAY_REFUSE = {"ship": "on Docker"}
"""What starts a registry and an engine, which not every engine lets it: what it has to say then."""
CONTRACT = ("drift", "container")
"""What CI plays on engines unlike its own; with `clean`, these are the contract."""
NAMES = [pytest.param(name, marks=[pytest.mark.contract] * (name in CONTRACT)) for name in SCENES]
Invoke = Callable[..., "subprocess.CompletedProcess[str]"]
Noted = Callable[[str], AbstractContextManager[list[str]]]


@pytest.fixture
def api(foreign: Foreign) -> Iterator[docker.APIClient]:
    """Give the engine's own interface."""
    with closing(docker.APIClient(foreign.url, version="auto")) as opened:
        yield opened


@pytest.fixture
def noted(foreign: Foreign, api: docker.APIClient, note: Note) -> Noted:
    """Give what notes how a command ended, after all that is asserted of it inside.

    It yields a list, for the sentence with which a scene says that it cannot be played.
    """

    @contextmanager
    def noting(step: str) -> Iterator[list[str]]:
        came_to, refused, began = FAILS, list[str](), monotonic()
        try:
            yield refused
            came_to = "".join(refused) or YES
        except KeyboardInterrupt:
            came_to = ""  # it has not been played
            raise
        except AssertionError as error:
            why = str(error).partition("Error: ")[2].partition("\n")[0]
            came_to = f"{FAILS}: {why}".removesuffix(": ")
            raise
        finally:
            built = len(ours(api) - foreign.loaded)
            images = f"{len(foreign.loaded)} loaded, {built} built" * (step != "clean")
            version = api.version()["Version"]
            note(Played(foreign.name, version, step, came_to, images, monotonic() - began))

    return noting


@pytest.fixture
def invoke(foreign: Foreign) -> Invoke:
    """Give `./invoke` on this engine."""

    def call(step: str, *options: str) -> "subprocess.CompletedProcess[str]":
        done = subprocess.run(
            [*foreign.prefix, "./invoke", step, *options],
            cwd=paths.root(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=LIMIT,
            check=False,
        )
        if done.returncode == STOPPED:
            raise KeyboardInterrupt
        return done

    return call


def _sentence(done: "subprocess.CompletedProcess[str]") -> str:
    """Return why a scene cannot be played, as it says itself; "" where it says nothing of that."""
    if done.returncode != NOT_PLAYED or "Traceback" in done.stderr:
        return ""
    return done.stderr.rpartition("Error: ")[2].partition("\n")[0]


@pytest.mark.parametrize("name", NAMES)
def test_scene(noted: Noted, invoke: Invoke, name: str) -> None:
    """Every scene shows on every engine what it claims, the story's own values among it."""
    with noted(f"demo-{name}") as refused:
        done = invoke(f"demo-{name}", "--json")
        if name in MAY_REFUSE and MAY_REFUSE[name] in done.stderr:
            refused.append(_sentence(done))
            assert refused != [""]
            return
        assert not done.returncode, done.stderr[-4000:] + done.stdout[-4000:]
        report = json.loads(done.stdout)
        assert report["verdict"] == scenes.find(name).expects
        assert report["missing"] == []


def test_compare(foreign: Foreign, noted: Noted, invoke: Invoke) -> None:
    """Containers that users have started differ from each other as they do anywhere."""
    for scene in CONTRACT:  # which build what is started, where they have been left out
        invoke(f"demo-{scene}")
    with noted("compare"), started(foreign, "local", "container", "container") as addresses:
        differing, one, other = addresses
        for here, status, verdict in ((other, 0, Verdict.PARITY), (differing, 1, Verdict.DRIFT)):
            done = invoke("compare", "--local", here, "--release", one, "--json")
            assert done.returncode == status, done.stderr[-4000:] + done.stdout[-4000:]
            assert json.loads(done.stdout)["verdict"] == verdict


@contextmanager
def started(engine: Foreign, *folders: str) -> Iterator[list[str]]:
    """Yield the addresses of containers of what scenes have built, started as users do."""
    with closing(docker.DockerClient(engine.url, version="auto")) as client, ExitStack() as stack:
        addresses = []
        for folder in folders:
            # others that are made from it have inherited its label, but not its name
            name = f"{ownership.NAMESPACE}/{folder}:"
            tags = (tag for image in client.images.list() for tag in image.tags)
            one = client.containers.run(next(tag for tag in tags if name in tag), detach=True)
            stack.callback(one.remove, force=True, v=True)
            addresses.append(f"docker://{one.name}")
        yield addresses


def test_every_scene_is_played() -> None:
    """A scene that somebody adds is played on other engines, too."""
    assert {scene.name for scene in scenes.story() if scene.typed == f"demo-{scene.name}"} == set(
        SCENES
    )


@pytest.mark.contract
def test_clean(noted: Noted, invoke: Invoke, api: docker.APIClient) -> None:
    """What the scenes have built and started is gone afterwards, but the bases."""
    with noted("clean"):
        done = invoke("clean")
        assert not done.returncode, done.stderr[-4000:] + done.stdout[-4000:]
        assert api.containers(all=True) == []
        assert api.volumes()["Volumes"] in ([], None)
        left = [each["RepoTags"] for each in api.images(all=True) if is_ours(each)]
        assert left == []


def is_ours(image: Mapping[str, Any]) -> bool:
    """Tell whether `clean` has to remove an image: no base, and built by nobody else."""
    base = any(map(bases.suite, image["RepoTags"] or ()))
    mine = ownership.owner()
    return not base and (image["Labels"] or {}).get(ownership.OWNER, mine) == mine
