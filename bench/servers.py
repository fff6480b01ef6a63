"""The servers that the benchmarks ask: those of demo-drift, or many of one image."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from deployment_drift.records import Host
from deployment_drift.run import Run, opened
from deployment_drift.scenes.drift import SCENE, TARGETS
from deployment_drift.steps import build_images, find_engine, prepare_bases, start_hosts
from deployment_drift.targets import hosts
from deployment_drift.targets.target import Target

AT_ONCE = 5  # servers that are started at the same moment


@contextmanager
def stage() -> Iterator[Run]:
    """Yield a run with an engine and the images of local/ and release/."""
    with opened(SCENE) as made:
        find_engine(made)
        prepare_bases(made)
        build_images(made)
        yield made


@contextmanager
def pair() -> Iterator[Sequence[Host]]:
    """Yield the two servers of demo-drift."""
    with stage() as made:
        start_hosts(made, TARGETS)
        yield made.servers


def crowd(made: Run, count: int) -> Sequence[Host]:
    """Start that many servers of one image, a few at a time; they are stopped with the run."""
    image = made.built["release"].id
    targets = [Target(f"web-{number}", image) for number in range(count)]
    groups = [targets[first : first + AT_ONCE] for first in range(0, count, AT_ONCE)]
    started = [hosts.start(made.engine, made.session, group) for group in groups]
    return [host for group in started for host in made.running.enter_context(group)]
