from pathlib import Path

import pytest

from deployment_drift.engine import bridge
from deployment_drift.errors import EngineError


def test_name_fits_and_is_the_folders_own() -> None:
    """A bridge's name fits into the kernel's 15 characters and differs from folder to folder."""
    one, other = (bridge.name(Path(folder)) for folder in ("/one", "/other"))
    assert one != other
    assert one == bridge.name(Path("/one"))
    assert len(one) <= 15


def test_bridge_that_cannot_be_made_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where even root may not make one, as in a container, the kernel's reason is told."""
    refusing = tmp_path / "ip"
    refusing.write_text("#!/bin/sh\necho 'Operation not permitted' >&2; exit 2\n", "utf-8")
    refusing.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(EngineError, match="no network bridge: Operation not permitted"):
        bridge.add(Path("/one"))
