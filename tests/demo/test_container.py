"""The cure, played for real: one image that runs as both."""

from pathlib import Path
from typing import Any

import docker
import pytest

from deployment_drift import scenes
from deployment_drift.compare.comparison import Verdict
from deployment_drift.engine import ownership
from deployment_drift.events import Event, HostJoined
from deployment_drift.run import play
from tests.demo.conftest import Filters, Invoke, only

Document = dict[str, Any]


@pytest.fixture(scope="module")
def container(invoke: Invoke) -> Document:
    """Give the JSON document of one real `invoke demo-container`."""
    document: Document = invoke("demo-container", "--json").document(status=0)
    return document


def mine() -> Filters:
    """Return the filter for what this user's sessions have started."""
    return {"label": [ownership.LABEL, f"{ownership.OWNER}={ownership.owner()}"]}


def test_verdict_is_parity(container: Document) -> None:
    """One image that runs twice is the same twice."""
    assert container["verdict"] == "parity"


def test_both_hosts_are_one_image(container: Document) -> None:
    """Both hosts run the same image id, and that is a check of its own."""
    local, release = (host["image"] for host in container["hosts"])
    assert local == release
    assert local.startswith("sha256:")
    (image,) = (check for check in container["checks"] if check["name"] == "image")
    assert image["verdict"] == "parity"


def test_only_the_env_file_makes_a_difference(container: Document) -> None:
    """What differs is what local.env and release.env set, and each of it is allowed."""
    verdicts = {check["name"]: check["verdict"] for check in container["checks"]}
    allowed = {name for name, verdict in verdicts.items() if verdict == "allowed"}
    assert allowed == {
        "mail_program",
        "cli_mail_program",
        "every_setting",
        "every_cli_setting",
        "php_environment",
    }
    assert set(verdicts.values()) == {"parity", "allowed", "not applicable"}
    assert container["unneeded"] == []


def test_the_shop_works(container: Document) -> None:
    """The same pages that fail on the release server answer here."""
    answers = {check["name"]: check["observations"][1]["value"] for check in container["checks"]}
    assert answers["offer"] == 31
    assert "Sencha" in answers["find"]
    assert answers["photo"] == 5 * 1024 * 1024


def test_artifact_has_no_privileges(docker_client: docker.DockerClient) -> None:
    """While the scene runs, the engine itself says that both hosts may do as little as promised."""
    seen: list[dict[str, Any]] = []

    def look(event: Event) -> None:
        if isinstance(event, HostJoined):
            ours = docker_client.containers.list(filters=mine())
            seen.extend(c.attrs for c in ours if c.attrs["Config"]["Hostname"] == event.host.name)

    play(only("container", "engine", "bases", "images", "hosts"), look)
    assert len(seen) == 2
    for attrs in seen:
        given = attrs["HostConfig"]
        assert attrs["Config"]["User"] == "www-data"
        assert given["ReadonlyRootfs"]
        assert not given["Privileged"]
        assert (given["CapDrop"], given["CapAdd"] or []) == (["ALL"], [])
        assert "no-new-privileges" in given["SecurityOpt"]
        assert 0 < given["PidsLimit"] <= 200
        assert 0 < given["Memory"] <= 512 * 2**20
        assert set(given["Tmpfs"]) == {"/tmp", "/run"}  # noqa: S108 -- inside


def test_container_changed_behind_the_back_is_drift(docker_client: docker.DockerClient) -> None:
    """A file changed in one running container turns the cure into a drift, and into exit 1."""

    def tamper(event: Event) -> None:
        if isinstance(event, HostJoined) and event.host.name == "release":
            ours = docker_client.containers.list(filters=mine())
            release = next(c for c in ours if c.attrs["Config"]["Hostname"] == "release")
            # the container cannot write to its own root: only who owns the engine's disk can
            disk = Path(release.attrs["GraphDriver"]["Data"]["MergedDir"])
            page = disk / "var/www/shop/public/offer.php"
            page.write_text(page.read_text() + "<!-- changed -->")

    report = play(scenes.find("container"), tamper)
    assert (report.verdict, report.status) == (Verdict.DRIFT, 1)
    differing = {c.check.name for c in report.comparisons if c.verdict is Verdict.DRIFT}
    assert "every_deployed_file" in differing
