"""Puts the machine's firewall and its forwarding of packets back as they were before an engine."""

import json
import os
import shlex
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from pathlib import Path
from typing import Any

from deployment_drift import files
from deployment_drift.engine import ownership
from deployment_drift.errors import DriftError

NOTE = Path("/run/deployment-drift.json")
"""How it was; all engines of this machine share it, and like a firewall it is gone with a boot."""
GATE = Path("/proc/sys/net/ipv4/route/flush")
"""What is locked while it changes: each network has one, root alone can open it, nothing stays."""
FORWARDING = Path("/proc/sys/net/ipv4/ip_forward")
ENGINES = {"dockerd", "podman", "conmon", "kubelet", "k3s-server", "libvirtd"}
"""Programs that may need what an engine of ours has set, by the names of their processes."""
PROGRAMS, TABLES = ("iptables", "ip6tables"), ("filter", "nat", "raw")
OWN = "DOCKER"
"""How the names of an engine's own chains begin."""
NO_CHAIN = "No chain/target/match by that name"
"""What iptables says where a chain is missing."""
_LIMIT = 20
_WAIT = "5"  # seconds for which iptables waits for another program's changes


def alone() -> AbstractContextManager[None]:
    """Let one command on this machine at a time change it, whichever state folder it has.

    Between a note and the engine for which it was made, no other command may put things back; and
    of two engines that start side by side, both would take the same range of addresses.
    """
    there = os.access(GATE, os.W_OK)
    return ownership.locked("firewall", file=GATE) if there else nullcontext()


def settled(change: Callable[[], object]) -> None:
    """Let the engine change its rules; once more, in our turn, if another engine just made those.

    Docker makes its chains of the firewall anew when it starts; a machine's engines share those.
    """
    import docker

    try:
        change()
    except docker.errors.APIError as error:
        if NO_CHAIN not in str(error.explanation):
            raise
        with alone():
            change()


def note() -> None:
    """Write down how everything is, unless an engine of ours has changed it since."""
    if NOTE.exists():
        return
    with suppress(OSError, DriftError):
        before = {"forwarding": FORWARDING.read_text("ascii"), "rules": rules()}
        files.write(NOTE, json.dumps(before), files.PRIVATE)


def restore() -> None:
    """Put back what engines have changed, as soon as none lives that could need it.

    Whoever calls this is `alone`. What root's engines have changed is not for others to put back.
    """
    if os.geteuid() or not NOTE.exists() or _needed():
        return
    before = json.loads(NOTE.read_text("utf-8"))
    for which, now in rules().items():
        for words in undoing(now, before["rules"].get(which, [])):
            _run(which, *words)
    FORWARDING.write_text(before["forwarding"], "ascii")
    NOTE.unlink()


def undoing(now: Sequence[str], before: Sequence[str]) -> Iterator[list[str]]:
    """Yield what takes an engine's chains and rules away, and lets forwarded packets through again.

    now, before: a table as `iptables -S` prints it. What somebody else has added stays.
    """
    fresh = [shlex.split(line) for line in now if line not in before]
    own = [words for words in fresh if any(word.startswith(OWN) for word in words)]
    yield from (["-D", *words[1:]] for words in own if words[0] == "-A")
    yield from (["-X", words[1]] for words in own if words[0] == "-N")
    if ["-P", "FORWARD", "DROP"] in fresh and "-P FORWARD ACCEPT" in before:
        yield ["-P", "FORWARD", "ACCEPT"]


def remove(interface: str) -> None:
    """Remove the rules that name an interface."""
    for which, now in rules().items():
        for words in map(shlex.split, now):
            if words[0] == "-A" and interface in words:
                _run(which, "-D", *words[1:])


def rules() -> dict[str, list[str]]:
    """Return each table's rules by what prints them: `iptables -t filter`."""
    programs = filter(shutil.which, PROGRAMS)
    asked = [f"{program} -t {table}" for program in programs for table in TABLES]
    return {which: _run(which, "-S").splitlines() for which in asked}


def _needed() -> bool:
    import psutil

    alive = (each.info for each in psutil.process_iter(["name", "status", "cmdline"]))
    return any(_is_engine(i) for i in alive if i["status"] != psutil.STATUS_ZOMBIE)


def _is_engine(process: Mapping[str, Any]) -> bool:
    # setsid: ours, which is just being started
    starting = process["cmdline"] if process["name"] == "setsid" else ()
    return not ENGINES.isdisjoint({process["name"], *(starting or ())})


def _run(which: str, *words: str) -> str:
    command = [*which.split(), "-w", _WAIT, *words]
    done = subprocess.run(command, capture_output=True, text=True, timeout=_LIMIT, check=False)
    return done.stdout
