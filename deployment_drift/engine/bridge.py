"""Gives the private engine a network bridge of its own, so that no other engine's is shared."""

import fcntl
import hashlib
import shutil
import socket
import struct
import subprocess
from contextlib import suppress
from pathlib import Path

_ADD, _DELETE = 0x89A0, 0x89A1  # SIOCBRADDBR, SIOCBRDELBR in linux/sockios.h
_SET_ADDRESS, _ETHERNET = 0x8924, 1  # SIOCSIFHWADDR, ARPHRD_ETHER
_GET_FLAGS, _SET_FLAGS, _UP = 0x8913, 0x8914, 0x1  # SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP


def name(folder: Path) -> str:
    """Return the bridge's name: an interface has at most 15 characters."""
    return "drift-" + hashlib.sha256(bytes(folder)).hexdigest()[:8]


def add(folder: Path) -> None:
    """Make the bridge unless it exists; the engine gives it a free range of addresses.

    Its hardware address is set: else it is that of one of its containers, changes whenever one
    comes or goes, and the others lose their packets until they have noticed.
    """
    bridge = name(folder).encode()
    with socket.socket() as control:
        with suppress(FileExistsError):
            fcntl.ioctl(control, _ADD, bridge + b"\0")
        address = b"\x02\x42" + hashlib.sha256(bridge).digest()[:4]
        request = struct.pack("16sH6s16x", bridge, _ETHERNET, address)
        fcntl.ioctl(control, _SET_ADDRESS, request)


def remove(folder: Path) -> None:
    """Remove the bridge and the firewall rules that name it."""
    bridge = name(folder)
    with socket.socket() as control, suppress(OSError):
        request = bridge.encode().ljust(16, b"\0")
        flags = int.from_bytes(
            fcntl.ioctl(control, _GET_FLAGS, request + bytes(24))[16:18], "little"
        )
        down = (flags & ~_UP).to_bytes(2, "little")
        fcntl.ioctl(control, _SET_FLAGS, request + down + bytes(22))
        fcntl.ioctl(control, _DELETE, bridge.encode() + b"\0")
    if shutil.which("iptables"):
        for table in ("filter", "nat"):
            _remove_rules(table, bridge)


def _remove_rules(table: str, bridge: str) -> None:
    listed = subprocess.run(
        ["iptables", "-w", "-t", table, "-S"], capture_output=True, text=True, check=False
    )
    for rule in listed.stdout.splitlines():
        words = rule.split()
        if words[0] == "-A" and bridge in words:
            subprocess.run(
                ["iptables", "-w", "-t", table, "-D", *words[1:]], capture_output=True, check=False
            )
