"""A pytest plugin for the peer: it lets the checks run on testinfra's own backends."""

from typing import Any

import testinfra

from deployment_drift.probe import shell


def connect(address: str) -> Any:  # noqa: ANN401 -- testinfra's host
    """Return testinfra's own host, which starts a client program for each command."""
    host: Any = testinfra.get_host(address)
    host.backend.close = lambda: None
    return host


shell.connect = connect  # type: ignore[assignment]
