"""Says how a release is started, whatever it runs on, and starts it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Literal

from deployment_drift.engine.engines import Engine
from deployment_drift.engine.ownership import Session
from deployment_drift.records import Host

Kind = Literal["container", "machine"]
Start = Callable[..., AbstractContextManager[list[Host]]]
Scheme = Literal["http", "smtp"]
Accelerator = Literal["tcg", "kvm"]


@dataclass(frozen=True, slots=True)
class Target:
    """Where a release runs: as `name`, a container or a virtual machine of an `image`.

    image: its id; in a scene the folder that it is built from, until it is built.
    env: variables by their names; `env_file` is a file of more, beside the Dockerfile.
    port: where it listens inside, for `scheme`; 0 for one that has no server to wait for.
    path: where a web server answers 200 when it is ready; limit: the seconds that it has for
    that, 0 for what its kind takes.
    hardened: without privileges, whatever the image says, but for these `capabilities`.
    network: where others find it by its name. volumes: paths inside by the volumes' names.
    accelerator: how a virtual machine's processor is made.
    """

    name: str
    image: str
    kind: Kind = "container"
    env: Mapping[str, str] = field(default_factory=dict)
    env_file: str = ""
    port: int = 80
    scheme: Scheme = "http"
    path: str = "/health.php"
    limit: float = 0.0
    hardened: bool = False
    capabilities: Sequence[str] = ()
    network: str = ""
    volumes: Mapping[str, str] = field(default_factory=dict)
    accelerator: Accelerator = "tcg"


def kinds() -> dict[Kind, Start]:
    """Return what starts each kind's targets."""
    from deployment_drift.targets import hosts, machines

    return {"container": hosts.start, "machine": machines.serve}


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
