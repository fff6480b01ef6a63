"""An engine that can be lost in the middle of a talk: a socket leads to it until it is cut."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread

MOST = 2**16  # bytes that are handed on at once


class Relay:
    """Hands on what comes over a socket of its own to an engine's, and back."""

    def __init__(self, path: Path, engine: str) -> None:
        self.url = f"unix://{path}"
        self._engine = engine.removeprefix("unix://")
        self._open = [socket.socket(socket.AF_UNIX)]
        self._open[0].bind(str(path))
        self._open[0].listen()
        Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """Lose the engine: every connection ends, and there are no new ones."""
        for each in self._open:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._open[0].accept()
                server = socket.socket(socket.AF_UNIX)
                server.connect(self._engine)
                self._open += [client, server]
                for ends in ((client, server), (server, client)):
                    Thread(target=_hand_on, args=ends, daemon=True).start()


def _hand_on(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while told := source.recv(MOST):
            target.sendall(told)
        target.shutdown(socket.SHUT_WR)


@contextmanager
def relayed(folder: Path, engine: str) -> Iterator[Relay]:
    """Yield a relay to the engine at this address, which is cut in the end."""
    relay = Relay(folder / "engine.sock", engine)
    yield relay
    relay.cut()
