"""Gives the private engine a network bridge of its own, so that no other engine's is shared."""

import hashlib
import shutil
import subprocess
from pathlib import Path

from deployment_drift.engine import firewall
from deployment_drift.errors import EngineError

_LIMIT = 20


def name(folder: Path) -> str:
    """Return the bridge's name: an interface has at most 15 characters."""
    return "drift-" + hashlib.sha256(bytes(folder)).hexdigest()[:8]


def add(folder: Path) -> None:
    """Make the bridge unless it exists; the engine gives it a free range of addresses.

    Its hardware address is set: else it is that of one of its containers, changes whenever one
    comes or goes, and the others lose their packets until they have noticed.
    Raises EngineError where no bridge can be made, as root in a container has it.
    """
    bridge = name(folder)
    digest = hashlib.sha256(bridge.encode()).digest()
    address = ":".join(f"{byte:02x}" for byte in b"\x02\x42" + digest[:4])
    _run("ip", "link", "add", "dev", bridge, "type", "bridge")  # fails where it is there
    made = _run("ip", "link", "set", "dev", bridge, "address", address)
    if made.returncode:
        what = f"The private engine can have no network bridge: {made.stderr.strip()}"
        raise EngineError(what, hint="install Docker or Podman, and let it run as a service")


def remove(folder: Path) -> None:
    """Remove the bridge and the firewall rules that name it."""
    bridge = name(folder)
    if shutil.which("ip"):
        _run("ip", "link", "delete", "dev", bridge)
    firewall.remove(bridge)


def _run(*words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(words, capture_output=True, text=True, timeout=_LIMIT, check=False)
