"""Room on the engine's disk."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from deployment_drift.engine.space import MIB, SpaceError, require


def engine(folder: str) -> Any:  # noqa: ANN401 -- stands for docker's client
    """Return a client of an engine that has its data there."""
    return SimpleNamespace(info=lambda: {"DockerRootDir": folder})


def test_full_disk_is_a_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """With 500 MB free it says how much there is, how much is needed, and what to type."""
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=500 * MIB))
    with pytest.raises(SpaceError, match=r"Only 500 MiB are free.*1500 MiB") as error:
        require(engine(str(tmp_path)), 1500 * MIB)
    assert "clean" in error.value.hint
    require(engine(str(tmp_path)), 400 * MIB)


def test_engine_elsewhere_is_not_judged() -> None:
    """An engine whose disk is not this machine's cannot be asked for its room."""
    require(engine(str(Path("/no/such/folder"))), 2**60)
