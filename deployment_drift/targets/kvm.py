"""Finds out whether guests really come up through /dev/kvm, and remembers the answer."""

import json
from contextlib import suppress
from enum import StrEnum
from pathlib import Path

from deployment_drift import files, paths
from deployment_drift.build import context
from deployment_drift.engine import engines
from deployment_drift.engine.engines import Engine
from deployment_drift.engine.ownership import Session
from deployment_drift.targets import machines
from deployment_drift.targets.access import Access
from deployment_drift.targets.disks import FOLDER
from deployment_drift.targets.readiness import RefusedError, SilentError
from deployment_drift.targets.target import Target

LIMIT = 20.0
"""Seconds that a guest has to boot through KVM: several times what it takes where KVM works."""


class Kvm(StrEnum):
    """What came of a guest through /dev/kvm."""

    WORKS = "works"
    MISSING = "missing"
    REFUSED = "refused"
    SILENT = "silent"


def probe(
    engine: Engine, session: Session, access: Access, image: str, *, limit: float = LIMIT
) -> Kvm:
    """Return whether KVM works, as remembered for this engine and kernel, else by trying it."""
    key = machine(engine)
    known = remembered().get(key)
    if known:
        return Kvm(known)
    answer = attempt(engine, session, access, image, limit=limit)
    if answer is not Kvm.MISSING:  # which costs nothing to see again
        remember(key, answer)
    return answer


def attempt(engine: Engine, session: Session, access: Access, image: str, *, limit: float) -> Kvm:
    """Boot a guest through KVM, and take it away again."""
    probe = Target("machine-probe", image, "machine", port=0, accelerator="kvm", limit=limit)
    try:
        with machines.start(engine, session, access, [probe]):
            return Kvm.WORKS
    except SilentError:
        return Kvm.SILENT
    except RefusedError as error:
        return Kvm.MISSING if is_missing(error.what) else Kvm.REFUSED


def is_missing(said: str) -> bool:
    """Tell an engine's word for a device that is not there from its other refusals."""
    return machines.KVM in said and "no such file" in said.lower()


def machine(engine: Engine) -> str:
    """Return what the answer depends on: the engine's machine, its kernel, and how QEMU starts."""
    script = (paths.root() / FOLDER / "start").read_bytes()
    with engines.opened(engine) as client:
        info = client.info()
    return f"{info['ID']} {info['KernelVersion']} {context.fingerprint(script, ())}"


def remembered() -> dict[str, str]:
    """Return the answers that are known, by machine."""
    with suppress(OSError, ValueError, AttributeError):
        known = json.loads(_file().read_text("utf-8"))
        return {key: value for key, value in known.items() if value in set(Kvm)}
    return {}


def remember(key: str, answer: Kvm) -> None:
    """Write an answer down."""
    files.write(_file(), json.dumps({**remembered(), key: answer}, indent=1))


def forget() -> None:
    """Forget all answers: the next probe tries again."""
    _file().unlink(missing_ok=True)


def _file() -> Path:
    return paths.state() / "kvm.json"
