"""The sh file that takes a snapshot, with all that it asks."""

from pathlib import Path

import pytest

from deployment_drift import paths
from deployment_drift.compare import checks, suite
from deployment_drift.compare.comparison import Comparison
from deployment_drift.compare.project import Project
from deployment_drift.probe.questions import Questions, WebPage
from deployment_drift.probe.script import KEY, fingerprint, script
from deployment_drift.probe.snapshot import read
from tests.unit.probe.test_script import printed

GIVEN = "a-key-of-somebody-that-is-long-enough"


@pytest.fixture(scope="module")
def taken(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Give a snapshot of this machine that the script has printed."""
    file = tmp_path_factory.mktemp("taken") / "web-1"
    file.write_bytes(printed(["sh"], script(Questions(secret="k" * 32, patience=2))))
    return str(file)


def test_every_check_is_answered(taken: str) -> None:
    """No check of this project asks a host itself: the script asks all that they need."""
    seen: dict[str, list[str]] = {}

    def note(made: Comparison) -> None:
        seen[made.check.name] = [each.reason for each in made.observations.values()]

    checks.run([taken, taken], note)
    assert len(seen) > 100
    assert not [name for name, said in seen.items() if "without this check" in "".join(said)]


def test_pytest_compares_the_same(taken: str, tmp_path: Path) -> None:
    """Whether this project's checks are asked by pytest or without it, all is the same."""
    file = tmp_path / "drift.toml"
    file.write_text("ignore = ['/etc/*']\n[[pages]]\npath = '/up'\n")
    said = Project(file, ignore=("/etc/*",), pages=(WebPage("/up"),))
    heard: list[Comparison] = []
    again: list[Comparison] = []
    checks.run([taken, taken], heard.append, said=said)
    suite.run([taken, taken], again.append, paths.checks(), said, None)
    assert heard == again
    assert len({each.verdict for each in heard}) > 1


@pytest.mark.usefixtures("short_program")
def test_the_key_of_the_environment_goes_first(shell: list[str], tmp_path: Path) -> None:
    """DRIFT_KEY is the key, in every sh, and does not stay in the environment."""
    path = tmp_path / "web-1"
    path.write_bytes(printed(shell, script(Questions(patience=2)), **{KEY: GIVEN}))
    assert read(path).key == fingerprint(GIVEN)
    assert KEY not in read(path).sections["environ"].text
    assert GIVEN.encode() not in path.read_bytes()
