"""The kinds of virtualization, drawn as the chapter has them and as runs have found them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from rich.cells import cell_len

from deployment_drift.compare.comparison import Verdict
from deployment_drift.events import Measured, Report, SceneStarted
from deployment_drift.report.figures import DRAWN
from deployment_drift.report.language import LANGUAGES, Language, load
from deployment_drift.report.terminal import console
from deployment_drift.stage import kinds as kinds_module
from deployment_drift.stage.kinds import drawing, kinds
from deployment_drift.stage.recording import Recording

HOST = "virtual Some Cloud, system Linux 6.12.94"
HOSTED = "machines QEMU, guest Linux 6.1, application PHP"
PLAYED = {
    "startup": {
        "container": f"{HOST}, application PHP",
        "host_type": f"{HOST}, {HOSTED}",
    },
    "hypervisor": {
        "container": f"{HOST}, application PHP",
        "xen": "computer QEMU, hypervisor Xen 4.17.7, guest 3 x Linux 6.1, application PHP",
    },
    "nested": {"nested": f"computer QEMU, both Linux 6.1 + KVM, {HOSTED}"},
}


def recorded(scene: str, layers: Mapping[str, str]) -> Recording:
    """Return a recording of a scene that has found these layers."""
    measured = tuple(Measured(name, DRAWN, value) for name, value in layers.items())
    report = Report(scene, Verdict.SHOWN, Verdict.SHOWN, (), (), (), measurements=measured)
    day = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
    return Recording(day, SceneStarted(scene, Verdict.SHOWN, ()), {}, report)


@pytest.fixture
def played(monkeypatch: pytest.MonkeyPatch) -> dict[str, Recording]:
    """Give what was played, which is all; a test may take some of it away."""
    found = {scene: recorded(scene, layers) for scene, layers in PLAYED.items()}
    monkeypatch.setattr(kinds_module, "last", found.get)
    return found


def drawn(language: Language, told: Report | None = None, when: str = "") -> list[str]:
    """Return the lines of the drawing."""
    screen = console()
    with screen.capture() as said:
        screen.print(drawing(language, told, when))
    return said.get().splitlines()


def lowest_line(lines: Sequence[str]) -> int:
    """Return where the two emulated computers stand beside each other."""
    return max(n for n, each in enumerate(lines) if each.count("QEMU") == 2)


def test_only_a_container_has_no_guest_system() -> None:
    """The drawings say what the chapter says: who has a host system, who has guests, and where."""
    layers = {kind["name"]: [layer for layer, *_ in kind["layers"]] for kind in kinds(load("en"))}
    assert layers == {
        "hosted": ["application", "guest", "machines", "system", "hardware"],
        "hypervisor": ["application", "guest", "hypervisor", "hardware"],
        "container": ["application", "engine", "system", "hardware"],
    }


@pytest.mark.usefixtures("played")
def test_each_way_stands_beside_the_others_as_it_was_found() -> None:
    """A way's layers are those of its run, from the top down, and below its own kind."""
    ways = [way for kind in kinds(load("en")) for way in kind["ways"]]
    found = [[f"{kind} {name}".rstrip() for kind, _, name in reversed(way.layers)] for way in ways]
    assert [", ".join(each) for each in found] == [
        PLAYED["startup"]["host_type"],
        PLAYED["hypervisor"]["xen"],
        PLAYED["nested"]["nested"],
        PLAYED["startup"]["container"],
    ]


@pytest.mark.usefixtures("played")
@pytest.mark.parametrize("code", LANGUAGES)
def test_one_drawing_has_them_all(code: str) -> None:
    """Each kind is a stack in 100 columns, the lowest layers are in line; the border is said."""
    language = load(code)
    lines = drawn(language)
    assert max(map(cell_len, lines)) <= 100
    for kind in kinds(language):
        assert kind["title"] in "\n".join(lines)
    assert lowest_line(lines) > max(n for n, line in enumerate(lines) if "Xen 4.17.7" in line)
    assert language.say("statements.border") in lines
    assert all(line.strip() for line in lines[: lowest_line(lines)])


