"""From an image to a host: containers and virtual machines, started, awaited, taken away."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import partial
from importlib import import_module

from deployment_drift.engine.engines import Engine
from deployment_drift.engine.ownership import Session
from deployment_drift.records import Host
from deployment_drift.targets.target import Kind, Target

Start = Callable[..., AbstractContextManager[list[Host]]]


def kinds() -> dict[Kind, Start]:
    """Return what starts each kind's targets; its module is loaded only then."""
    return {
        "container": partial(_loaded, "hosts", "start"),
        "machine": partial(_loaded, "machines", "serve"),
    }


def _loaded(
    module: str, name: str, *given: object, **options: object
) -> AbstractContextManager[list[Host]]:
    begin: Start = getattr(import_module(f"{__name__}.{module}"), name)
    return begin(*given, **options)


@contextmanager
def start(
    engine: Engine, session: Session, targets: Sequence[Target], *, keep: bool = False
) -> Iterator[list[Host]]:
    """Yield the hosts in the order of their targets, ready; remove them when the block ends.

    Those of one kind start side by side. With `keep` they go on running, unless the block fails.
    Raises HostError if one does not become ready, EngineError if the engine stops answering.
    """
    started: dict[int, Host] = {}
    with ExitStack() as running:
        for kind, begin in kinds().items():
            alike = [target for target in targets if target.kind == kind]
            if alike:
                fresh = running.enter_context(begin(engine, session, alike, keep=keep))
                started |= {id(t): h for t, h in zip(alike, fresh, strict=True)}
        yield [started[id(target)] for target in targets]
