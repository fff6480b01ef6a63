"""What a container does not give, played for real: kernel, isolation, CPU, surroundings."""

import os

import pytest

from deployment_drift.compare.comparison import Verdict
from deployment_drift.engine.engines import Engine
from deployment_drift.events import Event, Report, Shown
from deployment_drift.run import play
from deployment_drift.scene import Scene
from deployment_drift.scenes import find
from deployment_drift.scenes.limits import architecture, hardening
from deployment_drift.targets import emulation
from tests.demo.conftest import only, too_wide
from tests.demo.typist import Typist


@pytest.fixture(scope="module")
def typist(engine: Engine) -> Typist:
    """Give who plays the scene, and types by hand what its steps say."""
    assert engine
    return Typist(find("limits"))


@pytest.fixture(scope="module")
def played(typist: Typist) -> Report:
    """Give what the scene came to, played once."""
    return typist.play()


def values(report: Report, name: str) -> dict[str, object]:
    """Return what a statement was told with."""
    return next(dict(each.values) for each in report.statements if each.name == name)


def holds(report: Report, name: str) -> bool | None:
    """Return whether a statement holds."""
    return next(each.holds for each in report.statements if each.name == name)


def test_every_statement_holds(played: Report) -> None:
    """All that could be asked here holds; what was only said is the one on Windows."""
    assert played.verdict is Verdict.SHOWN
    assert played.status == 0
    assert [each.name for each in played.statements if each.holds is None] == ["windows_containers"]


def test_sentences_can_be_read_from_the_last_row(played: Report) -> None:
    """With the values of a real run, each sentence is short enough in each language."""
    assert too_wide((each.name, each.values) for each in played.statements) == []


@pytest.mark.usefixtures("played")
def test_what_could_be_typed_gives_what_was_shown(typist: Typist) -> None:
    """Each command of the steps, typed by hand, gives something that the stage showed."""
    assert len(typist.typed) == 4
    assert typist.mistaken() == []


def test_one_kernel(played: Report) -> None:
    """Host and containers have one kernel, started once."""
    seen = values(played, "one_kernel")
    assert seen["kernel"] == os.uname().release


def test_machine_has_its_own_kernel(played: Report) -> None:
    """A virtual machine's kernel is another one, and its processes are not its host's."""
    assert holds(played, "machine_kernel")
    assert holds(played, "machine_unseen")
    seen = values(played, "machine_unseen")
    assert int(str(seen["inside"])) > 10
    assert seen["outside"] == 1


def test_host_sees_more(played: Report) -> None:
    """The host sees all processes, the container its own."""
    seen = values(played, "host_unseen")
    assert 0 < int(str(seen["inside"])) < int(str(seen["outside"]))


def test_only_the_greedy_one_is_killed(played: Report) -> None:
    """Who takes more memory than allowed is killed, and both other containers still answer."""
    seen = values(played, "killed_alone")
    assert (seen["status"], seen["answering"]) == (137, 2)
    assert holds(played, "unlimited_takes")


@pytest.mark.parametrize("attempt", [*hardening.ATTEMPTS, hardening.MOUNT], ids=lambda a: a.name)
def test_hardening_refuses_what_carelessness_allows(
    played: Report, attempt: hardening.Attempt
) -> None:
    """Each attempt fails in the hardened container, for its reason, and works in a careless one."""
    seen = values(played, attempt.name)
    assert seen == {"fact": attempt.expected, "refused": True, "careless": True}


def test_emulation_has_a_price(played: Report) -> None:
    """Another CPU's program takes longer, and both times are told with their spread."""
    native, emulated = played.measurements
    assert (native.subject, emulated.subject) == architecture.SUBJECTS
    assert float(native.value) < float(emulated.value)
    assert values(played, "exec_format_error")["error"]


def test_image_does_not_bring_its_surroundings(played: Report) -> None:
    """One image id, and still environment, files, data, kernel settings and CPUs differ."""
    assert values(played, "differing_variables") == {"here": "local", "there": "release"}
    assert values(played, "differing_data") == {"here": "0", "there": "2"}


def holding(scene: Scene) -> dict[str, bool | None]:
    """Play a scene that ends well, and return which of its statements hold."""
    heard: list[Event] = []
    assert play(scene, heard.append).status == 0
    return {each.name: each.holds for each in heard if isinstance(each, Shown)}


def test_engine_that_refuses_a_capability(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the engine does not give a capability, that is a sentence, and all else is shown."""
    monkeypatch.setattr(hardening, "CAPABILITY", "NO_SUCH")
    seen = holding(
        only("limits", "engine", "bases", "images", "disks", "hosts", "isolation", "stop")
    )
    assert seen.pop("capability_refused") is None
    assert seen == {attempt.name: True for attempt in hardening.ATTEMPTS}


@pytest.mark.parametrize(
    "rights",
    [("--cap-add", "NO_SUCH"), ()],
    ids=["capability refused", "mount refused"],
)
def test_list_that_cannot_be_changed(
    monkeypatch: pytest.MonkeyPatch, rights: tuple[str, ...]
) -> None:
    """Without binfmt_misc, or the right to change it, only the price is missing."""
    monkeypatch.setattr(emulation, "RIGHTS", rights)
    seen = holding(only("limits", "engine", "bases", "images", "cpu", "stop"))
    assert seen == {"built_for": True, "emulation_impossible": None, "exec_format_error": True}
