"""Finds the command line that opens an sh on a host, and reads what it says when that fails."""

import os
import re
import shlex
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from fnmatch import fnmatchcase
from math import ceil
from threading import Timer
from typing import Any

from deployment_drift.errors import DriftError, UnknownError
from deployment_drift.probe.addresses import COMMON, Address
from deployment_drift.probe.pipe import OPEN, LostError, end_group, register
from deployment_drift.waiting import PATIENT

OPENING = "exec /bin/sh"  # leads a process group of its own, whatever the login shell
SSH_OPTIONS = (
    *("-T", "-o", "BatchMode=yes"),  # no terminal, no question for a password
    *("-o", "StrictHostKeyChecking=yes", "-o", "UpdateHostKeys=no"),  # known_hosts is the user's
    *("-o", "ControlMaster=no"),  # no connection is left behind; one that is open may be used
    *("-o", "ForwardAgent=no", "-o", "ForwardX11=no"),  # the host gets nothing to use
    *("-o", "ClearAllForwardings=yes", "-o", "PermitLocalCommand=no"),
    *("-o", "Tunnel=no", "-o", "GSSAPIDelegateCredentials=no"),
)
# What a user's configuration may say of ssh's own command, and what has to be said against that; an
# older ssh does not know these, so they are only said where they are needed.
AGAINST = {"setenv": "SetEnv=_=", "remotecommand": "RemoteCommand=none"}
SHELL = ("/bin/sh", "-c", OPENING)
DOCKER = {"config": "--config", "context": "--context"}
KUBECTL = {
    "kubeconfig": "--kubeconfig",
    "context": "--context",
    "namespace": "-n",
    "container": "-c",
}
INVENTORY = ("ssh_config", "ssh_identity_file", "ssh_extra_args", "sudo", "sudo_user")
# What a client says when it cannot reach its host, the word for it, and what to do.
REASONS = (
    (r"Could not resolve hostname", "unresolved", "check the name: getent hosts SERVER"),
    (r"Connection refused", "refused", "check that the server runs, and its port"),
    (r"Host key verification failed", "host-key", "look at its key and accept it once: ssh SERVER"),
    (r"Permission denied \(", "denied", "a key is needed, try: ssh -o BatchMode=yes SERVER true"),
    (r"(?i)no such container|no container with name|\(NotFound\)", "absent", ""),
    (r"is not running|is paused|container state improper", "stopped", ""),
    (r"(?i)/bin/sh.*no such file", "no-shell", "a host without /bin/sh cannot be asked"),
    (r"timed out|No route to host", "timeout", "check the network, or wait longer: ?timeout=60"),
)
BY_HAND = {
    "docker": "docker ps --all",
    "podman": "podman ps --all",
    "kubectl": "kubectl get pods",
    "ssh": "ssh -o BatchMode=yes SERVER true",
}
"""What is to be tried where nothing else is known to help."""
BUSY = "see what keeps it, or this computer, busy; then the same again"
"""What is said instead where it was waited for that long: a scene's own hosts have no option."""
LACKING = re.compile(
    r"\S*sh: (?:eval: )?(?:line )?(?:\d+: )?(?:eval: )?(\S+): (?:command )?not found"
)
"""How shells say that a program is not there."""
CONFIGURED = 2**20  # bytes that ssh may say of its configuration
LAST = 2000  # bytes of what a client said last that are looked at
SHOWN = 60  # characters of a command that an error shows


class UnreachableError(UnknownError):
    """A host that could not be asked; `reason` is one word for why.

    When its shell was to be opened: a word of REASONS, "client" (cannot be started), "timeout",
    "flood" or "ended". Later: these, "mute" or "closed"; `said` is what the command had printed.
    """

    def __init__(
        self, reason: str, what: str, *, hint: str = "", detail: str = "", said: bytes = b""
    ) -> None:
        super().__init__(what, hint=hint, detail=detail)
        self.reason = reason
        self.said = said


def resolved(address: Address) -> Address:
    """Return the address itself, for a host of an inventory the one that its variables make.

    testinfra reads these: it knows ansible.cfg, the environment and the older names of variables,
    and is tested with every kind of inventory.
    """
    if address.scheme != "ansible":
        return address
    from testinfra.utils.ansible_runner import AnsibleRunner

    given = address.options
    runner = AnsibleRunner(given.get("ansible_inventory"))
    keys = {key: given.get(key) for key in ("ssh_config", "ssh_identity_file")}
    host = runner.get_host(address.name, **keys)
    if host is None:
        raise DriftError(f"{address.text}: testinfra cannot make this connection itself")
    backend: Any = host.backend
    known = {key: getattr(backend, key, None) for key in INVENTORY}
    options = {key: str(value) for key, value in known.items() if value}
    sudo = {key: value for key, value in given.items() if key in COMMON}
    return Address(address.text, backend.NAME, _name(backend), {**options, **sudo})


def _name(backend: Any) -> str:  # noqa: ANN401 -- one of testinfra's backends
    if backend.NAME != "ssh":
        user = getattr(backend, "user", None)
        return f"{user}@{backend.name}" if user else getattr(backend, "name", "")
    server = backend.host
    name = f"[{server.name}]" if ":" in server.name else server.name
    user = ":".join(filter(None, (server.user, server.password)))
    return f"{user}@{name}".lstrip("@") + (f":{server.port}" if server.port else "")


