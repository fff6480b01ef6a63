"""The servers that the benchmarks ask: those of demo-drift, or many of one image."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager

from drift import hosts, paths
from drift.records import Host
from drift.scenes.drift import FOLDERS, PARTS
from drift.stage import Stage
from drift.steps import build_images, find_engine, prepare_bases, start_hosts


@contextmanager
def stage() -> Iterator[Stage]:
    """Yield a stage with an engine and the images of local/ and release/."""
    with ExitStack() as running:
        made = Stage(lambda _: None, running, paths.root())
        find_engine(made)
        prepare_bases(made, FOLDERS)
        build_images(made, FOLDERS)
        yield made


@contextmanager
def pair() -> Iterator[Sequence[Host]]:
    """Yield the two servers of demo-drift."""
    with stage() as made:
        start_hosts(made, PARTS)
        yield made.servers


def crowd(made: Stage, count: int) -> Sequence[Host]:
    """Start that many servers of one image; they are stopped with the stage."""
    image = made.built["release"].id
    recipes = [hosts.Recipe(f"web-{number}", image) for number in range(count)]
    started = hosts.start(made.engine, made.session, recipes)
    return made.running.enter_context(started)
