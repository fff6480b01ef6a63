"""Starts a second engine in a container of the user's: its own data, and nothing that it knows."""

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from deployment_drift import stopping
from deployment_drift.engine import contexts, engines, firewall, leftovers, ownership
from deployment_drift.engine.engines import Engine
from deployment_drift.engine.ownership import Session
from deployment_drift.errors import EngineError, HostError
from deployment_drift.paths import typed
from deployment_drift.targets import readiness, throwaway
from deployment_drift.targets.hosts import place
from deployment_drift.targets.target import Target
from deployment_drift.waiting import Patience, until

if TYPE_CHECKING:
    from docker.models.containers import Container

T = TypeVar("T")
FOLDER = "images/engine"
PORT = "2376/tcp"
TLS = "/run/tls"
LIMIT = 60.0
"""Seconds that an engine in a container has until it answers."""
# what an engine does that other containers must not; less than all, which --privileged would be
SHAPE: Mapping[str, Any] = {
    "cap_add": ["SYS_ADMIN", "NET_ADMIN", "SYS_PTRACE"],
    "security_opt": ["seccomp=unconfined", "apparmor=unconfined"],
    "cgroupns": "private",
    "tmpfs": {"/run": "mode=755"},
    "ports": {PORT: ("127.0.0.1", 0)},
}
_PAUSE = 0.1


@dataclass(frozen=True, slots=True)
class Nested:
    """An engine, and the container of another one in which it runs."""

    engine: Engine
    outer: "Container"


@contextmanager
def start(
    engine: Engine, session: Session, target: Target, *, keep: bool = False
) -> Iterator[Nested]:
    """Yield an engine that is empty and ready; remove it in the end, with all that it runs.

    target: its name, its network, and the id of what images/engine was built into.
    With `keep` it goes on running. Raises EngineError where the outer one can run none, HostError
    if it does not come up.
    """
    labels = session.kept() if keep else dict(session.labels)
    config = ownership.ways(session, keep=keep) / target.name
    with engines.opened(engine) as client:
        if client.info().get("CgroupDriver") == "none":
            what = "This engine has no control groups, without which none runs in a container."
            raise EngineError(what, hint=f"play it on Docker that root runs: sudo {typed('…')}")
        options = {"hostname": target.name, **place(client, target), **SHAPE}
        made = ownership.create(client, target.name, target.image, labels=labels, **options)
        try:
            firewall.settled(made.start)
            yield Nested(_await(made, config, target.name), made)
        finally:
            if not keep:
                stopping.shielded(partial(_remove, client.api, str(made.id), config))


def wake(nested: Nested) -> Nested:
    """Return an engine whose container was stopped or killed, ready again; its data is there."""
    firewall.settled(nested.outer.start)
    name = nested.engine.context
    return Nested(_await(nested.outer, Path(nested.engine.config), name), nested.outer)


def trust(nested: Nested, registry: str, authority: str) -> None:
    """Let the engine in a container trust the certificate of a registry."""
    folder = f"/etc/docker/certs.d/{registry}"
    written = f"mkdir -p '{folder}' && cat >'{folder}/ca.crt' <<'.'\n{authority}\n.\n"
    said = throwaway.ask(nested.outer, written)
    if not said.done:
        raise HostError(f"{nested.outer.name} cannot be told whom to trust", detail=said.text)


def _remove(api: Any, outer: str, config: Path) -> None:  # noqa: ANN401 -- the SDK's
    leftovers.remove_container(api, outer)
    shutil.rmtree(config, ignore_errors=True)
    with suppress(OSError):  # another engine of this session is still there
        config.parent.rmdir()


def _await(outer: "Container", config: Path, name: str) -> Engine:
    """Return the engine as soon as it answers."""
    pems = _until(outer, name, partial(_pems, outer))
    published = outer.ports[PORT] or [{}]
    contexts.write(config, name, f"tcp://127.0.0.1:{published[0].get('HostPort')}", pems)

    def answers() -> Engine | None:
        with suppress(EngineError):
            return engines.at(name, str(config))
        return None

    return _until(outer, name, answers)


def _pems(outer: "Container") -> dict[str, bytes] | None:
    """Return the certificate that the engine and whoever may use it show, and its key."""
    found = throwaway.ask(outer, f"cat {TLS}/cert.pem && echo = && cat {TLS}/key.pem")
    cert, _, key = f"{found.text}\n".partition("\n=\n")
    return {"ca": cert.encode(), "cert": cert.encode(), "key": key.encode()} if found.done else None


def _until(outer: "Container", name: str, look: Callable[[], T | None]) -> T:
    """Return what `look` gives while the container runs; HostError when it ends or is late."""

    def looked() -> T | None:
        outer.reload()
        if outer.status != "running":
            raise readiness.ended(name, outer)
        return look()

    patience = Patience(LIMIT, partial(readiness.work, outer))
    return until(looked, limit=patience, pause=_PAUSE, late=partial(_late, outer, name))


def _late(outer: "Container", name: str) -> HostError:
    log = outer.logs(tail=15).decode(errors="replace")
    what = f"the engine in {name} did not answer within {LIMIT:.0f} s."
    return HostError(what, hint=typed("doctor"), detail=log)
