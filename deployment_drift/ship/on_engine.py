"""A release on one engine: the new version is healthy before the old one is stopped."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from http import HTTPStatus
from time import perf_counter
from typing import TYPE_CHECKING, Any

from deployment_drift.build import images
from deployment_drift.engine import engines, leftovers
from deployment_drift.engine.engines import Engine
from deployment_drift.errors import EngineError, HostError
from deployment_drift.ship import container, registry
from deployment_drift.ship.registry import Name
from deployment_drift.ship.release import Release
from deployment_drift.ship.told import (
    KEPT,
    LABEL,
    Running,
    kept,
    read_back,
    remembered,
    written,
)
from deployment_drift.waiting import until

if TYPE_CHECKING:
    import docker
    from docker.models.containers import Container

NAME, NEXT, BEFORE = "shop", "shop-next", "shop-before"
VOLUME = "shop-spool"
PUBLISHED = 8080
KEPT_RUNNING: Any = {"Name": "unless-stopped", "MaximumRetryCount": 0}
BACK = 20.0
"""Seconds that an engine which has been restarted has until it answers again."""
_PAUSE = 0.5
_NEW = 5
"""Seconds within which what was created is started, unless whoever did it is gone."""


@dataclass(frozen=True, slots=True)
class OnEngine:
    """A release in a container, on the engine's own port; a proxy in front would hide the swap."""

    engine: Engine

    def __str__(self) -> str:
        """Return what people call it."""
        return f"the engine at {self.engine.url}"

    def running(self) -> Running | None:
        """Return what runs there now; None where nothing of that name does."""
        with engines.opened(self.engine) as client:
            found = _find(client, NAME)
            if not found:
                return None
            told = read_back(found.labels.get(LABEL), f"the container {NAME} on {self}")
            was = remembered(found.labels.get(KEPT), told)
            well = container.runs(found) and not _find(client, BEFORE)
            return Running(
                told, container.as_found(found, told, VOLUME), was, container.settings(found), well
            )

    def roll_out(self, release: Release) -> str:
        """Let a version take over once it is healthy; whatever fails, the old one answers again.

        Return for how long nobody answered: one port cannot be two containers'.
        """
        self._fetch(Name.parse(release.image))
        with self._alone(release) as beside:
            self._check(release, beside)
            with self._moved_aside() as is_first:
                made = self._created(release, PUBLISHED)
                begin = perf_counter()
                self._stop(BEFORE)
                container.begun(self.engine, release, NAME, made)
                gap = perf_counter() - begin
            self._remove(BEFORE)
        return "" if is_first else f"nobody answered for {gap:.1f} s: one port is one container's"

    def take_down(self) -> str:
        """Remove what was released here; return what stays."""
        with engines.opened(self.engine) as client:
            for each in client.containers.list(all=True, filters={"label": LABEL}):
                each.stop(timeout=container.PATIENCE)
                each.remove(force=True)
        return f"volume {VOLUME}"

    def _fetch(self, name: Name) -> None:
        """Pull an image, unless it is there: going back asks no registry."""
        with engines.opened(self.engine, limit=registry.SILENCE) as client:
            if not images.find(client, str(name)):
                registry.require(client, name, self.engine.architecture)
                registry.pull(client, name)

    def _check(self, release: Release, beside: str) -> None:
        """Start the container beside; HostError where it is sick, or another release removed it."""
        try:
            container.begun(self.engine, release, NEXT, beside)
        except (EngineError, HostError) as error:
            with engines.opened(self.engine) as client:
                found = _find(client, beside)
            if found is None or found.status in {"removing", "dead"}:
                raise self._busy() from error
            raise

    @contextmanager
    def _alone(self, release: Release) -> Iterator[str]:
        """Yield a container beside the one that runs: while it is there, nobody else releases."""
        with engines.opened(self.engine) as client:
            self._require_alone(client)
            self._remove(NEXT)
            beside = self._beside(client, release)
        try:
            self._put_back()
            yield beside
        except BaseException:
            until(self._answers, limit=BACK, pause=_PAUSE)
            raise
        finally:
            with suppress(EngineError), engines.opened(self.engine) as client:
                leftovers.remove_container(client.api, beside)

    def _require_alone(self, client: "docker.DockerClient") -> None:
        """Raise HostError where a name of ours is somebody else's, or somebody releases."""
        for name in (NEXT, BEFORE):
            if (found := _find(client, name)) and LABEL not in found.labels:
                what = f"the container {name} on {self} is somebody else's"
                raise HostError(what, hint=f"docker rename {name} another")
        other = _find(client, NEXT)
        if other and (other.status == "running" or _is_new(client, other)):
            raise self._busy()

    def _beside(self, client: "docker.DockerClient", release: Release) -> str:
        """Create the container that is checked before anything is stopped; only one can be."""
        import docker

        options = {**container.options(release, VOLUME), "labels": {LABEL: written(release)}}
        try:
            return str(client.containers.create(release.image, name=NEXT, **options).id)
        except docker.errors.APIError as error:
            if error.status_code == HTTPStatus.CONFLICT:
                raise self._busy() from error
            raise

    def _busy(self) -> HostError:
        what = f"somebody releases on {self} at this moment: {NEXT} runs there"
        return HostError(what, hint=f"wait; or, if nobody does: docker rm -f {NEXT}")

    @contextmanager
    def _moved_aside(self) -> Iterator[bool]:
        """Let the new version have the old one's name; give it back where that one fails.

        Yield whether there is no old one.
        """
        with engines.opened(self.engine) as client:
            if old := _find(client, NAME):
                old.rename(BEFORE)
                old.update(restart_policy={"Name": "always"})  # also after it has been stopped
        try:
            yield old is None
        except BaseException:
            until(self._answers, limit=BACK, pause=_PAUSE)
            self._put_back()
            raise

    def _put_back(self) -> None:
        """Start a version again that was moved aside by a release which did not come to its end."""
        with engines.opened(self.engine) as client:
            if old := _find(client, BEFORE):
                self._remove(NAME)
                old.rename(NAME)
                old.update(restart_policy=KEPT_RUNNING)
                old.start()

    def _answers(self) -> bool:
        with suppress(EngineError), engines.opened(self.engine) as client:
            return bool(client.ping())
        return False

    def _created(self, release: Release, port: int) -> str:
        """Return the id of a container that is there to stay, and knows how it was made.

        What an engine makes of the options is its own: it is asked that of a first container.
        """
        options = container.options(release, VOLUME, port)
        options["restart_policy"] = KEPT_RUNNING
        labels = {LABEL: written(release)}
        with engines.opened(self.engine) as client:
            create = partial(client.containers.create, release.image, name=NAME, **options)
            asked = create(labels=labels)
            labels[KEPT] = kept(release, container.settings(asked))
            asked.remove()
            return str(create(labels=labels).id)

    def _stop(self, name: str) -> None:
        with engines.opened(self.engine) as client:
            if found := _find(client, name):
                found.stop(timeout=container.PATIENCE)

    def _remove(self, name: str) -> None:
        with engines.opened(self.engine) as client:
            if (found := _find(client, name)) and LABEL in found.labels:
                leftovers.remove_container(client.api, str(found.id))


def _is_new(client: "docker.DockerClient", found: "Container") -> bool:
    """Whether a container was created a moment ago, by the engine's own clock."""
    now, then = (
        datetime.fromisoformat(each[:19])
        for each in (client.info()["SystemTime"], found.attrs["Created"])
    )
    return found.status == "created" and (now - then).total_seconds() < _NEW


def _find(client: "docker.DockerClient", name: str) -> "Container | None":
    import docker

    try:
        return client.containers.get(name)
    except docker.errors.NotFound:
        return None
