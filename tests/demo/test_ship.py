"""Shipping, played for real: a registry, a second engine, and customers."""

from pathlib import Path

import docker
import pytest
from playwright.sync_api import Browser, expect

from deployment_drift import paths, scenes
from deployment_drift.engine.engines import Engine
from deployment_drift.events import Report, Shown
from deployment_drift.run import opened
from deployment_drift.stage.watch import watched
from tests.demo.conftest import too_wide
from tests.demo.typist import Typist
from tests.pictured import Pictured, done

ENDS = """() => {
    const boxes = [...document.querySelectorAll("svg .container")];
    const over = (way, point) => boxes.find((each) => {
        const { left, right } = each.getBoundingClientRect();
        const { x } = point.matrixTransform(way.getScreenCTM());
        return left < x && x < right;
    }).querySelector(".name").textContent;
    return [...document.querySelectorAll("svg .way")].map((way) =>
        [0, way.getTotalLength()].map((end) => over(way, way.getPointAtLength(end))));
}"""
"""From which container to which each arrow of the picture leads."""


@pytest.fixture(scope="session")
def pictured() -> Pictured:
    """Give what the pages for a beamer are told of that playing."""
    return Pictured()


@pytest.fixture(scope="session")
def typist() -> Typist:
    """Give who types at that playing's steps."""
    return Typist(scenes.find("ship"))


@pytest.fixture(scope="session")
def ship(engine: Engine, pictured: Pictured, typist: Typist) -> Report:
    """Give what one real playing of the scene came to, in which one step was played again."""
    assert engine
    scene = typist.scene
    with opened(watched(scene), pictured, typist.stage) as run:
        for name in scene.steps:
            for _ in range(1 + (name == "roll_back")):
                run.play(name)
            typist.type()
    return run.report()


@pytest.mark.usefixtures("ship")
def test_what_could_be_typed_gives_what_was_shown(typist: Typist) -> None:
    """Each command of the steps, typed by hand, gives something that the stage showed."""
    assert len(typist.typed) == 3
    assert typist.mistaken() == []


def told(report: Report, name: str) -> Shown:
    """Return a statement, which holds."""
    (shown,) = (each for each in report.statements if each.name == name)
    assert shown.holds, shown
    return shown


def figure(report: Report, subject: str, name: str) -> float:
    """Return what was measured."""
    (found,) = (
        e
        for e in report.measurements
        if (e.subject, e.figure) == (f"ship_{subject}", f"ship_{name}")
    )
    return float(found.value)


def test_scene_shows_what_it_claims(ship: Report) -> None:
    """Everything that is said holds, here and there answer alike, and it can be read."""
    assert (ship.status, ship.verdict, ship.missing) == (0, ship.expects, ())
    assert [each.name for each in ship.statements if not each.holds] == []
    assert ship.unneeded == ()
    assert too_wide((each.name, each.values) for each in ship.statements) == []


def test_one_digest_from_build_to_host(ship: Report) -> None:
    """Build, registry, second engine and both hosts have one digest, and the same files inside."""
    assert told(ship, "empty").values["count"] == 0
    assert told(ship, "one_digest").values["count"] == 5
    assert told(ship, "one_sum")
    assert len({host.image for host in ship.hosts}) == 1
    assert ship.hosts[0].image.startswith("sha256:")


def test_only_what_changed_is_moved(ship: Report) -> None:
    """One changed file costs less than a thousandth of the first time, on both ways."""
    assert figure(ship, "first", "pushed") > 50e6
    assert figure(ship, "first", "pulled") > 50e6
    assert figure(ship, "next", "pushed") <= 50 * 2**10
    assert figure(ship, "next", "pulled") <= 50 * 2**10


def test_no_order_is_lost(ship: Report) -> None:
    """While versions change, every request is answered well, and every order is kept."""
    answered, kept = told(ship, "all_answered").values, told(ship, "no_order_lost").values
    assert int(str(answered["count"])) >= 1000
    assert (answered["failed"], kept["lost"]) == (0, 0)
    assert int(str(kept["count"])) >= 100


def test_new_version_is_asked_before_customers_see_it(ship: Report) -> None:
    """It is asked every check, and differs in nothing but the one file."""
    values = told(ship, "asked_first").values
    assert values["differ"] == "every_deployed_file"
    assert int(str(values["same"])) > 100


def test_tag_drifts_and_digest_does_not(ship: Report) -> None:
    """A tag that was moved gives two releases, a digest one, an altered layer none."""
    moved = told(ship, "tag_moved").values
    assert moved["one"] != moved["other"]
    assert told(ship, "digest_stays").values["digest"] == moved["one"]
    assert "digest" in str(told(ship, "refused").values["said"])


def test_nothing_of_a_registry_is_left(ship: Report, docker_client: docker.DockerClient) -> None:
    """What was pushed has no name on the user's engine any more, nor is a way to another left."""
    assert ship
    names = [tag for image in docker_client.images.list() for tag in image.tags]
    assert [name for name in names if name.endswith("/deployment-drift/shop")] == []
    assert [name for name in names if "/deployment-drift/shop:" in name] == []
    assert list((paths.state() / "engines").glob("*/*")) == []


def test_way_through_the_registry_is_drawn(
    ship: Report, pictured: Pictured, browser: Browser, tmp_path: Path
) -> None:
    """On the page for the beamer an image goes from here to the registry, and on to the release."""
    assert ship
    page = pictured.page(browser, tmp_path, done("run"))
    assert page.evaluate(ENDS) == [["local", "registry"], ["registry", "engine"]]
    expect(page.locator("svg .inner")).to_have_text(["release"])
    page.close()
