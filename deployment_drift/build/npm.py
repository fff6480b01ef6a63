"""Lets a build fetch npm packages the way this machine does: its registry, its certificates."""

import os
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

from deployment_drift.build import tar
from deployment_drift.build.builder import Order

CERTIFICATES = "certificates.pem"
"""The file beside a Dockerfile that mentions it: whom this machine trusts, if it says so."""
REGISTRY = "NPM_CONFIG_REGISTRY"
_ANSWER_LIMIT = 20.0


def equipped(order: Order) -> Order:
    """Return the order with what this machine's npm is told, if its Dockerfile asks for that."""
    if CERTIFICATES not in tar.read(order.context, "Dockerfile"):
        return order
    context = tar.pack({CERTIFICATES: certificates()}, order.context)
    arguments = {**order.arguments, REGISTRY: configured("registry")}
    return replace(order, context=context, arguments=arguments)


def certificates() -> bytes:
    """Return the certificates that npm or Node is told to trust on this machine, b"" for none."""
    file = configured("cafile") or os.environ.get("NODE_EXTRA_CA_CERTS", "")
    return Path(file).read_bytes() if file and Path(file).is_file() else b""


def configured(name: str) -> str:
    """Return a setting of this machine's npm; without npm, of its environment variable."""
    program = shutil.which("npm")
    if program is None:
        return os.environ.get(f"NPM_CONFIG_{name.upper()}", "")
    words = [program, "config", "get", name]
    asked = subprocess.run(
        words, capture_output=True, text=True, timeout=_ANSWER_LIMIT, check=False
    )
    return "" if asked.returncode else asked.stdout.strip().removeprefix("null")
