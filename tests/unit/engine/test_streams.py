import json
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import docker
import pytest
from docker.errors import APIError

from deployment_drift.engine import streams
from deployment_drift.engine.streams import Request
from deployment_drift.parallel import Cancel, CancelledError
from tests.fakes import serve

BUILD = Request("/build", {}, 5)


@contextmanager
def connected(address: str) -> Iterator[docker.APIClient]:
    """Yield a client of the engine at `host:port`."""
    with closing(docker.APIClient(f"tcp://{address}", version="1.41")) as api:
        yield api


def test_messages_come_one_by_one() -> None:
    """Every line of the engine's answer is one message."""
    sent = ({"stream": "one"}, {"stream": "two"})
    with serve({"POST /build": sent}) as address, connected(address) as api:
        assert tuple(streams.post(api, BUILD, Cancel())) == sent


def test_refusal_has_the_engines_words() -> None:
    """What the engine refuses is docker's error with the engine's own words."""
    with (
        serve({}) as address,
        connected(address) as api,
        pytest.raises(APIError, match="no /build"),
    ):
        list(streams.post(api, BUILD, Cancel()))


@contextmanager
def endless() -> Iterator[tuple[str, threading.Event]]:
    """Yield the address of a server that says one thing and then waits for the client to go."""
    gone = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        """Says one thing."""

        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            """Answer once, then wait."""
            self.send_response(200)
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            message = json.dumps({"stream": "begun"}).encode() + b"\n"
            self.wfile.write(b"%x\r\n%s\r\n" % (len(message), message))
            self.connection.settimeout(10)
            while self.connection.recv(1000):
                continue
            gone.set()
            self.close_connection = True

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        yield f"127.0.0.1:{server.server_port}", gone
        thread.join(10)


def test_cancelling_closes_the_connection() -> None:
    """Who waits for the next message is woken when the end is wished for; the engine sees it."""
    cancel = Cancel()
    begin = time.monotonic()
    with endless() as (address, gone), connected(address) as api:
        messages = streams.post(api, Request("/build", {}, 10), cancel)
        assert next(messages) == {"stream": "begun"}
        threading.Timer(0.05, cancel.wish).start()
        with pytest.raises(CancelledError):
            next(messages)
        assert gone.wait(5)
    assert time.monotonic() - begin < 5
