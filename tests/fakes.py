"""Servers that answer as told, for tests that need no engine."""

import json
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

VERSION = {"Version": "1.2.3", "ApiVersion": "1.41", "Os": "linux", "Arch": "amd64"}


@dataclass(frozen=True)
class Reply:
    """An answer with a status and headers of its own."""

    body: str = ""
    status: int = 200
    headers: Sequence[tuple[str, str]] = field(default=(("Content-Type", "text/html"),))


class Late(dict[str, Any]):
    """Answers that take a while."""

    def __init__(self, answers: Mapping[str, Any], seconds: float) -> None:
        super().__init__(answers)
        self._seconds = seconds

    def get(self, key: str, default: object = None) -> Any:  # noqa: ANN401 -- as of any dict
        """Return an answer, after that many seconds."""
        time.sleep(self._seconds)
        return super().get(key, default)


@contextmanager
def serve(
    answers: Mapping[str, Any],
    asked: list[str] | None = None,
    port: int = 0,
    tls: ssl.SSLContext | None = None,
) -> Iterator[str]:
    """Yield the `host:port` of a server: an answer is JSON, text, or a tuple of JSON lines.

    answers: by "METHOD /path", the API's version and the query left out; else it is 404. A Reply
    is sent as it is. asked: gets "METHOD path host" of each request. tls: what https needs.
    """

    class Handler(BaseHTTPRequestHandler):
        """Answers by method and path."""

        wbufsize = -1  # header and body arrive at once, as from an engine that is busy

        def do_GET(self) -> None:
            """Answer any method."""
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            path = "/" + self.path.partition("?")[0].removeprefix("/v1.41").lstrip("/")
            answer = answers.get(f"{self.command} {path}")
            if asked is not None:
                asked.append(f"{self.command} {self.path} {self.headers['Host']}")
            reply = answer if isinstance(answer, Reply) else as_json(answer, path)
            self.send_response(reply.status)
            for name, value in reply.headers:
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(reply.body.encode())

        do_POST = do_DELETE = do_GET  # noqa: N815 - the base class names them so

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", port), Handler) as server:
        if tls:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        try:
            yield f"127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()


def as_json(answer: object, path: str) -> Reply:
    """Return what the engine's API answers; nothing is 404."""
    headers = (("Content-Type", "application/json"),)
    if answer is None:
        return Reply(encoded({"message": f"no {path}"}).decode(), 404, headers)
    return Reply(encoded(answer).decode(), headers=headers)


def encoded(answer: object) -> bytes:
    """Return an answer as bytes: JSON unless it is text, a tuple one message a line."""
    if isinstance(answer, str):
        return answer.encode()
    messages = answer if isinstance(answer, tuple) else (answer,)
    return "\n".join(json.dumps(message) for message in messages).encode()


@contextmanager
def silence() -> Iterator[str]:
    """Yield the `host:port` of a socket that accepts and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"127.0.0.1:{server.getsockname()[1]}"
