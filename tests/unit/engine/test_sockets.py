import socket
from pathlib import Path

from deployment_drift.engine import sockets


def test_defaults_are_dockers_and_podmans() -> None:
    """Docker's own socket comes first, then the user's, then Podman's."""
    found = [str(path) for path in sockets.defaults({"XDG_RUNTIME_DIR": "/run/me"})]
    assert found == [
        "/var/run/docker.sock",
        "/run/me/docker.sock",
        "/run/podman/podman.sock",
        "/run/me/podman/podman.sock",
    ]


def test_only_a_listener_listens(tmp_path: Path) -> None:
    """A missing socket, a file and a socket that its listener left do not count."""
    path = tmp_path / "s"
    assert not sockets.listens(path)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))
        assert not sockets.listens(path)
        server.listen()
        assert sockets.listens(path)
    assert not sockets.listens(path)
    (tmp_path / "file").touch()
    assert not sockets.listens(tmp_path / "file")


def test_reason_is_the_innermost_sentence() -> None:
    """Of an error wrapped several times the system's own words are shown."""
    inner = OSError(2, "No such file or directory")
    outer = RuntimeError("wrapped")
    outer.__cause__ = ValueError("Connection aborted.", inner)
    assert sockets.reason(outer) == "no such file or directory"


def test_reason_of_an_unknown_error_is_its_text() -> None:
    """An error without any known cause speaks for itself."""
    assert sockets.reason(RuntimeError("odd.")) == "odd"
    assert sockets.reason(RuntimeError()) == "RuntimeError"
