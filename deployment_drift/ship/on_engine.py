"""A release on one engine: the new version is healthy before the old one is stopped."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from deployment_drift.build import images
from deployment_drift.engine import engines, leftovers
from deployment_drift.engine.engines import Engine
from deployment_drift.errors import EngineError, HostError
from deployment_drift.ship import container, registry
from deployment_drift.ship.registry import Name
from deployment_drift.ship.release import Release
from deployment_drift.ship.told import LABEL, Running, read_back, written
from deployment_drift.waiting import until

if TYPE_CHECKING:
    import docker
    from docker.models.containers import Container

NAME, NEXT, BEFORE = "shop", "shop-next", "shop-before"
VOLUME = "shop-spool"
PUBLISHED = 8080
BACK = 20.0
"""Seconds that an engine which has been restarted has until it answers again."""
_PAUSE = 0.5


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
            return Running(told, _as_found(found, told))

    def roll_out(self, release: Release) -> None:
        """Let a version take over once it is healthy; whatever fails, the old one answers again."""
        self._fetch(Name.parse(release.image))
        with self._alone():
            self._start(release, NEXT)
            self._remove(NEXT)
            with self._moved_aside():
                self._start(release, NAME, PUBLISHED)
            self._remove(BEFORE)

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

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """See that nobody else releases here, and leave no version that never took over."""
        with engines.opened(self.engine) as client:
            for name in (NEXT, BEFORE):
                if (found := _find(client, name)) and LABEL not in found.labels:
                    what = f"the container {name} on {self} is somebody else's"
                    raise HostError(what, hint=f"docker rename {name} another")
            other = _find(client, NEXT)
            if other and other.status == "running":
                what = f"somebody releases on {self} at this moment: {NEXT} runs there"
                raise HostError(what, hint=f"wait; or, if nobody does: docker rm -f {NEXT}")
        self._remove(NEXT)
        self._put_back()
        try:
            yield
        except BaseException:
            until(self._answers, limit=BACK, pause=_PAUSE)
            self._remove(NEXT)
            raise

    @contextmanager
    def _moved_aside(self) -> Iterator[None]:
        """Stop the old version for the new one's sake; start it again where that fails."""
        with engines.opened(self.engine) as client:
            if old := _find(client, NAME):
                old.rename(BEFORE)
                old.stop(timeout=container.PATIENCE)
        try:
            yield
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
                old.start()

    def _answers(self) -> bool:
        with suppress(EngineError), engines.opened(self.engine) as client:
            return bool(client.ping())
        return False

    def _start(self, release: Release, name: str, port: int = 0) -> None:
        """Start a version, and come back when it is healthy; with a port, it is there to stay."""
        options = {**container.options(release, VOLUME, port), "labels": {LABEL: written(release)}}
        if port:
            options["restart_policy"] = {"Name": "unless-stopped"}
        with engines.opened(self.engine) as client:
            made = client.containers.create(release.image, name=name, **options)
        container.begun(self.engine, release, name, str(made.id))

    def _remove(self, name: str) -> None:
        with engines.opened(self.engine) as client:
            if (found := _find(client, name)) and LABEL in found.labels:
                leftovers.remove_container(client.api, str(found.id))


def _find(client: "docker.DockerClient", name: str) -> "Container | None":
    import docker

    try:
        return client.containers.get(name)
    except docker.errors.NotFound:
        return None


def _as_found(found: "Container", told: Release) -> Release:
    """Return the release that a container is now."""
    settings, bounds = found.attrs["Config"], found.attrs["HostConfig"]
    ports = [int(each.partition("/")[0]) for each in bounds["PortBindings"] or {}]
    spools = [each["Destination"] for each in found.attrs["Mounts"] if each["Type"] == "volume"]
    return replace(
        told,
        image=settings["Image"],
        env=_variables(found, told),
        user=int(settings["User"] or 0),
        port=ports[0] if ports else 0,
        health=settings["Healthcheck"]["Test"][1:],
        memory=bounds["Memory"] >> 20,
        pids=bounds["PidsLimit"] or 0,
        spool=spools[0] if spools else "",
    )


def _variables(found: "Container", told: Release) -> dict[str, Any]:
    """Return the variables that a container was given besides those of its image."""
    own = set((found.image.attrs if found.image else {}).get("Config", {}).get("Env") or ())
    given = dict(each.partition("=")[::2] for each in found.attrs["Config"]["Env"] or ())
    return {k: v for k, v in given.items() if k in told.env or f"{k}={v}" not in own}
