"""What an engine is asked for when it runs a release."""

from deployment_drift.ship import container
from deployment_drift.ship.release import Release

RELEASE = Release(
    image=f"r.example/shop@sha256:{'a' * 64}",
    env={"SHOP_STAGE": "release"},
    user=33,
    port=8080,
    health=["true"],
    memory=256,
    pids=50,
    replicas=2,
    spool="/var/spool/shop",
)


def test_release_is_run_as_it_says() -> None:
    """User, variables, limits, health and spool are the release's; it may do little."""
    asked = container.options(RELEASE, "spool", 8081)
    assert (asked["user"], asked["environment"]) == ("33", {"SHOP_STAGE": "release"})
    assert (asked["mem_limit"], asked["pids_limit"]) == ("256m", 50)
    assert (asked["read_only"], asked["cap_drop"]) == (True, ["ALL"])
    assert asked["healthcheck"]["test"] == ["CMD", "true"]
    assert asked["volumes"] == {"spool": {"bind": "/var/spool/shop"}}
    assert asked["ports"] == {"8080/tcp": 8081}
    assert container.options(RELEASE, "spool")["ports"] == {}
