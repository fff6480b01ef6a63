from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest

from deployment_drift.scenes.limits import kernel
from deployment_drift.targets import throwaway
from deployment_drift.targets.throwaway import Answer
from tests.fakes import serve


@pytest.mark.parametrize("status", [137, 0, 1])
def test_program_that_the_kernel_kills(monkeypatch: pytest.MonkeyPatch, status: int) -> None:
    """Its status says that it was killed: Podman does not always say that memory was the reason."""

    @contextmanager
    def container(*_: object, mem_limit: int, **__: object) -> Iterator[int]:
        yield status if mem_limit else 0

    monkeypatch.setattr(throwaway, "container", container)
    monkeypatch.setattr(throwaway, "ended", lambda status: Answer(status, ""))
    told: dict[str, bool] = {}
    with serve({"GET /health.php": "ok"}) as address:
        run: Any = SimpleNamespace(
            servers=[SimpleNamespace(image="sha256:1", url=f"http://{address}")],
            session=None,
            show=lambda name, *, holds, **_: told.update({name: holds}),
        )
        kernel.kill_one(run, SimpleNamespace())  # type: ignore[arg-type]
    assert told == {"killed_alone": status == 137, "unlimited_takes": True}
