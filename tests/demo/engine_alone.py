"""Starts and stops a private engine, and prints how a machine forwards packets at each moment."""

import json
import sys
from pathlib import Path

from deployment_drift.engine import firewall, private

FORWARDING = Path("/proc/sys/net/ipv4/ip_forward")


def seen() -> list[object]:
    """Return what an engine changes."""
    return [firewall.rules(), FORWARDING.read_text("ascii")]


before = seen()
private.start(lambda _: None)
meanwhile = seen()
private.stop()
sys.stdout.write(json.dumps({"changed": meanwhile != before, "put_back": seen() == before}))
