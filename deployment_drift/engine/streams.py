"""Reads what the engine sends without an end: messages as they come, and a program's output."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from io import BufferedReader, BytesIO, RawIOBase
from typing import IO, TYPE_CHECKING, Any

from deployment_drift.parallel import Cancel, CancelledError

if TYPE_CHECKING:
    from docker import APIClient
    from requests import Response

READ = 2**20


@dataclass(frozen=True, slots=True)
class Request:
    """What to post where; the engine may be silent for `limit` seconds. A body is tar."""

    path: str
    params: Mapping[str, Any]
    limit: float
    body: bytes | Iterable[bytes] | None = None


class _Chunks(RawIOBase):
    """Chunks of bytes that are read like a file."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = iter(chunks)
        self._left = memoryview(b"")

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401 -- whatever has room for bytes
        """Fill a part of the buffer; 0 says that there is no more."""
        while not self._left and (chunk := next(self._chunks, b"")):
            self._left = memoryview(chunk)
        size = min(len(buffer), len(self._left))
        buffer[:size], self._left = self._left[:size], self._left[size:]
        return size


def file(chunks: Iterable[bytes]) -> IO[bytes]:
    """Return chunks of bytes as a file that can be read once, from its beginning."""
    return BufferedReader(_Chunks(chunks), READ)


def post(api: "APIClient", request: Request, cancel: Cancel) -> Iterator[dict[str, Any]]:
    """Yield the messages of the engine's answer; the connection is closed when the loop ends.

    The engine gives up what it does for a connection that is closed.
    Raises docker's APIError, or CancelledError when cancelled.
    """
    import requests

    try:
        with _send(api, request) as response:
            _require_success(response)
            with cancel.calling(response.raw.shutdown):
                yield from map(json.loads, filter(None, response.iter_lines()))
    except requests.RequestException:
        if not cancel:
            raise
    if cancel:
        raise CancelledError


def get(api: "APIClient", request: Request, size: int) -> Iterator[bytes]:
    """Yield what the engine sends, in parts of some bytes; raise docker's APIError."""
    url = f"{api.base_url}/v{api.api_version}{request.path}"
    with api.get(url, params=request.params, stream=True, timeout=request.limit) as response:
        _require_success(response)
        yield from response.iter_content(size)


def output(api: "APIClient", program: str) -> bytes:
    """Start what `exec_create` has made, and return what it prints on both outputs, to the end.

    The SDK asks for a connection of its own and reads that behind the back of http.client, whose
    buffer has the first output by then where it arrives together with the answer's header.
    """
    url = f"{api.base_url}/v{api.api_version}/exec/{program}/start"
    with api.post(url, json={"Detach": False, "Tty": False}, timeout=api.timeout) as response:
        _require_success(response)
        return b"".join(_pieces(BytesIO(response.content)))


def _pieces(sent: BytesIO) -> Iterator[bytes]:
    """Yield what was printed: before each piece stand its output, three zeros and its length."""
    while head := sent.read(8):
        yield sent.read(int.from_bytes(head[4:]))


def _send(api: "APIClient", request: Request) -> "Response":
    return api.post(
        f"{api.base_url}/v{api.api_version}{request.path}",
        params=request.params,
        data=request.body,
        headers={"Content-Type": "application/x-tar"} if request.body is not None else None,
        stream=True,
        timeout=request.limit,
    )


def _require_success(response: "Response") -> None:
    """Raise docker's APIError, with the engine's words, while the response can be read."""
    import requests
    from docker.errors import create_api_error_from_http_exception

    try:
        response.raise_for_status()
    except requests.HTTPError as error:
        create_api_error_from_http_exception(error)
