"""The artifact is pushed where the user says, after a yes, and nowhere else."""

import io
import sys
import tarfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any
from unittest.mock import MagicMock, Mock

import pytest

from deployment_drift.build import images
from deployment_drift.build.images import Image
from deployment_drift.engine import engines
from deployment_drift.engine.engines import Engine
from deployment_drift.errors import DriftError
from deployment_drift.ship import index, registry
from deployment_drift.ship import publish as publishing
from deployment_drift.ship.publish import publish
from deployment_drift.ship.registry import Moved, Name

BUILT = Image("container", "sha256:1", "deployment-drift/container:0a1b2c3d4e5f", 0.0, built=False)


@dataclass
class Pushed:
    """What was pushed, and where to; `saved` is the image as the engine saves it."""

    names: list[str] = field(default_factory=list)
    saved: bytes = bytes(1024)

    def __call__(self, _: object, image: str, name: Name, __: object) -> Moved:
        """Note it."""
        self.names.append(f"{image} {name}")
        return Moved(name, 1, 1, 0.0)


@pytest.fixture
def pushed(monkeypatch: pytest.MonkeyPatch) -> Pushed:
    """Give what notes what is pushed, on an engine that has built the artifact."""
    made, client = Pushed(), Mock()
    image = client.images.get.return_value
    image.save.side_effect = lambda: [made.saved]
    image.tags, image.attrs = [BUILT.tag], {"RepoDigests": []}

    @contextmanager
    def opened(_: Engine, **__: object) -> Iterator[Any]:
        yield client

    monkeypatch.setattr(
        engines, "connect", lambda _: Engine("unix:///x", "default", architecture="amd64")
    )
    monkeypatch.setattr(engines, "opened", opened)
    monkeypatch.setattr(images, "build_with_bases", lambda *_, **__: [BUILT])
    monkeypatch.setattr(registry, "push", made)
    return made


class Terminal(io.StringIO):
    """Somebody at a keyboard."""

    def isatty(self) -> bool:
        """Say that it is one."""
        return True


def test_a_tag_of_the_content_is_given(pushed: Pushed) -> None:
    """Without a tag, the same content has the same tag; a tag that is typed stays."""
    publish("registry.example/shop", confirmed=True)
    publish("registry.example/shop:1", confirmed=True)
    assert pushed.names == [
        "sha256:1 registry.example/shop:0a1b2c3d4e5f",
        "sha256:1 registry.example/shop:1",
    ]


@pytest.mark.parametrize("there", [True, False])
def test_both_cpus_have_one_name(
    pushed: Pushed, monkeypatch: pytest.MonkeyPatch, *, there: bool
) -> None:
    """Each CPU's image has a tag of its own, and its content makes the name of both.

    Where the second one has been built, no emulator is asked for.
    """
    built, emulated = [], []

    def build(_: object, folders: Sequence[str], *__: object, **___: object) -> list[Image]:
        (folder,) = folders
        built.append(folder)
        return [replace(BUILT, tag="other/container:fedcba") if "@" in folder else BUILT]

    def emulator(*_: object, **__: object) -> Any:  # noqa: ANN401 -- a context
        emulated.append(1)
        return MagicMock()

    monkeypatch.setattr(images, "build_with_bases", build)
    monkeypatch.setattr(images, "present", lambda *_: there)
    monkeypatch.setattr(publishing, "emulator", emulator)
    monkeypatch.setattr(index, "make", lambda _, name, sent: replace(name, path=str(len(sent))))
    name = publish("registry.example/shop", confirmed=True, both_cpus=True)
    assert str(name) == "registry.example/2:0a1b2c3d4e5f-fedcba"
    assert pushed.names == [
        f"sha256:1 registry.example/shop:0a1b2c3d4e5f-fedcba-{cpu}" for cpu in ("amd64", "arm64")
    ]
    assert built[-1] == "container@arm64"
    assert len(emulated) == (not there)


@pytest.mark.parametrize(("typed", "count"), [("y\n", 1), ("yes\n", 1), ("\n", 0), ("no\n", 0)])
def test_it_asks_first(
    pushed: Pushed, monkeypatch: pytest.MonkeyPatch, typed: str, count: int
) -> None:
    """Whatever is not a yes pushes nothing."""
    monkeypatch.setattr(sys, "stdin", Terminal(typed))
    if count:
        publish("registry.example/shop", confirmed=False)
    else:
        with pytest.raises(DriftError, match="nothing was pushed"):
            publish("registry.example/shop", confirmed=False)
    assert len(pushed.names) == count


def test_nobody_says_yes_where_there_is_nobody(
    pushed: Pushed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a terminal, a push has to be confirmed on the command line."""
    monkeypatch.setattr(sys, "stdin", io.StringIO("y\n"))
    with pytest.raises(DriftError) as raised:
        publish("registry.example/shop", confirmed=False)
    assert raised.value.hint == "add --yes"
    assert pushed.names == []


def test_a_digest_is_the_registry_s_to_give(pushed: Pushed) -> None:
    """Nobody can say beforehand which digest a push will have."""
    with pytest.raises(DriftError, match="has a digest"):
        publish(f"registry.example/shop@sha256:{'0' * 64}", confirmed=True)
    assert pushed.names == []


def test_a_secret_is_not_pushed(pushed: Pushed) -> None:
    """An image with a secret in it goes nowhere."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as packed:
        settings = b'{"config": {"Env": ["MAIL_PASSWORD=moonlight"]}}'
        entry = tarfile.TarInfo("config.json")
        entry.size = len(settings)
        packed.addfile(entry, io.BytesIO(settings))
    pushed.saved = buffer.getvalue()
    with pytest.raises(DriftError, match="holds a secret") as raised:
        publish("registry.example/shop", confirmed=True)
    assert "moonlight" not in raised.value.detail
    assert pushed.names == []
