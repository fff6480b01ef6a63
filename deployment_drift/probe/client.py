"""Finds the command line that opens an sh on a host, and reads what it says when that fails."""

import re
import shlex
from copy import copy
from typing import Any, cast

from testinfra.backend import get_backend_class
from testinfra.backend.base import BaseBackend, CommandResult

from deployment_drift.errors import DriftError, UnknownError
from deployment_drift.probe.pipe import LostError

OPENING = "exec /bin/sh"  # leads a process group of its own, whatever the login shell
SSH_OPTIONS = (
    *("-T", "-o", "BatchMode=yes"),  # no terminal, no question for a password
    *("-o", "StrictHostKeyChecking=yes", "-o", "UpdateHostKeys=no"),  # known_hosts is the user's
    *("-o", "ControlMaster=no"),  # no connection is left behind; one that is open may be used
)
# What a client says when it cannot reach its host, the word for it, and what to do.
REASONS = (
    (r"Could not resolve hostname", "unresolved", "check the name: getent hosts SERVER"),
    (r"Connection refused", "refused", "check that the server runs, and its port"),
    (r"Host key verification failed", "host-key", "look at its key and accept it once: ssh SERVER"),
    (r"Permission denied \(", "denied", "a key is needed, try: ssh -o BatchMode=yes SERVER true"),
    (r"(?i)no such container|no container with name|\(NotFound\)", "absent", "try: docker ps"),
    (r"is not running|is paused|container state improper", "stopped", "try: docker ps --all"),
    (r"(?i)/bin/sh.*no such file", "no-shell", "a host without /bin/sh cannot be asked"),
    (r"timed out|No route to host", "timeout", "check the network, or wait longer: ?timeout=60"),
)
LAST = 2000  # bytes of what a client said last that are looked at
SHOWN = 60  # characters of a command that an error shows


class UnreachableError(UnknownError):
    """A host that could not be asked; `reason` is one word for why.

    When its shell was to be opened: a word of REASONS, "client" (cannot be started), "timeout" or
    "ended". Later: "timeout", "ended" or "closed"; `said` is what the command had printed then.
    """

    def __init__(
        self, reason: str, what: str, *, hint: str = "", detail: str = "", said: bytes = b""
    ) -> None:
        super().__init__(what, hint=hint, detail=detail)
        self.reason = reason
        self.said = said


def own_backend(scheme: str, name: str, **options: Any) -> BaseBackend:  # noqa: ANN401 -- testinfra's
    """Return testinfra's own backend for a scheme, for Ansible the one that its inventory names."""
    backend: Any = get_backend_class(scheme)(name, **options)
    if scheme != "ansible":
        return cast("BaseBackend", backend)
    keys = {key: options.get(key) for key in ("ssh_config", "ssh_identity_file")}
    host = backend.ansible_runner.get_host(name, **keys)
    if host is None or options.get("force_ansible"):
        raise DriftError(f"ansible://{name}: its connection is none that testinfra can make itself")
    chosen: BaseBackend = copy(host.backend)
    if backend.sudo:
        chosen.sudo, chosen.sudo_user = True, backend.sudo_user
    return chosen


def arguments(backend: BaseBackend) -> list[str]:
    """Return the program and its arguments by which a backend of testinfra's would run sh."""
    words = shlex.split(_command(backend))
    match backend.NAME, words[0]:
        case "local", _:
            return words[1:]
        case "docker" | "podman", _:
            return [*words[:2], "-i", *words[2:]]
        case "kubectl", _:  # … exec NAME -- /bin/sh -c OPENING
            return [*words[:-5], "-i", *words[-5:]]
        case "ssh", "ssh":
            return [words[0], *SSH_OPTIONS, *words[1:]]
        case "ssh", _:
            raise DriftError(
                f"ssh://{backend.hostname}: a password would show in every process list",
                hint="use a key: ssh-copy-id SERVER",
            )
    raise DriftError(f"{backend.NAME}:// cannot keep a shell open")


def _command(backend: BaseBackend) -> str:
    """Let a copy of a backend run sh, and return the command line without running it."""
    commands = []

    def record(command: str, *args: str) -> CommandResult:
        commands.append(backend.quote(command, *args))
        return backend.result(0, b"", b"", b"")

    recorder = copy(backend)
    vars(recorder).update(run_local=record, sudo=False, _encoding="utf-8")
    recorder.run(OPENING)
    return str(commands[0])


def unreachable(address: str, error: OSError | LostError, limit: float) -> UnreachableError:
    """Say why a shell could not be opened."""
    if isinstance(error, OSError):
        program = error.filename or "its client"
        what = f"{address} cannot be reached: {program}: {error.strerror}"
        return UnreachableError("client", what, hint=f"install {program}, or look at your PATH")
    lines = _lines(error.err) or _lines(error.out)
    for pattern, reason, hint in REASONS:
        for line in lines:
            if re.search(pattern, line):
                return _opening(address, reason, line, hint, lines)
    why = f"no answer within {limit:g} s" if error.reason == "timeout" else "its shell ended"
    hint = REASONS[-1][-1] if error.reason == "timeout" else ""
    last = lines[-1] if lines and error.reason == "ended" else why
    return _opening(address, error.reason, last, hint, lines)


def _opening(address: str, reason: str, why: str, hint: str, lines: list[str]) -> UnreachableError:
    what = f"{address} cannot be reached: {why}"
    return UnreachableError(reason, what, hint=hint, detail="\n".join(lines))


def lost(address: str, command: str, limit: float, error: LostError) -> UnreachableError:
    """Say how a shell was lost while it ran a command."""
    short = " ".join(command[: 4 * SHOWN].split())
    short = short if len(short) <= SHOWN else short[: SHOWN - 1] + "…"
    why = {
        "timeout": f"was lost: no answer to `{short}` within {limit:g} s",
        "ended": f"was lost: its shell ended during `{short}`",
        "closed": "was closed",
    }[error.reason]
    detail = "\n".join(_lines(error.err))
    return UnreachableError(error.reason, f"{address} {why}", detail=detail, said=error.out)


def _lines(said: bytes) -> list[str]:
    text = said[-LAST:].decode(errors="backslashreplace")
    return [line.strip() for line in text.splitlines() if line.strip()][-5:]
