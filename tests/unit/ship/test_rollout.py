"""A release asks what runs there, and then whoever types it, before it changes anything."""

import io
import sys
from dataclasses import dataclass, field, replace

import pytest

from deployment_drift.errors import DriftError
from deployment_drift.ship import rollout
from deployment_drift.ship.release import Release
from deployment_drift.ship.told import Running

IMAGE = f"r.example/shop@sha256:{'a' * 64}"
OTHER = f"r.example/shop@sha256:{'b' * 64}"


@dataclass
class Fake:
    """A target that notes what it is told."""

    now: Running | None = None
    done: list[str] = field(default_factory=list)

    def running(self) -> Running | None:
        """Return what runs."""
        return self.now

    def roll_out(self, release: Release) -> None:
        """Note a release, which then runs."""
        self.done.append(release.image)
        self.now = Running(release, release)

    def take_down(self) -> str:
        """Note it."""
        self.done.append("down")
        return "volume x"


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> Fake:
    """Give the target that is released to; nobody is at the terminal."""
    made = Fake()
    monkeypatch.setattr(rollout, "target", lambda *_: made)
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    return made


def test_same_release_twice_is_one(fake: Fake) -> None:
    """What runs already is not released again."""
    for _ in range(2):
        assert rollout.roll_out("engine", "", IMAGE, confirmed=True, anyway=False) == []
    assert fake.done == [IMAGE]


def test_a_change_by_hand_stops_a_release(fake: Fake) -> None:
    """Nothing is released over what somebody has changed, unless that is asked for."""
    rollout.roll_out("engine", "", IMAGE, confirmed=True, anyway=False)
    assert fake.now
    fake.now = replace(fake.now, found=replace(fake.now.found, memory=1))
    said = rollout.roll_out("engine", "", OTHER, confirmed=True, anyway=False)
    assert said[1:] == ["memory: told 512, now 1"]
    assert fake.done == [IMAGE]
    assert rollout.roll_out("engine", "", OTHER, confirmed=True, anyway=True) == []
    assert fake.done == [IMAGE, OTHER]


def test_nobody_says_yes(fake: Fake) -> None:
    """Without a terminal, a release and its end have to be confirmed on the command line."""
    with pytest.raises(DriftError, match="nothing was released") as raised:
        rollout.roll_out("engine", "", IMAGE, confirmed=False, anyway=False)
    assert raised.value.hint == "add --yes"
    with pytest.raises(DriftError, match="nothing was taken down"):
        rollout.take_down("engine", "", confirmed=False)
    assert fake.done == []
    assert rollout.take_down("engine", "", confirmed=True) == "volume x"


def test_a_target_that_is_not_there() -> None:
    """A target of another kind is refused, with those that there are."""
    with pytest.raises(DriftError, match="no target 'moon'") as raised:
        rollout.target("moon", "")
    assert raised.value.hint == "--target engine|swarm|kubernetes"
    with pytest.raises(DriftError, match="is not led to far"):
        rollout.target("kubernetes", "far")
