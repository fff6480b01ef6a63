"""Removes what is ours: one session's things, those of killed sessions, or everything."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from deployment_drift import parallel, stopping
from deployment_drift.engine import engines, notes, ownership, private
from deployment_drift.engine.engines import Engine
from deployment_drift.engine.ownership import LABEL
from deployment_drift.waiting import until

if TYPE_CHECKING:
    from docker import APIClient

_SILENCE = 20
_GONE_LIMIT = 60.0
"""Seconds that an engine which answers has until a container is gone: one with data takes long."""
_PAUSE = 0.02
_SHORT = 11  # signs of an id that every engine tells: Podman 4 tells no more

Judge = Callable[[Mapping[str, str]], bool]


@dataclass(frozen=True, slots=True)
class Removed:
    """How much was removed; `data` tells whether the private engine's folder was, too."""

    containers: int = 0
    networks: int = 0
    volumes: int = 0
    images: int = 0
    data: bool = False


def sweep(engine: Engine) -> Removed:
    """Remove the containers, networks and volumes whose session was killed."""
    removed = _remove(engine, LABEL, ownership.is_dead)
    ownership.forget_dead()
    return removed


def remove_session(engine: Engine, session: str) -> Removed:
    """Remove one session's containers, networks and volumes, whatever Ctrl-C says meanwhile."""
    work = partial(_remove, engine, f"{LABEL}={session}", lambda _: True)
    return stopping.shielded(work)


def clean(engine: Engine | None, *, everything: bool) -> Removed:
    """Remove this user's containers, networks and volumes, running ones too, and built images.

    With `everything` also what other users' sessions left on a shared engine, the base images
    that are here because of us, and the private engine with its data.
    """
    removed = Removed()
    ownership.forget_dead()
    ownership.forget_ways()
    if engine:
        judge = _anybodys if everything else _is_mine
        removed = _remove(engine, LABEL, judge)
        with engines.opened(engine) as client:
            images = remove_images(client.api, judge, bases=everything)
        removed = replace(removed, images=images)
    if everything:
        removed = replace(removed, data=private.folder().exists())
        private.remove()
        notes.forget()
    return removed


def _is_mine(labels: Mapping[str, str]) -> bool:
    return labels.get(ownership.OWNER) == ownership.owner()


def _anybodys(_: Mapping[str, str]) -> bool:
    return True


def remove_container(api: "APIClient", container: str) -> None:
    """Remove a container that others may be removing, too; come back when it is gone."""
    import docker
    import requests

    def gone() -> bool:
        try:
            with suppress(docker.errors.APIError):  # it does not run
                api.kill(container)  # Podman would ask it politely first, and wait for ten seconds
            api.remove_container(container, force=True, v=True)
        except docker.errors.NotFound:
            return True
        except docker.errors.APIError:  # somebody else removes it at this moment
            return False
        except requests.Timeout:
            return not api.ping()  # an engine that is not silent is busy, and goes on
        return True

    until(gone, limit=_GONE_LIMIT, pause=_PAUSE)


def _remove(engine: Engine, label: str, judge: Judge) -> Removed:
    with engines.opened(engine, limit=_SILENCE) as client:
        api, only = client.api, {"label": label}
        containers = _condemned(api.containers(all=True, filters=only), "Id", judge)
        networks = _condemned(api.networks(filters=only), "Id", judge)
        volumes = _condemned(api.volumes(filters=only)["Volumes"] or [], "Name", judge)
        parallel.each(lambda name, _: remove_container(api, name), containers)
        return Removed(
            len(containers), _drop(api.remove_network, networks), _drop(api.remove_volume, volumes)
        )


def _condemned(found: Iterable[Mapping[str, Any]], key: str, judge: Judge) -> list[str]:
    return [str(each[key]) for each in found if judge(each.get("Labels") or {})]


def _drop(remove: Callable[[str], object], names: Iterable[str]) -> int:
    """Remove what nobody uses, and return how many that were."""
    import docker

    dropped = 0
    for name in names:
        with suppress(docker.errors.APIError):
            remove(name)
            dropped += 1
    return dropped


def remove_stages(api: "APIClient") -> int:
    """Remove what the first stages of builds have left, and return how many that were."""
    stages = api.images(quiet=True, filters={"label": ownership.STAGE, "dangling": True})
    return _drop(api.remove_image, stages)


def remove_images(api: "APIClient", judge: Judge, *, bases: bool) -> int:
    """Remove what was built by whom `judge` knows by the labels, and return how many those were."""
    labelled = api.images(filters={"label": ownership.IMAGE})
    built = [image for image in labelled if judge(image["Labels"])]
    above = _ancestors(api, [image["Id"] for image in built])
    # images that others made from ours have inherited the label, but not the name
    tags = [tag for image in built for tag in image["RepoTags"] or () if ownership.named(tag)]
    count = _drop(api.remove_image, tags) + remove_stages(api)
    _remove_unused(api, above | _noted_steps(api))
    if bases:
        noted = _noted_bases()
        ours = (image["RepoTags"] or () for image in api.images() if image["Id"] in noted)
        count += _drop(api.remove_image, [tag for names in ours for tag in names])
    return count


def _ancestors(api: "APIClient", images: Iterable[str]) -> set[str]:
    """Return what images were built from, step by step."""
    parents = {each["Id"]: each.get("ParentId") for each in api.images(all=True)}
    found = set[str]()
    for image in images:
        while (image := parents.get(image) or "") and image not in found:
            found.add(image)
    return found


def _remove_unused(api: "APIClient", images: set[str]) -> None:
    """Remove those without a name on which nothing is built.

    The store of containerd keeps the steps of what was built, and each one those of a build that
    was stopped, or whose image has made room for a newer one.
    """
    more = True
    while more:
        dangling = api.images(quiet=True, filters={"dangling": True})
        more = bool(_drop(api.remove_image, images.intersection(dangling)))


def _noted_steps(api: "APIClient") -> set[str]:
    """Return what steps of builds here have left; an engine tells the beginning of its id.

    A build that fails may have left more on top of a step, of which the engine has told nothing.
    """
    noted = {line[:_SHORT] for line in notes.read(notes.STEPS)}
    every = api.images(all=True)
    found = {each["Id"] for each in every if each["Id"].removeprefix("sha256:")[:_SHORT] in noted}
    # what was built in the end may have become the parent of what somebody else has made
    bare = [each for each in every if ownership.IMAGE not in (each["Labels"] or {})]
    above = found.intersection(each["Id"] for each in bare)
    while above:
        above = {each["Id"] for each in bare if each.get("ParentId") in above} - found
        found |= above
    return found


def _noted_bases() -> set[str]:
    return {line.split()[0] for line in notes.read(notes.BASES)}
