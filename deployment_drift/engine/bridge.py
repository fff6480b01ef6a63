"""Gives the private engine a network bridge of its own, so that no other engine's is shared."""

import hashlib
import json
import shutil
import subprocess
from collections.abc import Iterable
from ipaddress import IPv4Network
from itertools import chain, islice
from pathlib import Path

from deployment_drift.engine import firewall

_LIMIT = 20


def name(folder: Path) -> str:
    """Return the bridge's name: an interface has at most 15 characters."""
    return "drift-" + hashlib.sha256(bytes(folder)).hexdigest()[:8]


def add(folder: Path) -> None:
    """Make the bridge unless it exists, with a range of addresses that nothing else routes.

    An engine goes on using the range of its last run, even where another's bridge has it by now.

    Its hardware address is set: else it is that of one of its containers, changes whenever one
    comes or goes, and the others lose their packets until they have noticed.
    """
    bridge = name(folder)
    digest = hashlib.sha256(bridge.encode()).digest()
    address = ":".join(f"{byte:02x}" for byte in b"\x02\x42" + digest[:4])
    _run("ip", "link", "add", "dev", bridge, "type", "bridge")  # fails where it is there
    _run("ip", "link", "set", "dev", bridge, "address", address, check=True)
    routes = _routes()
    found = None if bridge in routes.values() else free_range(routes)
    if found:
        _run("ip", "address", "add", f"{found[1]}/{found.prefixlen}", "dev", bridge, check=True)


def free_range(taken: Iterable[IPv4Network]) -> IPv4Network | None:
    """Return the first of Docker's own ranges that overlaps with none, None if all are taken."""
    ranges = chain(
        islice(IPv4Network("172.16.0.0/12").subnets(new_prefix=16), 1, None),
        IPv4Network("192.168.0.0/16").subnets(new_prefix=20),
    )
    used = list(taken)
    return next((each for each in ranges if not any(map(each.overlaps, used))), None)


def _routes() -> dict[IPv4Network, str]:
    """Return which device has which range; a default route has none of its own."""
    listed = json.loads(_run("ip", "-j", "-4", "route", "show") or "[]")
    return {
        IPv4Network(route["dst"]): route.get("dev", "")
        for route in listed
        if route["dst"] != "default"
    }


def remove(folder: Path) -> None:
    """Remove the bridge and the firewall rules that name it."""
    bridge = name(folder)
    if shutil.which("ip"):
        _run("ip", "link", "delete", "dev", bridge)
    firewall.remove(bridge)


def _run(*words: str, check: bool = False) -> str:
    done = subprocess.run(words, capture_output=True, text=True, timeout=_LIMIT, check=check)
    return done.stdout
