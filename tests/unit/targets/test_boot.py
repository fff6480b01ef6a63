"""What a machine's console says while it boots, and what is said when it does not."""

from time import monotonic
from types import SimpleNamespace
from typing import Any

import pytest

from deployment_drift.parallel import Cancel
from deployment_drift.targets import boot
from deployment_drift.targets.boot import RefusedError, SilentError

SAID = "host key: ssh-ed25519 AAAA web\nDebian boots\nServer listening on 0.0.0.0 port 22.\n"


def container(said: str, status: str = "running") -> Any:  # noqa: ANN401 -- stands for docker's
    """Return a container in which QEMU has said that."""
    return SimpleNamespace(logs=said.encode, reload=lambda: None, status=status)


def wait(machine: Any, late: float) -> str:  # noqa: ANN401 -- stands for docker's
    """Wait for a machine that was given three seconds."""
    return boot.wait("web", machine, 3, late, Cancel())


def test_booted_machine_gives_its_key() -> None:
    """A machine has booted when its sshd listens, and is known by the key that it has shown."""
    assert wait(container(SAID), monotonic() + 3) == "ssh-ed25519 AAAA"


def test_machine_that_ended_is_told_from_one_that_is_late() -> None:
    """QEMU that ends, and a machine that hangs, are two errors, each with the last words."""
    with pytest.raises(RefusedError, match="ended before it had booted") as refused:
        wait(container("no such CPU\n", "exited"), monotonic() + 3)
    assert refused.value.detail == "no such CPU"
    with pytest.raises(SilentError, match="had not booted within 3 s") as silent:
        wait(container(""), monotonic() - 1)
    assert silent.value.detail == "(it has said nothing)"