def test_what_was_not_played_is_not_drawn(played: dict[str, Recording]) -> None:
    """It is said to be not played, with what plays it, or that an older version has recorded it."""
    del played["nested"]
    played["hypervisor"] = recorded("hypervisor", {"xen": "Xen, Linux"})
    ways = {way.typed: way for kind in kinds(load("en")) for way in kind["ways"]}
    xen, kvm = (ways[f"./invoke demo-startup --hypervisor {each}"] for each in ("xen", "kvm"))
    assert (xen.layers, kvm.layers) == ((), ())
    assert xen.when == load("en").say(
        "ways.older", when=f"found {played['hypervisor'].when}", command=xen.typed
    )
    assert kvm.when == load("en").say("ways.unplayed", command=kvm.typed)
    said = "\n".join(drawn(load("en")))
    assert "Xen 4" not in said
    assert len(re.findall("not played:", said)) == 1


@pytest.mark.parametrize(
    ("below", "label", "name"),
    [
        ("hardware EPYC", "Hardware", "EPYC"),
        ("virtual Some Cloud", "Another hypervisor (host is virtual)", "Some Cloud"),
        ("virtual", "Another hypervisor (host is virtual)", ""),
        ("unseen aarch64", "Hardware or a hypervisor: not told", "aarch64"),
    ],
)
def test_lowest_layer_is_what_was_found(
    played: dict[str, Recording], below: str, label: str, name: str
) -> None:
    """Below the host's system stands what its processor tells: hardware, or one more hypervisor."""
    layers = {"container": f"{below}, system Linux 6.12, application PHP"}
    played["startup"] = recorded("startup", layers)
    (container,) = (kind["ways"][0] for kind in kinds(load("en")) if kind["name"] == "container")
    assert container.layers[-1][1:] == (label, name)
    assert name in "\n".join(drawn(load("en")))


def test_hardware_that_nobody_looked_at_is_not_drawn(played: dict[str, Recording]) -> None:
    """An older version called hardware whatever it ran on, and had no name for it."""
    played["startup"] = recorded("startup", {"container": "hardware, system Linux 6.12"})
    (container,) = (kind["ways"][0] for kind in kinds(load("en")) if kind["name"] == "container")
    assert container.layers == ()


def test_a_run_that_found_less_leaves_the_one_before(played: dict[str, Recording]) -> None:
    """A scene that ends early has found nothing, and what was recorded is drawn."""
    early = replace(played["startup"].report, measurements=())
    said = "\n".join(drawn(load("en"), early))
    assert said.count("found 2026-11-26") == 4


def test_what_was_just_found_goes_before_what_was_recorded(played: dict[str, Recording]) -> None:
    """A scene that ends draws its own layers, whatever its run before has found."""
    report = recorded("nested", {"nested": "computer QEMU, both Linux 7.0 + KVM"}).report
    said = "\n".join(drawn(load("en"), report))
    assert "Linux 7.0 + KVM" in said
    assert said.count("found just now") == 1
    assert said.count("found 2026-11-26") == 3
    replayed = "\n".join(drawn(load("en"), report, "2025-01-01 09:00"))
    assert "found 2025-01-01 09:00" in replayed
    assert "just now" not in replayed
    del played["startup"], played["nested"]
    failed = recorded("nested", {}).report
    assert "\n".join(drawn(load("en"), failed)).count("not played") == 3


def test_a_hypervisor_of_ones_own_is_drawn_where_it_works(played: dict[str, Recording]) -> None:
    """Where the computer's own KVM has started a guest, that is one more way."""
    assert len([way for kind in kinds(load("en")) for way in kind["ways"]]) == 4
    own = {"hypervisor": "hardware EPYC, both Linux 6.12 + KVM, machines QEMU, guest Linux 6.1"}
    played["startup"] = recorded("startup", PLAYED["startup"] | own)
    (hypervisor,) = (kind for kind in kinds(load("en")) if kind["name"] == "hypervisor")
    assert [len(way.layers) for way in hypervisor["ways"]] == [4, 5, 4]


def test_what_a_guest_calls_itself_is_harmless(played: dict[str, Recording]) -> None:
    """A name from a run moves no cursor."""
    played["nested"] = recorded("nested", {"nested": "computer QEMU\x1b[2J, guest Linux"})
    assert "\x1b[2J" not in "\n".join(drawn(load("en")))
    played["nested"] = replace(played["nested"], day=datetime(2026, 1, 1, tzinfo=UTC))
    assert "2026-01-01" in "\n".join(drawn(load("en")))
