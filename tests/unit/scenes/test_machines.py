"""The drift's scene on machines that somebody else has started."""

import pytest

from deployment_drift import show
from deployment_drift.cli import Command, Telling
from deployment_drift.errors import DriftError
from deployment_drift.paths import typed
from deployment_drift.scenes import find, machines
from tasks import namespace

YOURS = ("ssh://yuki@localhost:2222?sudo=true", "ssh://yuki@localhost:2223?sudo=true")


def test_your_own_machines_are_asked() -> None:
    """Nothing is built or started for them, and the story's checks are still required."""
    scene = machines.of(find("machines"), YOURS)
    assert (list(scene.steps), scene.images, scene.machines) == (["checks"], (), ())
    assert scene.requires == machines.SCENE.requires
    assert scene.expects == machines.SCENE.expects


def test_addresses_lead_to_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """`--local` and `--release` are handed on in this order, whatever the other options are."""
    played: list[object] = []
    monkeypatch.setattr(show, "on_machines", lambda *words: played.append(words))
    words = ["demo-drift", "--machines", "vm", "--release", YOURS[1], "--local", YOURS[0], "--full"]
    Command(namespace=namespace).run(["./invoke", *words])
    assert played == [("machines", Telling(full=True), list(YOURS))]


@pytest.mark.parametrize(("name", "hosts"), [("machines", YOURS[:1]), ("drift", YOURS)])
def test_two_machines_are_needed(name: str, hosts: tuple[str, ...]) -> None:
    """One address, or addresses for another scene, are refused with what to type."""
    with pytest.raises(DriftError, match="needs two of them") as raised:
        machines.of(find(name), hosts)
    assert raised.value.hint.startswith(typed("demo-drift --machines vm --local"))


def test_faulty_address_is_refused() -> None:
    """An address with a fault in it is refused before anybody is asked."""
    with pytest.raises(DriftError, match="has no scheme"):
        machines.of(find("machines"), ("nowhere", YOURS[1]))
