"""Moves a virtual machine as a whole: its disk, out of one volume and into another."""

from deployment_drift.engine import engines
from deployment_drift.engine.engines import Engine
from deployment_drift.engine.ownership import Session
from deployment_drift.targets import throwaway
from deployment_drift.targets.machines import DISK, DISKS

LIMIT = 300
"""Seconds that the engine may be silent about a disk."""


def disk(engine: Engine, session: Session, image: str, *, source: str, target: str) -> int:
    """Copy the disk of a machine that is switched off, and return its bytes.

    image: the machine's image; source, target: the volumes. Raises EngineError if it fails.
    """
    with (
        engines.opened(engine, limit=LIMIT) as client,
        throwaway.container(client, session, image, ["true"], volumes=[f"{source}:{DISKS}"]) as one,
        throwaway.container(
            client, session, image, ["true"], volumes=[f"{target}:{DISKS}"]
        ) as other,
    ):
        content, facts = one.get_archive(f"{DISKS}/{DISK}")
        other.put_archive(DISKS, content)
        return int((facts or {})["size"])
