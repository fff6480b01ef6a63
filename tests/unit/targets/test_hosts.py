"""What a container is given, and what the artifact must never be given."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from docker.errors import APIError

from deployment_drift.engine import engines, firewall
from deployment_drift.engine.engines import Engine
from deployment_drift.scenes.container import TARGETS
from deployment_drift.scenes.drift import TARGETS as SERVERS
from deployment_drift.targets import hosts
from deployment_drift.targets.target import Target

ENGINE = Engine("tcp://127.0.0.1:1", "default", api="1.41")


def asked(target: Target) -> dict[str, Any]:
    """Return what the engine would be asked for."""
    with engines.opened(ENGINE) as client:
        return hosts.options(client, target)


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_artifact_runs_with_least_privilege(target: Target) -> None:
    """Where the artifact runs it has a read-only root, no capability, and limits; never less."""
    given = asked(target)
    assert given["read_only"] is True
    assert (given["cap_drop"], given["cap_add"]) == (["ALL"], [])
    assert given["security_opt"] == ["no-new-privileges"]
    assert {given["pids_limit"], given["mem_limit"]}.isdisjoint({None, 0, -1})
    assert sorted(given["tmpfs"]) == ["/run", "/tmp"]  # noqa: S108 - inside the host


@pytest.mark.parametrize("target", SERVERS, ids=lambda target: target.name)
def test_servers_are_as_their_images_say(target: Target) -> None:
    """The two servers of the problem are ordinary: nothing is taken from them."""
    assert not {"read_only", "cap_drop", "security_opt"} & asked(target).keys()


def test_capabilities_are_kept_one_by_one() -> None:
    """A hardened host that needs a capability is given that one back, and no other."""
    given = asked(Target("mail", "sha256:1", hardened=True, capabilities=("CHOWN",)))
    assert (given["cap_drop"], given["cap_add"]) == (["ALL"], ["CHOWN"])


def test_host_without_a_port_is_published_nowhere() -> None:
    """Where nobody waits for a server, no port is opened."""
    assert asked(Target("job", "sha256:1", port=0))["ports"] == {}


def failing(times: list[str]) -> Callable[[], object]:
    """Return what fails with these words, one after the other, and then does not."""

    def change() -> None:
        if times:
            raise APIError("500", explanation=times.pop(0))

    return change


def test_a_chain_that_another_engine_makes_anew_is_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """While another engine of this machine starts, the firewall's chains are missing: in turn."""
    turns = []

    @contextmanager
    def alone() -> Iterator[None]:
        turns.append(1)
        yield

    monkeypatch.setattr(firewall, "alone", alone)
    firewall.settled(failing([]))
    assert turns == []
    firewall.settled(failing([f"iptables failed: {firewall.NO_CHAIN}."]))
    assert turns == [1]
    with pytest.raises(APIError, match="port"):
        firewall.settled(failing(["port is taken"]))
    with pytest.raises(APIError, match="No chain"):
        firewall.settled(failing([firewall.NO_CHAIN] * 2))
