"""Brings the engine of another machine to a socket of this one, by the user's own ssh.

The SDK does that only where paramiko is installed, even if it is told to use ssh.
"""

import atexit
import subprocess
from functools import cache
from pathlib import Path
from socketserver import BaseRequestHandler, ThreadingUnixStreamServer
from tempfile import TemporaryDirectory
from threading import Thread
from urllib.parse import urlsplit


class _Server(ThreadingUnixStreamServer):
    daemon_threads = True
    command: tuple[str, ...]


class _Connection(BaseRequestHandler):
    server: _Server

    def handle(self) -> None:
        """Let ssh speak to whoever has connected, until one of both ends it."""
        ends = {"stdin": self.request, "stdout": self.request}
        subprocess.run(self.server.command, check=False, **ends)


@cache
def socket(url: str) -> str:
    """Return the address of a socket of this process that leads to an ssh:// engine."""
    folder = TemporaryDirectory(prefix="drift-ssh-")
    atexit.register(folder.cleanup)
    path, shared = (str(Path(folder.name) / name) for name in ("socket", "ssh"))
    atexit.register(_let_go, url, shared)
    server = _Server(path, _Connection)
    server.command = command(
        url, "-o", "ControlMaster=auto", "-o", "ControlPersist=30", "-S", shared
    )
    Thread(target=server.serve_forever, daemon=True).start()
    return f"unix://{path}"


def _let_go(url: str, shared: str) -> None:
    """End the one connection that all of this process have shared."""
    subprocess.run(command(url, "-S", shared, "-O", "exit"), check=False, capture_output=True)


def command(url: str, *options: str) -> tuple[str, ...]:
    """Return how the Docker client itself reaches the engine of an ssh:// address."""
    there = urlsplit(url)
    user = ("-l", there.username) if there.username else ()
    port = ("-p", str(there.port)) if there.port else ()
    reach = ("ssh", "-T", "-o", "ConnectTimeout=10", *options, *user, *port)
    return (*reach, "--", str(there.hostname), "docker", "system", "dial-stdio")
