"""Shipping to a swarm of three engines, played for real; and its bad days."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import docker
import pytest
from docker.types import ServiceMode, UpdateConfig

from deployment_drift import paths, scenes
from deployment_drift.engine import engines
from deployment_drift.engine.engines import Engine
from deployment_drift.errors import HostError
from deployment_drift.events import Report, Shown
from deployment_drift.run import Run, opened
from deployment_drift.scenes.ship import orders
from deployment_drift.scenes.ship.places import places
from deployment_drift.scenes.swarm import nodes
from deployment_drift.ship.describe import describe
from deployment_drift.ship.on_swarm import OnSwarm
from deployment_drift.ship.told import drift
from deployment_drift.targets import stack, swarm, throwaway
from deployment_drift.targets.swarm import Swarm
from deployment_drift.waiting import Patience, until
from tests.by_hand import SERVICE, changed
from tests.demo.conftest import Ended, Invoke, quiet, too_wide

ROOT = paths.root()
NOWHERE = f"registry:5000/deployment-drift/shop@sha256:{'0' * 64}"


@dataclass(frozen=True)
class Played:
    """The scene played to its last step but one, so that a node is lost; what it came to."""

    run: Run
    report: Report

    @property
    def manager(self) -> Engine:
        """The engine that is told what to run."""
        return nodes.nodes(self.run).swarm.manager.engine

    def image(self, version: str) -> str:
        """Return what the nodes call a version."""
        return str(places(self.run).there(version))

    def told(self, name: str) -> Shown:
        """Return a statement, which holds."""
        (shown,) = (each for each in self.report.statements if each.name == name)
        assert shown.holds, shown
        return shown

    def figure(self, subject: str, name: str) -> float:
        """Return what was measured."""
        wanted = (f"ship_{subject}", f"ship_{name}")
        found = [e.value for e in self.report.measurements if (e.subject, e.figure) == wanted]
        return float(found[0])


@pytest.fixture(scope="module")
def played(engine: Engine) -> Iterator[Played]:
    """Give the scene as it was played once; what it has started goes on until the last test."""
    assert engine
    with opened(scenes.find("swarm"), quiet) as run:
        for name in list(run.scene.steps)[:-1]:
            run.play(name)
        yield Played(run, run.report())


def test_scene_shows_what_it_claims(played: Played) -> None:
    """Everything that is said holds, the replicas answer alike, and it can be read."""
    report = played.report
    assert [each.name for each in report.statements if not each.holds] == []
    assert (report.status, report.verdict, report.missing) == (0, report.expects, ())
    assert too_wide((each.name, each.values) for each in report.statements) == []


def test_each_replica_is_the_digest(played: Played) -> None:
    """Replicas run on nodes of their own, and each is the digest that the registry has."""
    digest = places(played.run).versions["first"].name.digest
    assert played.told("replicas_run").values["digest"] == digest[:19]
    assert {host.image for host in played.report.hosts} == {digest}
    assert len({host.name for host in played.report.hosts}) == 2


def test_no_request_is_lost(played: Played) -> None:
    """While versions change, one is sick and a node is lost, whatever can go elsewhere does."""
    answered, kept = played.told("all_answered").values, played.told("no_order_lost").values
    assert int(str(answered["count"])) >= 1000
    assert (answered["failed"], kept["lost"]) == (0, 0)
    assert int(str(kept["count"])) >= 100
    assert int(str(played.told("orders_cut").values["cut"])) <= orders.CUSTOMERS


def test_only_what_changed_is_moved(played: Played) -> None:
    """One changed file costs at most 50 KiB to the registry, and to each node."""
    assert 0 < played.figure("next", "pushed") <= 50 * 2**10
    assert 0 < played.figure("next", "pulled") <= 50 * 2**10


def test_a_sick_version_is_really_sick(played: Played, docker_client: docker.DockerClient) -> None:
    """What the swarm took back is an image of which every page is an error."""
    played.told("sick_taken_back")
    image = str(places(played.run).versions["sick"].name)
    asked = ["php", "/var/www/shop/public/health.php"]
    with throwaway.container(docker_client, played.run.session, image, asked) as one:
        said = throwaway.ended(one)
    assert not said.done
    assert "missing.php" in said.text


def shipped(played: Played, invoke: Invoke, *words: str) -> Ended:
    """Run a command of ship's on the swarm."""
    manager = played.manager
    where = ("--target", "swarm", "--to", manager.context, "--yes")
    return invoke(*words, *where, DOCKER_CONFIG=manager.config)


def running(played: Played) -> set[str]:
    """Return the image that the service is told to run."""
    found = stack.service(played.manager)
    assert found
    return {found["Spec"]["TaskTemplate"]["ContainerSpec"]["Image"]}


