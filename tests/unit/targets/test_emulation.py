"""Why the kernel's list cannot be changed, in one line."""

import pytest

from deployment_drift.targets import emulation


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (
            b"mount: permission denied (are you root?)\n",
            "mount: permission denied (are you root?)",
        ),
        (
            b"docker: Error response from daemon: invalid CapAdd\n\nRun 'docker run --help'\n",
            "Error response from daemon: invalid CapAdd",
        ),
        (b"", "the container ended"),
    ],
)
def test_reason(said: bytes, reason: str) -> None:
    """The last telling line counts, without the client's name and its advice."""
    assert emulation._impossible(said).what == reason  # noqa: SLF001 -- the line is the rule
