"""The problem scene, played for real: two servers that really differ."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docker
import pytest

from deployment_drift import scenes
from deployment_drift.claims import ledger
from deployment_drift.compare.comparison import Verdict
from deployment_drift.engine import ownership
from deployment_drift.events import Event, HostJoined
from deployment_drift.records import Status
from deployment_drift.run import play
from tests.demo.conftest import Filters, Invoke, quiet

Document = dict[str, Any]
MUST_DIFFER = {
    "php_version",
    "upload_limit",
    "memory_limit",
    "time_zone",
    "error_display",
    "short_tags",
    "extension_bcmath",
    "mail_transfer_agent",
    "library_icu",
    "library_openssl",
    "library_pcre",
}


@pytest.fixture(scope="module")
def drift(invoke: Invoke) -> Document:
    """Give the JSON document of one real `invoke demo-drift`."""
    document: Document = invoke("demo-drift", "--json").document(status=0)
    return document


@pytest.fixture
def seen(drift: Document) -> Callable[[str], tuple[Any, Any]]:
    """Give what a check saw, by its name: the values of local and of release."""
    checks = {check["name"]: check for check in drift["checks"]}

    def values(name: str) -> tuple[Any, Any]:
        local, release = checks[name]["observations"]
        assert (local["host"], release["host"]) == ("local", "release")
        return local["value"], release["value"]

    return values


def test_verdict_is_drift(drift: Document) -> None:
    """Two servers that two people set up drift."""
    assert drift["verdict"] == "drift"


def test_whatever_the_story_names_differs(drift: Document) -> None:
    """Versions, limits, time zone, an extension, mail and libraries differ."""
    differing = {check["name"] for check in drift["checks"] if check["verdict"] == "drift"}
    assert differing >= MUST_DIFFER


def test_ledger_of_claims_is_right(drift: Document) -> None:
    """Each check by which the ledger says that servers drift is one that drifts."""
    proofs = [proof for claim in ledger() for proof in claim.proofs if proof.scene == "drift"]
    claimed = {name for proof in proofs for name in proof.checks}
    assert claimed
    verdicts = {check["name"]: check["verdict"] for check in drift["checks"]}
    assert {name: verdicts[name] for name in claimed} == dict.fromkeys(claimed, "drift")


def test_every_host_was_asked_everything(drift: Document) -> None:
    """At least 60 checks, each with an answer from both hosts."""
    assert len(drift["checks"]) >= 60
    statuses = {each["status"] for check in drift["checks"] for each in check["observations"]}
    assert statuses == {"value", "absent"}


def test_versions(seen: Callable[[str], tuple[str, str]]) -> None:
    """The developer has PHP 8.4, the server has 8.2."""
    local, release = seen("php_version")
    assert local.startswith("8.4.")
    assert release.startswith("8.2.")


def test_silent_damage(seen: Callable[[str], tuple[Any, Any]]) -> None:
    """The same code gives another amount, and another hour, without any error."""
    assert seen("offer") == (31, 32)
    assert len(set(seen("delivery"))) == 2


def test_loud_damage(seen: Callable[[str], tuple[str, str]]) -> None:
    """A function that the server's PHP lacks is an HTTP 500 with an empty page."""
    local, release = seen("find")
    assert "Sencha" in local
    assert release == "500 (an empty page)"


def test_limits(seen: Callable[[str], tuple[Any, Any]]) -> None:
    """A photo of 5 MB is taken locally and refused by the release."""
    local, release = seen("photo")
    assert local == 5 * 1024 * 1024
    assert release.startswith("413 ")


def test_mail(seen: Callable[[str], tuple[Any, Any]]) -> None:
    """Local mails end in a catcher, the release has a real mail transfer agent."""
    assert seen("catcher_port") == (True, None)
    assert seen("smtp_port") == (None, True)


def test_equal_servers_are_no_drift(repository: Path) -> None:
    """With a release that is set up like local, the scene does not show what it claims."""
    shutil.rmtree(repository / "release")
    shutil.copytree(repository / "local", repository / "release")
    report = play(scenes.find("drift"), quiet, root=repository)
    assert (report.verdict, report.status) == (Verdict.PARITY, 1)


def test_host_that_dies_is_unknown(docker_client: docker.DockerClient) -> None:
    """Whatever a host is asked after its death is unknown: neither drift nor parity."""
    mine: Filters = {"label": [ownership.LABEL, f"{ownership.OWNER}={ownership.owner()}"]}

    def kill_release(event: Event) -> None:
        if isinstance(event, HostJoined) and event.host.name == "release":
            ours = docker_client.containers.list(filters=mine)
            next(c for c in ours if c.attrs["Config"]["Hostname"] == "release").kill()

    report = play(scenes.find("drift"), kill_release)
    assert (report.verdict, report.status) == (Verdict.UNKNOWN, 2)
    assert len(report.comparisons) >= 60
    for comparison in report.comparisons:
        local, release = comparison.observations.values()
        assert release.status is Status.UNKNOWN, comparison
        assert local.status is not Status.UNKNOWN, comparison