def test_a_rollout_without_an_end_is_taken_back(
    played: Played, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a node is lost meanwhile and none is free, a rollout waits: it is given up in time."""
    monkeypatch.setattr(stack, "Patience", lambda _, progress: Patience(3, progress, grace=2))
    told = describe(ROOT, "swarm", nodes.release(played.run, "next"))
    with pytest.raises(HostError, match="had not finished"):
        stack.deploy(played.manager, told)
    assert running(played) == {played.image("first")}
    first = places(played.run).versions["first"].name.digest
    whole = nodes.nodes(played.run).swarm.nodes
    for each in whole:
        each.outer.reload()
    left = Swarm([each for each in whole if each.outer.status == "running"])
    assert {each.image for each in swarm.hosts(left)} == {first}


def test_a_node_that_is_away_is_named_first(played: Played, invoke: Invoke) -> None:
    """Without a free node nothing is released; once it is back, the same command goes on."""
    release = ("ship.release", "--image", played.image("next"))
    assert "2 nodes that are ready, too few" in shipped(played, invoke, *release).error(2)
    assert running(played) == {played.image("first")}
    found = nodes.nodes(played.run)
    found.swarm = swarm.wake(found.swarm)
    shipped(played, invoke, *release).expect(0)
    assert "already" in shipped(played, invoke, *release).err
    assert nodes.runs(played.run, "next")


def scale(manager: Engine, replicas: int) -> None:
    """Change by hand how many replicas run; the swarm would take it back where one ends slowly."""
    mode, on = ServiceMode("replicated", replicas), UpdateConfig(failure_action="continue")
    with engines.opened(manager) as client:
        found = client.services.get(swarm.SERVICE)  # type: ignore[no-untyped-call]
        client.api.update_service(
            found.id, found.version, mode=mode, update_config=on, fetch_current_spec=True
        )


def test_a_change_by_hand_is_named_first(played: Played, invoke: Invoke) -> None:
    """Somebody has scaled the service: a release says so first, and else puts that right.

    It goes back to a version that the nodes have, while the registry is away.
    """
    release = ("ship.release", "--image", played.image("first"))
    scale(played.manager, 1)
    assert "replicas: told 2, now 1" in shipped(played, invoke, *release).expect(1)
    with engines.opened(played.run.engine) as client:
        throwaway.of(client, places(played.run).registry).stop(timeout=0)
    shipped(played, invoke, *release, "--anyway").expect(0)
    assert nodes.runs(played.run, "first")


def test_each_change_by_hand_is_named(played: Played) -> None:
    """Whatever is not as it was when it was released is named; what a program is told is not."""
    told = (stack.service(played.manager) or {})["Spec"]
    calm = changed(told, ("UpdateConfig FailureAction", "continue", ""))  # it stays as it is told
    try:
        for change, row in SERVICE.items():
            respecify(played.manager, changed(calm, row))
            found = OnSwarm(played.manager).running()
            assert found
            named = drift(found)
            assert any(row[2] in line for line in named), (change, named)
            assert "moonlight" not in str(named)
    finally:
        respecify(played.manager, calm)  # a node's port may still be taken: not yet the time to
        calmed = until(partial(stack.settled, played.manager), limit=swarm.LIMIT, pause=0.3)
        respecify(played.manager, told)  # go back to what was before, if an update fails
    assert calmed
    assert nodes.runs(played.run, "first")


def respecify(manager: Engine, said: Mapping[str, Any]) -> None:
    """Give the service other settings, as a client of the swarm's does."""
    with engines.opened(manager) as client:
        found = client.services.get(swarm.SERVICE)  # type: ignore[no-untyped-call]
        api: Any = client.api  # which has no public way to send a whole specification
        where = api._url("/services/{0}/update", found.id)  # noqa: SLF001
        params = {"version": found.version}
        api._raise_for_status(api._post_json(where, data=said, params=params))  # noqa: SLF001


def test_a_registry_that_is_away_changes_nothing(played: Played, invoke: Invoke) -> None:
    """What no node has cannot be pulled: it is said before, or the swarm goes back by itself."""
    release = ("ship.release", "--image", NOWHERE)
    assert "registry:5000" in shipped(played, invoke, *release).error(2)
    told = replace(nodes.release(played.run, "first"), image=NOWHERE)
    came_to = stack.deploy(played.manager, describe(ROOT, "swarm", told))
    assert came_to == "rollback_completed"
    assert any(NOWHERE in each for each in stack.failures(played.manager))
    assert nodes.runs(played.run, "first")


def test_it_is_taken_down(played: Played, invoke: Invoke) -> None:
    """One command takes the stack away; the orders stay."""
    assert "_spool" in shipped(played, invoke, "ship.take-down").expect(0)
    assert stack.service(played.manager) is None
