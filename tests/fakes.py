"""Servers that answer as told, for tests that need no engine."""

import json
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

VERSION = {"Version": "1.2.3", "ApiVersion": "1.41", "Os": "linux", "Arch": "amd64"}


@contextmanager
def serve(answers: Mapping[str, Any]) -> Iterator[str]:
    """Yield the `host:port` of a server: an answer is JSON, text, or a tuple of JSON lines.

    answers: by "METHOD /path", the API's version and the query left out; else it is 404.
    """

    class Handler(BaseHTTPRequestHandler):
        """Answers by method and path."""

        def do_GET(self) -> None:
            """Answer any method."""
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            path = "/" + self.path.partition("?")[0].removeprefix("/v1.41").lstrip("/")
            answer = answers.get(f"{self.command} {path}")
            body = encoded({"message": f"no {path}"} if answer is None else answer)
            self.send_response(404 if answer is None else 200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_DELETE = do_GET  # noqa: N815 - the base class names them so

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        try:
            yield f"127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()


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