def arguments(address: Address) -> list[str]:
    """Return the program and its arguments that open an sh at an address."""
    user, _, name = address.name.rpartition("@")
    match address.scheme:
        case "local":
            return ["/bin/sh"]
        case "docker" | "podman" as program:
            flags = _flags(DOCKER, address)
            return [program, *flags, "exec", "-i", *_given("-u", user), name, *SHELL]
        case "kubectl":
            flags = _flags(KUBECTL, address)
            return ["kubectl", *flags, "exec", "-i", name, "--", *SHELL]
        case "ssh":
            return ["ssh", *SSH_OPTIONS, *_ssh(address, user, name), OPENING]
    raise DriftError(f"{address.scheme}:// cannot keep a shell open")


def _flags(known: Mapping[str, str], address: Address) -> list[str]:
    return [word for key, flag in known.items() for word in _given(flag, _of(address, key))]


def _ssh(address: Address, user: str, server: str) -> list[str]:
    if ":" in user:
        raise DriftError(
            f"ssh://{server}: a password would show in every process list",
            hint="use a key: ssh-copy-id SERVER",
        )
    name, port = _server(server)
    return [
        *shlex.split(_of(address, "ssh_extra_args")),
        *_given("-F", _of(address, "ssh_config")),
        *_given("-o", f"User={user}" if user else ""),
        *_given("-o", f"Port={port}" if port else ""),
        *_given("-i", _of(address, "ssh_identity_file")),
        *("-o", f"ConnectTimeout={ceil(float(address.options.get('timeout', '10')))}"),
        name,
    ]


def _server(server: str) -> tuple[str, str]:
    if server.startswith("["):
        name, _, port = server[1:].partition("]")
        return name, port.removeprefix(":")
    name, _, port = server.partition(":")
    return name, port


def _of(address: Address, option: str) -> str:
    return address.options.get(option, "")


def _given(option: str, value: str) -> tuple[str, ...]:
    return (option, value) if value else ()


def client(address: Address, limit: float) -> tuple[list[str], dict[str, str] | None]:
    """Return the client's command line, and its environment, None for ours.

    Of ours, ssh gets nothing that is our language, or that the user's configuration sends on; it
    may take `limit` seconds to read that.
    """
    words = arguments(address)
    if address.scheme != "ssh":
        return words, None
    configured = _configured(words, limit)
    against = [word for key in AGAINST if key in configured for word in ("-o", AGAINST[key])]
    sent = ("LANG", "LANGUAGE", "LC_*", *configured.get("sendenv", ()))
    kept = [name for name in os.environ if not any(fnmatchcase(name, each) for each in sent)]
    return [words[0], *against, *words[1:]], {name: os.environ[name] for name in kept}


def _configured(words: list[str], limit: float) -> dict[str, list[str]]:
    """Return what ssh would use for a connection, by the lower-case names of its options."""
    found: dict[str, list[str]] = {}
    for line in _said([words[0], "-G", *words[1:-1]], limit).splitlines():
        name, _, value = line.partition(" ")
        found.setdefault(name, []).append(value)
    return found


def _said(command: list[str], limit: float) -> str:
    """Return what a program prints, at most CONFIGURED bytes; "" where it cannot be started."""
    with suppress(OSError):  # whoever opens the connection says why
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # what it starts is ended with it
        )
        watch = Timer(limit, end_group, [process])
        watch.start()
        register(process)
        with process:
            try:
                out = process.stdout.read(CONFIGURED) if process.stdout else b""
            finally:
                watch.cancel()
                end_group(process)
                OPEN.discard(process)
        return out.decode(errors="replace")
    return ""


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
                return _opening(address, reason, line, _patient(hint, limit), lines)
    why = {
        "timeout": f"no answer within {limit:g} s",
        "flood": "it prints without end instead of opening a shell",
    }.get(error.reason, _silent_end(error.status))
    hint = _patient(REASONS[-1][-1], limit) if error.reason == "timeout" else ""
    last = lines[-1] if lines and error.reason == "ended" else why
    return _opening(address, error.reason, last, hint, lines)


def _silent_end(status: int | None) -> str:
    ended = "ended" if status is None else f"ended with exit status {status}"
    return f"its client {ended} and said nothing"


def _patient(hint: str, limit: float) -> str:
    return BUSY if hint is REASONS[-1][-1] and limit >= PATIENT else hint


def _opening(address: str, reason: str, why: str, hint: str, lines: list[str]) -> UnreachableError:
    what = f"{address} cannot be reached: {why}"
    tried = BY_HAND.get(address.partition("://")[0])
    hint = hint or (f"try: {tried}" if tried else "")
    return UnreachableError(reason, what, hint=hint, detail="\n".join(lines))


def lost(address: str, command: str, limit: float, error: LostError) -> UnreachableError:
    """Say how a shell was lost while it ran a command."""
    short = " ".join(command[: 4 * SHOWN].split())
    short = short if len(short) <= SHOWN else short[: SHOWN - 1] + "…"
    why = {
        "timeout": f"was lost: no answer to `{short}` within {limit:g} s",
        "ended": f"was lost: its shell ended during `{short}`",
        "flood": f"was lost: it printed too much in answer to `{short}`",
        "closed": "was closed",
    }[error.reason]
    detail = "\n".join(_lines(error.err))
    return UnreachableError(error.reason, f"{address} {why}", detail=detail, said=error.out)


def mute(address: str, err: bytes) -> UnreachableError:
    """Say why a program printed nothing, as where sudo wants a password."""
    lines = _lines(err)
    why = lines[-1] if lines else "its shell printed nothing"
    if lacking := LACKING.fullmatch(why):
        why = f"there is no {lacking[1]} there"
    return UnreachableError("mute", f"{address} could not be asked: {why}", detail="\n".join(lines))


def _lines(said: bytes) -> list[str]:
    text = said[-LAST:].decode(errors="backslashreplace")
    return [line.strip() for line in text.splitlines() if line.strip()][-5:]
