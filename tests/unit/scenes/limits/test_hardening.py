from types import SimpleNamespace
from typing import Any

import pytest

from deployment_drift.scenes.limits import hardening
from deployment_drift.scenes.limits.hardening import ATTEMPTS, Attempt
from deployment_drift.targets import throwaway
from deployment_drift.targets.throwaway import Answer

RAW = next(each for each in ATTEMPTS if each.name == "no_raw_packets")
FLOOD = next(each for each in ATTEMPTS if each.name == "processes_limited")
ROOT = next(each for each in ATTEMPTS if each.name == "read_only_root")


def shown(
    monkeypatch: pytest.MonkeyPatch, attempt: Attempt, fact: str, hardened: int, careless: int
) -> tuple[str, bool | None]:
    """Return what is shown when the containers' attempts end with these statuses."""
    answers = {"hardened": Answer(0, f"{fact}\n{hardened}"), "careless": Answer(careless, "")}
    monkeypatch.setattr(throwaway, "ask", lambda asked, *_: answers[asked.name])
    told: list[tuple[str, bool | None]] = []
    run: Any = SimpleNamespace(show=lambda name, *, holds, **_: told.append((name, holds)))
    pair: list[Any] = [SimpleNamespace(name=name) for name in answers]
    hardening.try_both(run, attempt, *pair)
    (only,) = told
    return only


@pytest.mark.parametrize(
    ("attempt", "hardened", "careless", "expected"),
    [
        (RAW, 1, 0, ("no_raw_packets", True)),
        (RAW, 1, 1, ("raw_packets_alike", None)),  # an engine that lets nobody do it
        (RAW, 0, 0, ("raw_packets_alike", None)),
        (RAW, 0, 1, ("no_raw_packets", False)),
        (ROOT, 1, 0, ("read_only_root", True)),
        (ROOT, 0, 0, ("read_only_root", False)),  # no engine decides about that
    ],
)
def test_engine_that_decides_alike(
    monkeypatch: pytest.MonkeyPatch,
    attempt: Attempt,
    hardened: int,
    careless: int,
    expected: tuple[str, bool | None],
) -> None:
    """Only what an engine may decide for both is left open; all else must differ."""
    assert shown(monkeypatch, attempt, attempt.expected, hardened, careless) == expected


@pytest.mark.parametrize(("hardened", "careless"), [(0, 0), (1, 1), (1, 0)])
def test_hardening_that_is_not_there(
    monkeypatch: pytest.MonkeyPatch, hardened: int, careless: int
) -> None:
    """Where the fact is not as expected, nothing is left open: the hardening is gone."""
    told = shown(monkeypatch, RAW, "000001ffffffffff", hardened, careless)
    assert told == ("no_raw_packets", False)


@pytest.mark.parametrize(
    ("set_", "driver", "expected"),
    [
        (200, "cgroupfs", "processes_limited"),
        (0, "cgroupfs", "limits_ignored"),  # Podman
        (200, "none", "limits_ignored"),  # Docker
    ],
)
def test_engine_that_ignores_limits(set_: int, driver: str, expected: str) -> None:
    """An engine without cgroups takes a limit and sets none, so that nothing can be asked of it."""
    told: list[str] = []
    run: Any = SimpleNamespace(show=lambda name, **_: told.append(name))
    attrs = {"HostConfig": {"PidsLimit": set_}}
    client = SimpleNamespace(info=lambda: {"CgroupDriver": driver})
    hardened: Any = SimpleNamespace(name="hardened", attrs=attrs, client=client)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(throwaway, "ask", lambda *_: Answer(0, "200\n1"))
        hardening.try_both(run, FLOOD, hardened, hardened)
    assert told == [expected]
