"""Serves the pages of a talk to browsers of this machine, and takes the speaker's keys there."""

import hmac
import re
import secrets
import signal
import socket
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread, main_thread

from werkzeug.exceptions import BadRequest, Forbidden, HTTPException
from werkzeug.routing import Map, Rule
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

from deployment_drift.errors import DriftError
from deployment_drift.stage.hub import Hub
from deployment_drift.stage.keys import BACK, COMMANDS, HELP, LEAVE, NEXT, RECORDED, SHELL

HOST = "127.0.0.1"
HIGHEST = 65535
FOLDER = Path(__file__).with_name("page")
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
LOOKS = {"l": "lang", "d": "theme", "p": "view"}
"""What keys change that concern the pages alone."""
KEYS = re.compile("|".join([NEXT, BACK, SHELL, COMMANDS, re.escape(HELP), LEAVE, RECORDED, r"\d"]))
LONGEST = 16  # bytes of a key
REMEMBERED = 16  # presses, of which none is taken twice
PATIENCE = 1.0
"""Seconds in which a page takes what it was told last."""
POLICY = "; ".join(
    [
        "default-src 'none'",
        *(f"{kind}-src 'self'" for kind in ("script", "style", "img", "connect")),
        "frame-src http://127.0.0.1:* http://localhost:*",  # the shop, which runs here
        *(f"{kind} 'none'" for kind in ("base-uri", "form-action", "frame-ancestors")),
    ]
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
ROUTES = Map(
    [
        Rule("/", endpoint="file", defaults={"name": "index.html"}, methods=["GET"]),
        Rule("/speaker", endpoint="file", defaults={"name": "speaker.html"}, methods=["GET"]),
        Rule("/page/<name>", endpoint="file", methods=["GET"]),
        Rule("/events", endpoint="events", methods=["GET"]),
        Rule("/key", endpoint="key", methods=["POST"]),
    ],
    redirect_defaults=False,
)


class Pressed:
    """The keys that come from pages. `pace`: the seconds after which it goes on without one."""

    def __init__(self, pace: float | None = None) -> None:
        self._pace = pace
        self._queue = SimpleQueue[str]()
        self._awaited = False
        self._taken = deque[str](maxlen=REMEMBERED)

    def is_new(self, number: str) -> bool:
        """Whether a press has come for the first time; a browser may send one again."""
        known = bool(number) and number in self._taken
        self._taken.append(number)
        return not known

    def press(self, key: str) -> None:
        """Take a key that was pressed on a page; who leaves need not wait for a step's end."""
        if key == LEAVE and not self._awaited:
            signal.pthread_kill(main_thread().ident or 0, signal.SIGINT)
        self._queue.put(key)

    def read(self, limit: float | None = None) -> str:
        """Return the next key; where the talk has a pace, that of whoever presses none is next."""
        self._awaited = True
        try:
            return self._queue.get(timeout=self._pace if limit is None else limit)
        except Empty:
            return NEXT if limit is None else ""
        finally:
            self._awaited = False

    def forget(self) -> None:
        """Forget what was pressed during a step."""
        while not self._queue.empty():
            self._queue.get_nowait()

    @contextmanager
    def lent(self) -> Iterator[None]:
        """Lend nothing: a page has no terminal."""
        yield


@dataclass(frozen=True, slots=True)
class Site:
    """The pages: what they are told, where their keys go, and what entitles to press one."""

    hub: Hub
    keys: Pressed
    port: int
    token: str

    def __call__(self, environ: dict[str, object], start: object) -> Iterable[bytes]:
        """Answer a request, as WSGI asks for."""
        return self._answer(Request(environ))(environ, start)  # type: ignore[arg-type]

    def _answer(self, request: Request) -> Response:
        request.max_content_length = LONGEST
        try:
            self._admit(request)
            endpoint, values = ROUTES.bind_to_environ(request.environ).match()
            answer: Response = getattr(self, endpoint)(request, **values)
        except HTTPException as error:
            answer = Response(f"{error.code} {error.name}\n", error.code)
        answer.headers.update(HEADERS)
        return answer

    def _admit(self, request: Request) -> None:
        """Refuse what another site has sent a browser for: by its name for us, or by its own."""
        ours = [f"{name}:{self.port}" for name in (HOST, "localhost")]
        origin = request.headers.get("Origin")
        if request.host not in ours or origin not in {None, f"http://{request.host}"}:
            raise Forbidden

    def file(self, _: Request, name: str) -> Response:
        """Return a file of the pages."""
        path = FOLDER / name
        if path.parent != FOLDER or path.suffix not in TYPES or not path.is_file():
            return Response("404 Not Found\n", 404)
        return Response(path.read_bytes(), content_type=TYPES[path.suffix])

    def events(self, request: Request) -> Response:
        """Return what happens, as long as the page is open."""
        last = request.headers.get("Last-Event-ID", "0")
        told = self.hub.follow(int(last) if last.isdecimal() else 0)
        return Response(told, content_type="text/event-stream; charset=utf-8")

    def key(self, request: Request) -> Response:
        """Take a key from whoever knows the token."""
        known = request.headers.get("X-Token", "").encode()  # of texts, it compares ASCII alone
        if not hmac.compare_digest(known, self.token.encode()):
            raise Forbidden
        pressed = request.get_data(as_text=True)
        if not self.keys.is_new(request.headers.get("X-Press", "")):
            return Response(status=204)
        if pressed in LOOKS:
            self.hub.change(LOOKS[pressed])
        elif KEYS.fullmatch(pressed):
            self.keys.press(pressed)
        else:
            raise BadRequest
        return Response(status=204)


class Silent(WSGIRequestHandler):
    """Writes no line for each request: the terminal is the speaker's."""

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 -- werkzeug's name
        """Write nothing."""


@contextmanager
def served(hub: Hub, keys: Pressed, port: int) -> Iterator[Site]:
    """Serve the pages until the block ends. port: 0 for any that is free.

    Raises DriftError where the port is taken.
    """
    with _bound(port) as bound:
        site = Site(hub, keys, bound.getsockname()[1], secrets.token_urlsafe(16))
        server = make_server(
            HOST, site.port, site, threaded=True, request_handler=Silent, fd=bound.fileno()
        )
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield site
        finally:
            hub.close(PATIENCE)
            server.shutdown()
            thread.join()
            server.server_close()


def _bound(port: int) -> socket.socket:
    hint = "--port 0 takes one that is free"
    if not 0 <= port <= HIGHEST:
        raise DriftError(f"--port {port}: there are those from 0 to {HIGHEST}", hint=hint)
    try:
        return socket.create_server((HOST, port))
    except OSError as error:
        what = f"the page cannot be served on port {port}: {error.strerror}"
        raise DriftError(what, hint=hint) from error
