"""Lets testinfra ask a host through one shell that is kept open, not by a process a command.

In a suite of one's own: `pytest -p deployment_drift.probe.shell --hosts=shell+docker://web,shell+ssh://me@server`.
"""

import re
import shlex
from collections.abc import Iterator
from contextlib import closing, contextmanager
from threading import Lock
from typing import TYPE_CHECKING, Any, cast

from testinfra.backend import BACKENDS, get_backend_class, parse_hostspec
from testinfra.backend.base import BaseBackend, CommandResult
from testinfra.host import Host

from deployment_drift import waiting
from deployment_drift.errors import DriftError
from deployment_drift.probe import addresses
from deployment_drift.probe.addresses import Address
from deployment_drift.probe.client import (
    UnreachableError,
    client,
    lost,
    mute,
    resolved,
    unreachable,
)
from deployment_drift.probe.pipe import MOST, LostError, Pipe
from deployment_drift.values import harmless

if TYPE_CHECKING:
    import pytest

PREFIX = "shell+"
PATIENT = waiting.PATIENT
"""Seconds for a command on a host that we have just started."""
ANSWER = 2**24  # bytes that a host may print to tell all that it is; most print less than a MB


class ShellBackend(BaseBackend):
    """testinfra's own backend for a scheme, whose commands go through one kept shell.

    The shell is opened for the first command. After a time-out, or once it has ended, every
    command raises UnreachableError at once: a host that comes back is another host. A command is
    run by the host's /bin/sh, finds an empty standard input, and may take `timeout` seconds, or
    those of `host.run(command, timeout=60)`. Threads take turns. Output that a command's
    background process prints after the command has ended belongs to nobody: the next command goes
    through another shell, and that process may live until the host is closed.
    """

    NAME = "shell"

    def __init__(self, name: str, *, timeout: float | str = 10.0, **options: Any) -> None:  # noqa: ANN401
        scheme = options.pop("connection").removeprefix(PREFIX)
        self.address = f"{scheme}://{re.sub(':[^@]*@', '@', name)}"
        self.timeout = float(timeout)
        given = {key: str(value) for key, value in options.items() if value}
        given["timeout"] = str(timeout)
        self._asked = resolved(Address(self.address, scheme, name, given))
        sudo = self._asked.options.get("sudo", "").lower() == "true"
        hostname = self._asked.name.rpartition("@")[2]
        super().__init__(hostname, sudo, self._asked.options.get("sudo_user"))
        self._pipe: Pipe | None = None
        self._shared: list[Pipe] = []
        self._lost: UnreachableError | None = None
        self._turn = Lock()

    @classmethod
    def get_hosts(cls, host: str, **kwargs: Any) -> list[str]:  # noqa: ANN401
        """Return the names that one name stands for: with Ansible, those of the inventory."""
        scheme = kwargs["connection"].removeprefix(PREFIX)
        names: list[str] = get_backend_class(scheme).get_hosts(host, **kwargs)
        return names

    def get_pytest_id(self) -> str:
        """Return the address, as test reports show it."""
        return self.address

    def open(self) -> None:
        """Open the shell now; UnreachableError if the host does not answer in time."""
        with self._turn:
            self._opened()

    def run(self, command: str, *args: str, **kwargs: Any) -> CommandResult:  # noqa: ANN401
        """Run a command on the host; UnreachableError if there is no answer in time."""
        command = self.get_command(command, *args)
        status, out, err = self._ask(command, kwargs.get("timeout", self.timeout), command)
        return self.result(status, self.encode(command), out, err)

    def run_program(self, program: str, name: str, timeout: float) -> bytes:
        """Run an sh program that no list of processes shows; return its standard output.

        UnreachableError, which calls it `name`, has what it printed until then. It is raised, too,
        where nothing was printed: then the last line on standard error says why.
        """
        if self.sudo:
            reader = self.get_command('eval "$(cat)"')
            program = f"printf %s {shlex.quote(program)} | {reader}"
        _, out, err = self._ask(program, timeout, name, listed=False, most=ANSWER)
        if not out:
            raise mute(self.address, err)
        return out

    def _ask(
        self, command: str, limit: float, name: str, *, listed: bool = True, most: int | None = None
    ) -> tuple[int, bytes, bytes]:
        with self._turn:
            pipe = self._opened()
            try:
                return pipe.ask(command, limit, listed=listed, most=most or MOST)
            except LostError as error:
                self._lost = lost(self.address, name, limit, error)
                raise self._lost from None
            finally:
                if pipe.shared:
                    self._shared.append(pipe)
                    self._pipe = None

    def _opened(self) -> Pipe:
        if self._lost:
            raise self._lost.with_traceback(None)
        if self._pipe is None:
            try:
                words, environment = client(self._asked, self.timeout)
                self._pipe = Pipe(words, self.timeout, environment)
            except (OSError, LostError) as error:
                self._lost = unreachable(self.address, error, self.timeout)
                raise self._lost from None
        return self._pipe

    def close(self) -> None:
        """End the shell on both sides; whoever asks now or later gets UnreachableError."""
        if self._pipe:
            self._pipe.kill()
        with self._turn:
            for pipe in (*self._shared, *filter(None, [self._pipe])):
                pipe.close()
            self._lost = self._lost or UnreachableError("closed", f"{self.address} was closed")

    def encode(self, data: str) -> bytes:
        """Return text as the bytes that a host is given."""
        return data.encode(errors="surrogateescape")

    def decode(self, data: bytes) -> str:
        r"""Return a host's bytes as text; a byte that is no UTF-8 becomes `\xff`."""
        return data.decode(errors="backslashreplace")


def connect(address: str, *, timeout: float = 10.0) -> Host:
    """Open one shell on a host, and return testinfra's host that asks through it.

    `timeout` is how many seconds opening it, and each command, may take; `?timeout=` in the
    address goes before it. `host.backend.close()` ends the shell. DriftError for a wrong address,
    UnreachableError (an UnknownError) for a host that does not answer.
    """
    names = addresses.expand(address)
    if len(names) > 1:
        raise DriftError(f"{address} stands for {len(names)} hosts", hint=f"type {names[0]}")
    name, options = parse_hostspec(names[0])
    own = addresses.parse(names[0]).options  # testinfra drops those that it does not know
    backend = ShellBackend(name, **{"timeout": timeout, **own, **options})
    backend.open()
    host = Host(backend)
    backend.set_host(host)
    return host


@contextmanager
def connected(address: str, *, timeout: float = 10.0) -> Iterator[Host]:
    """Give the host of `connect`, and close its shell in the end."""
    host = connect(address, timeout=timeout)
    with closing(cast("ShellBackend", host.backend)):
        yield host


def pytest_configure(config: "pytest.Config") -> None:
    """Refuse a wrong `shell+…` address in `--hosts`, where testinfra would drop what is wrong."""
    import pytest

    for address in (config.getoption("hosts", None) or "").split(","):
        if address.startswith(PREFIX):
            try:
                addresses.parse(address.removeprefix(PREFIX))
            except DriftError as error:
                raise pytest.UsageError(harmless(f"{error}; {error.hint}")) from error


BACKENDS.update({PREFIX + scheme: f"{__name__}.ShellBackend" for scheme in addresses.OPTIONS})
