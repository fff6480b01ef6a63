"""Ships a version: pushes it, pulls it by digest where nothing of it is, and runs it there."""

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import replace
from functools import partial

from deployment_drift import parallel, steps
from deployment_drift.engine import engines
from deployment_drift.probe import shell
from deployment_drift.records import Host
from deployment_drift.report.figures import amount
from deployment_drift.run import Run
from deployment_drift.scenes.ship.places import (
    Service,
    measure,
    network,
    open_registry,
    open_second,
    places,
    traffic,
)
from deployment_drift.ship import container, registry, release
from deployment_drift.ship.registry import Name
from deployment_drift.ship.release import Release
from deployment_drift.targets import hosts
from deployment_drift.targets.target import Target, env_file

ARTIFACT = "container"
FIRST = "first"
FILES = "find /usr /var/www -xdev -type f -exec sha256sum {} + | sort | sha256sum"
"""One sum of all that the image brought and that no engine writes, as a line of sh."""
PORTS = {"blue": 8081, "green": 8082}
"""Where the second engine publishes the two versions, as the proxy's settings have it."""


def push_first(run: Run) -> None:
    """Start a registry, and push the artifact there."""
    open_registry(run)
    show_push(run)


def show_push(run: Run) -> None:
    """Push the artifact, and see that the registry has the same digest."""
    seconds, size = push(run, FIRST, run.built[ARTIFACT].id)
    digest = places(run).versions[FIRST].name.digest
    with engines.opened(run.engine) as client:
        there, _ = registry.look_up(client, places(run).here(FIRST))
    run.show("pushed", holds=there == digest, seconds=round(seconds, 1), size=amount(size, "B"))


def push(run: Run, version: str, image: str) -> tuple[float, int]:
    """Push an image as a version; return the seconds, and the bytes that the registry received."""
    before, _ = traffic(run)
    name = places(run).here(version)
    run.running.callback(_forget, run, name)
    with engines.opened(run.engine, limit=registry.SILENCE) as client:
        moved = registry.push(client, image, name, partial(run.progress, "registry"))
    size = traffic(run)[0] - before
    places(run).versions[version] = moved
    measure(run, version, "pushed", size, "B")
    measure(run, version, "push", moved.seconds, "s")
    return moved.seconds, size


def _forget(run: Run, name: Name) -> None:
    """Take the name of what was pushed away again: the registry is gone."""
    import docker

    with engines.opened(run.engine) as client:
        moved = places(run).versions.get(name.tag)  # None where it was not taken
        for each in filter(None, (name, moved and moved.name)):
            try:
                client.api.remove_image(str(each))
            except docker.errors.APIError:  # the name by digest goes with the last tag
                continue


def pull_first(run: Run) -> None:
    """Start a second engine, see that it is empty, and pull the artifact by its digest."""
    open_second(run)
    seconds, size = pull(run, FIRST)
    run.show("pulled", holds=size > 0, seconds=round(seconds, 1), size=amount(size, "B"))


def pull(run: Run, version: str) -> tuple[float, int]:
    """Pull a version on the second engine; return the seconds, and the bytes that were sent."""
    _, before = traffic(run)
    name = places(run).there(version)
    with engines.opened(places(run).second.engine, limit=registry.SILENCE) as client:
        moved = registry.pull(client, name, partial(run.progress, "engine"))
    size = traffic(run)[1] - before
    measure(run, version, "pulled", size, "B")
    measure(run, version, "pull", moved.seconds, "s")
    return moved.seconds, size


def start_both(run: Run) -> None:
    """Run the artifact here with local.env, and on the second engine with release.env."""
    places(run).running = run.running.enter_context(ExitStack())
    begun = partial(_begin_here, run), partial(begin, run, FIRST, "release", "blue")
    local, places(run).now = parallel.each(lambda start, _: start(), begun)
    run.serve([local.host, places(run).now.host])


def _begin_here(run: Run) -> Service:
    released = of(run, places(run).versions[FIRST].name)
    local = replace(released, env={**released.env, **env_file(run.root / ARTIFACT / "local.env")})
    volume = hosts.volume(run.engine, run.session, "spool")
    with engines.opened(run.engine) as client:
        place = hosts.place(client, Target("local", "", network=network(run)))
    options = {**container.options(local, volume), **place}
    begun = container.start(run.engine, run.session, local, "local", **options)
    return Service(FIRST, "", run.running.enter_context(begun))


def of(run: Run, name: Name) -> Release:
    """Return the release of an image."""
    return release.read(run.root / ARTIFACT, str(name))


def begin(run: Run, version: str, name: str, place: str) -> Service:
    """Start a version on the second engine, in one of the proxy's places, and await its health."""
    second = places(run).second.engine
    made = of(run, places(run).there(version))
    volume = hosts.volume(second, run.session, "spool")
    options = container.options(made, volume, PORTS[place])
    begun = container.start(second, run.session, made, name, **options)
    return Service(version, place, places(run).running.enter_context(begun))


def compare_digests(run: Run) -> None:
    """Read the digest wherever the artifact is, and sum up its files from inside both hosts."""
    steps.compare_images(run)
    found = _digests(run)
    digest = places(run).versions[FIRST].name.digest
    run.show(
        "one_digest", holds=set(found.values()) == {digest}, count=len(found), digest=digest[:19]
    )
    sums = set(parallel.each(_sum, run.servers))
    run.show("one_sum", holds=len(sums) == 1, sum=min(sums)[:12])


def _digests(run: Run) -> Mapping[str, str]:
    first = places(run).versions[FIRST].name
    with engines.opened(run.engine) as client:
        built = client.images.get(run.built[ARTIFACT].id).attrs["RepoDigests"]
        there, _ = registry.look_up(client, places(run).here(FIRST))
    with engines.opened(places(run).second.engine) as client:
        (pulled,) = client.images.list()
    local, released = run.servers
    return {
        "build": next(
            each.partition("@")[2] for each in built if each.startswith(first.repository)
        ),
        "registry": there,
        "engine": pulled.attrs["RepoDigests"][0].partition("@")[2],
        "local": local.image,
        "release": released.image,
    }


def _sum(host: Host, _: parallel.Cancel) -> str:
    with shell.connected(host.address, timeout=shell.PATIENT) as asked:
        return str(asked.run(FILES, timeout=60).stdout.split()[0])
