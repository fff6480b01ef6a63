import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from types import SimpleNamespace
from typing import Any

import pytest

from deployment_drift.errors import HostError
from deployment_drift.parallel import Cancel, CancelledError
from deployment_drift.targets import readiness
from deployment_drift.targets.readiness import RefusedError, SilentError
from deployment_drift.targets.target import Target
from tests.fakes import Late, serve, silence

SAID = "host key: ssh-ed25519 AAAA web\nDebian boots\nServer listening on 0.0.0.0 port 22.\n"


class Container:
    """A container in a given state, with a log."""

    def __init__(self, status: str, **state: object) -> None:
        self.status = status
        self.attrs = {"State": {"Status": status, "ExitCode": 0, **state}}

    def reload(self) -> None:
        """Stay as it is."""

    def logs(self, **_: object) -> bytes:
        """Return the last lines."""
        return b"last words\n"

    def stats(self, **_: object) -> dict[str, object]:
        """Say that nothing is being done."""
        return {"cpu_stats": {"cpu_usage": {"total_usage": None}}}


def wait(container: Container, url: str, limit: float = 30, cancel: Cancel | None = None) -> None:
    """Wait for a host in that container."""
    wish = Cancel() if cancel is None else cancel
    readiness.wait(Target("web", "sha256:1"), container, url, limit, wish)  # type: ignore[arg-type]


def test_ready_when_it_answers() -> None:
    """A host is ready as soon as its page answers 200."""
    with serve({"GET /health.php": "ok"}) as address:
        wait(Container("running"), f"http://{address}")


def test_not_ready_in_time() -> None:
    """Past the limit: what was waited for, how long, the answer, the state and the last lines."""
    with serve({}) as address, pytest.raises(HostError) as error:
        wait(Container("running"), f"http://{address}", 0.1)
    assert error.value.what == (
        f"web was not ready within 0 s: http://{address}/health.php gave 404. "
        "The container is now running."
    )
    assert error.value.detail == "last words"


class Busy(Container):
    """A container whose programs are slow, but work."""

    done = 0

    def stats(self, **_: object) -> dict[str, object]:
        """Return more of the processor's time each time."""
        self.done += 1
        return {"cpu_stats": {"cpu_usage": {"total_usage": self.done}}}


def test_a_slow_host_is_given_more_time() -> None:
    """On a busy computer a host that still works is not late, and one that does not is."""
    answers: dict[str, Any] = {}
    with serve(answers) as address:
        ready = threading.Timer(0.5, answers.update, [{"GET /health.php": "ok"}])
        ready.start()
        wait(Busy("running"), f"http://{address}", 0.2)
        ready.join()


def test_a_slow_page_is_ready_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a busy computer each answer takes long: the next one is waited for longer."""
    monkeypatch.setattr(readiness, "_ANSWER_LIMIT", 0.1)
    with serve(Late({"GET /health.php": "ok"}, 0.2)) as address:
        wait(Container("running"), f"http://{address}", 3)


def test_dead_container_is_not_waited_for() -> None:
    """A container that has ended is noticed long before the limit, and why it ended is said."""
    begin = time.monotonic()
    ended = Container("exited", ExitCode=137, OOMKilled=True)
    with pytest.raises(HostError, match="exited with exit status 137, out of memory"):
        wait(ended, "http://127.0.0.1:1")
    assert time.monotonic() - begin < 5


def test_waiting_can_be_cancelled() -> None:
    """Who waits for a host stops when the end is wished for."""
    cancel = Cancel()
    cancel.wish()
    with pytest.raises(CancelledError):
        wait(Container("running"), "http://127.0.0.1:1", cancel=cancel)


def test_silent_host_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    """A host that takes the connection and says nothing does not stop the clock."""
    monkeypatch.setattr(readiness, "_ANSWER_LIMIT", 0.05)
    with silence() as address, pytest.raises(HostError, match="gave no answer"):
        wait(Container("running"), f"http://{address}", 0.1)


@contextmanager
def mail_server(greeting: bytes) -> Iterator[str]:
    """Yield the address of a mail server that greets whoever connects, and ends."""

    class Greeter(socketserver.StreamRequestHandler):
        """Says its one line."""

        def handle(self) -> None:
            """Greet."""
            self.wfile.write(greeting)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Greeter) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"smtp://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


@pytest.mark.parametrize("greeting", [b"", b"554 no\r\n"])
def test_mail_server_that_does_not_greet(greeting: bytes) -> None:
    """An open port is no mail server: the engine's own proxy opens it before anybody listens."""
    with mail_server(greeting) as url, pytest.raises(HostError, match="gave no greeting"):
        wait(Container("running"), url, 0.1)


def test_mail_server_is_ready_when_it_greets() -> None:
    """A mail server is ready as soon as it says 220."""
    with mail_server(b"220 mail\r\n") as url:
        wait(Container("running"), url)


def console(said: str, status: str = "running") -> Any:  # noqa: ANN401 -- stands for docker's
    """Return a container in which QEMU has said that."""
    return SimpleNamespace(logs=said.encode, reload=lambda: None, status=status)


def booted(machine: Any, late: float) -> str:  # noqa: ANN401 -- stands for docker's
    """Wait for a machine that was given three seconds."""
    return readiness.await_boot("web", machine, 3, late, Cancel())


def test_booted_machine_gives_its_key() -> None:
    """A machine has booted when its sshd listens, and is known by the key that it has shown."""
    assert booted(console(SAID), monotonic() + 3) == "ssh-ed25519 AAAA"


def test_machine_that_ended_is_told_from_one_that_is_late() -> None:
    """QEMU that ends, and a machine that hangs, are two errors, each with the last words."""
    with pytest.raises(RefusedError, match="ended before it had booted") as refused:
        booted(console("no such CPU\n", "exited"), monotonic() + 3)
    assert refused.value.detail == "no such CPU"
    with pytest.raises(SilentError, match="had not booted within 3 s") as silent:
        booted(console(""), monotonic() - 1)
    assert silent.value.detail == "(it has said nothing)"
