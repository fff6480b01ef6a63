"""Keeps one sh open behind a client program, and asks it one command after the other."""

import os
import secrets
import selectors
import shlex
import signal
import subprocess
import time
import weakref
from contextlib import suppress
from pathlib import Path
from typing import IO

from deployment_drift import stopping

CHUNK = 2**16  # bytes that are read at once: what a pipe holds
MOST = 2**27  # bytes that one command may print
BEFORE = 2**20  # bytes that a host may print before its shell answers
LONGEST = 100_000  # bytes of a command that surely fit into one argument; Linux takes 128 KiB
POLL = 0.1  # seconds between two looks at whether the client still runs
GRACE = 0.5  # seconds that a client has for its last words
OPEN: set[subprocess.Popen[bytes]] = set()
"""The clients that run."""


class LostError(Exception):
    """The shell is gone for good: `reason` is "timeout", "flood", "ended" or "closed".

    `out` and `err` are what came on both outputs, without an end; `status` is the client's, where
    it has one.
    """

    def __init__(
        self, reason: str, out: bytes = b"", err: bytes = b"", status: int | None = None
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.out = out
        self.err = err
        self.status = status


class Stream:
    """One output of the client, cut into pieces at marks."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor
        self.data = bytearray()
        self._searched = 0

    def take(self, mark: bytes) -> tuple[bytes, bytes] | None:
        """Return and forget what came before the mark, and what is behind it on its line."""
        at = self.data.find(mark, self._searched)
        end = -1 if at < 0 else self.data.find(b"\n", at)
        if end < 0:
            self._searched = max(0, len(self.data) - len(mark)) if at < 0 else at
            return None
        with memoryview(self.data) as view:
            found = bytes(view[:at]), bytes(view[at + len(mark) : end])
        del self.data[: end + 1]
        self._searched = 0
        return found


class Pipe:
    """A client program, started with `arguments`, behind which an sh reads its standard input.

    OSError if the program cannot be started, LostError if no sh answers within `limit` seconds.
    The client is ended by `close()`, when the object is forgotten, and when Python exits.
    """

    def __init__(
        self, arguments: list[str], limit: float, environment: dict[str, str] | None = None
    ) -> None:
        self._client = subprocess.Popen(
            arguments,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            start_new_session=True,  # no Ctrl-C reaches it, and no prompt of it a terminal
        )
        self._selector = selectors.DefaultSelector()
        self.close = weakref.finalize(self, _end, self._client, self._selector)
        register(self._client)
        self._input, *outputs = [pipe.fileno() for pipe in _pipes(self._client)]
        os.set_blocking(self._input, False)
        self._streams = [Stream(output) for output in outputs]
        for stream in self._streams:
            self._selector.register(stream.descriptor, selectors.EVENT_READ, stream)
        self._ended = False
        self.shared = False
        """Whether a command has left a process behind that may still print something here."""
        mark = secrets.token_hex()
        self._ahead = _script("kept_left.sh")
        self._talk(f"mark={mark}\n".encode() + _script("kept.sh"), [mark], limit, BEFORE)

    def ask(
        self, command: str, limit: float, *, listed: bool = True, most: int = MOST
    ) -> tuple[int, bytes, bytes]:
        """Run a command; return its exit status, its standard output and its standard error.

        listed: whether the host's list of processes may show the command.
        LostError if it takes longer than `limit` seconds or prints more than `most` bytes, or if
        the shell ends; nothing can be asked after that. What came while nothing was asked belongs
        to no command and is dropped.
        """
        if not self.close.alive:
            raise LostError("closed")
        start, end = secrets.token_hex(), secrets.token_hex()
        question = self._ahead + _question(command, start, end, listed=listed)
        self._ahead = b""
        (out, told), (err, _) = self._talk(question, [start, end], limit, most)
        status, *left = told.split()
        self.shared = bool(left)
        return int(status), out, err

    def kill(self) -> None:
        """Kill the client, so that whoever waits for an answer gets LostError at once."""
        if self.close.alive:
            end_group(self._client)

    def _talk(
        self, message: bytes, marks: list[str], limit: float, most: int
    ) -> list[tuple[bytes, bytes]]:
        self._deadline, self._most = time.monotonic() + limit, most
        self._unsent = memoryview(message)
        try:
            self._selector.register(self._input, selectors.EVENT_WRITE)
            return [self._until(mark.encode()) for mark in marks][-1]
        except BaseException:  # a Ctrl-C, too, leaves an answer behind that nobody has read
            self.close()
            raise

    def _until(self, mark: bytes) -> list[tuple[bytes, bytes]]:
        found: dict[Stream, tuple[bytes, bytes]] = {}
        while True:
            for stream in self._streams:
                if stream not in found and (piece := stream.take(mark)):
                    found[stream] = piece
            if len(found) == len(self._streams):
                return [found[stream] for stream in self._streams]
            self._step()

    def _step(self) -> None:
        left = self._deadline - time.monotonic()
        if left <= 0:
            if not self._ended:
                raise self._lost("timeout")
            with suppress(subprocess.TimeoutExpired):
                self._client.wait(GRACE)
            raise self._lost("ended")
        events = self._selector.select(min(left, POLL))
        for key, _ in events:
            self._send() if key.data is None else self._receive(key.data)
        if not events and self._client.poll() is not None:
            self._fade()

    def _send(self) -> None:
        with suppress(BrokenPipeError):  # its outputs tell why
            self._unsent = self._unsent[os.write(self._input, self._unsent) :]
            if self._unsent:
                return
        self._unsent = memoryview(b"")  # else a hundred hosts keep the program a hundred times
        self._selector.unregister(self._input)

    def _receive(self, stream: Stream) -> None:
        chunk = os.read(stream.descriptor, CHUNK)
        stream.data += chunk
        if not chunk:
            self._selector.unregister(stream.descriptor)
            self._fade()
        if sum(len(each.data) for each in self._streams) > self._most:
            raise self._lost("flood")

    def _lost(self, reason: str) -> LostError:
        out, err = (bytes(stream.data) for stream in self._streams)
        return LostError(reason, out, err, self._client.returncode)

    def _fade(self) -> None:
        self._ended = True
        reading = any(key.data for key in self._selector.get_map().values())
        self._deadline = min(self._deadline, time.monotonic() + GRACE if reading else 0)


def register(client: subprocess.Popen[bytes]) -> None:
    """Let a signal kill a client; one that starts after it is killed at once."""
    OPEN.add(client)
    if stopping.stopped.is_set():
        end_group(client)


def kill_all() -> None:
    """Kill every client that is open, so that nobody waits any longer for a silent host."""
    for client in list(OPEN):
        end_group(client)


stopping.first.append(kill_all)


def _question(command: str, start: str, end: str, *, listed: bool = True) -> bytes:
    if "\0" in command:
        raise ValueError("embedded null byte")  # as subprocess has it
    quoted = shlex.quote(command)
    # A shell of its own keeps `exit`, `exec` and `kill $$` away from ours; a command that is too
    # long for an argument must do with a fork of ours.
    short = listed and len(quoted.encode(errors="surrogateescape")) < LONGEST
    run = f"(exec /bin/sh -c {quoted})" if short else f"(eval {quoted})"
    question = f"started; echo {start}; echo {start} >&3; {run} </dev/null 2>&3 3>&-"
    told = f"kept_status=$?; left; echo {end} $kept_status$kept_left; echo {end} >&3"
    return f"{question}; {told}\n".encode(errors="surrogateescape")


def _script(name: str) -> bytes:
    return Path(__file__).with_name(name).read_bytes()


def _pipes(client: subprocess.Popen[bytes]) -> list[IO[bytes]]:
    return [pipe for pipe in (client.stdin, client.stdout, client.stderr) if pipe]


def end_group(client: subprocess.Popen[bytes]) -> None:
    """Kill a client with its children; the host's side ends itself when its input does."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(client.pid, signal.SIGKILL)


def _end(client: subprocess.Popen[bytes], selector: selectors.BaseSelector) -> None:
    OPEN.discard(client)
    end_group(client)
    client.wait()
    for pipe in _pipes(client):
        pipe.close()
    selector.close()  # refers to itself: its descriptor would wait for the garbage collector
