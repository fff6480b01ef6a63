"""Watches a scene's engine, and tells what of ours runs there whenever that changes."""

from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from threading import Event as Flag
from threading import Lock, Thread
from typing import TYPE_CHECKING, Any

from deployment_drift.engine import engines, ownership
from deployment_drift.errors import DriftError
from deployment_drift.events import Container, Running
from deployment_drift.run import Run
from deployment_drift.scene import Scene

if TYPE_CHECKING:
    import docker

OFTEN = 0.25
"""Seconds between two looks."""
LOOKS = (4, 12, 24)
"""After how many looks a container is asked what is in it: it may be starting for a while."""
PATIENCE = 5
"""Seconds in which a look that has begun comes to its end."""
STACK = Path(__file__).with_name("stack.sh")
SHELLS = ("sh", "dash", "bash", "busybox", "sleep", "tini", "catatonit")
"""Programs that only start, or wait for, others."""


def watched(scene: Scene) -> Scene:
    """Return the scene whose engine is watched from the step on that finds it."""
    if "engine" not in scene.steps:
        return scene
    watching: list[Watcher] = []

    def find(run: Run) -> None:
        scene.steps["engine"](run)
        watching[:] = [run.running.enter_context(watch(run))]

    def seen(name: str, run: Run) -> None:
        scene.steps[name](run)
        for each in watching:
            each.look()  # what a step has started is in the picture before anybody speaks of it

    steps = {name: partial(seen, name) for name in scene.steps}
    return replace(scene, steps={**steps, "engine": find})


@contextmanager
def watch(run: Run) -> Iterator["Watcher"]:
    """Look at the engine of a run until the block ends."""
    with closing(engines.client(run.engine, limit=PATIENCE)) as client:
        watcher, ended = Watcher(run, client), Flag()
        thread = Thread(target=watcher.go_on, args=[ended], daemon=True)
        thread.start()
        try:
            yield watcher
        finally:
            ended.set()
            thread.join(PATIENCE)
            watcher.tell(())


@dataclass
class Watcher:
    """Looks at what runs, and tells it where it is not as it was told last."""

    run: Run
    client: "docker.DockerClient"
    system: str = ""
    told: tuple[Container, ...] | None = None
    known: dict[str, Container] = field(default_factory=dict)
    looks: dict[str, int] = field(default_factory=dict)
    looking: Lock = field(default_factory=Lock)

    def go_on(self, ended: Flag) -> None:
        """Look again and again."""
        while not ended.wait(OFTEN):
            self.look()

    def look(self) -> None:
        """Look once; an engine that answers not now is the scene's own trouble."""
        with self.looking, suppress(DriftError, OSError, LookupError, ValueError):
            self.system = self.system or self.client.info()["OperatingSystem"]
            self.meet_all()

    def meet_all(self) -> None:
        """Learn what runs, and tell it."""
        label = f"{ownership.LABEL}={self.run.session.id}"
        found = self.client.api.containers(filters={"label": label})
        for each in found:
            self.meet(each)
        self.known = {each["Id"]: self.known[each["Id"]] for each in found}
        self.looks = {each["Id"]: self.looks[each["Id"]] for each in found}
        self.tell(tuple(self.known[each["Id"]] for each in reversed(found)))

    def meet(self, found: dict[str, Any]) -> None:
        """Learn what a container is, and after a while what is in it."""
        key = found["Id"]
        self.looks[key] = self.looks.get(key, 0) + 1
        if key not in self.known:
            name = found["Names"][0].removeprefix("/").removeprefix(ownership.PREFIX)
            self.known[key] = Container(name, found["ImageID"])
        if self.looks[key] in LOOKS:
            self.known[key] = asked(self.client, key, self.known[key])

    def tell(self, containers: tuple[Container, ...]) -> None:
        """Tell what runs, unless it was told."""
        if containers != self.told:
            self.told = containers
            self.run.tell(Running(self.system, self.run.engine.version, containers))


def asked(client: "docker.DockerClient", key: str, container: Container) -> Container:
    """Return a container with what is in it; one that cannot be asked stays empty."""
    from docker.errors import APIError

    from deployment_drift.engine import streams

    with suppress(APIError, DriftError, OSError):
        script = ["sh", "-c", STACK.read_text("utf-8")]
        made = client.api.exec_create(key, script, stderr=False)["Id"]
        return stack(container, streams.output(client.api, made).decode(errors="replace"))
    return container


def stack(container: Container, said: str) -> Container:
    """Return a container with what its answer says."""
    told = [line.partition(" ")[::2] for line in said.splitlines()]
    first = dict(reversed(told))
    programs = dict.fromkeys(value for name, value in told if name == "program")
    own = tuple(each for each in programs if each not in SHELLS)
    return replace(
        container, system=first.get("system", ""), php=first.get("php", ""), programs=own
    )
