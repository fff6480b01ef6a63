"""The sh file that takes a snapshot, with all that it asks."""

from pathlib import Path

from deployment_drift.compare import checks
from deployment_drift.compare.comparison import Comparison
from deployment_drift.probe.questions import Questions
from deployment_drift.probe.script import script
from tests.unit.probe.test_script import printed


def test_every_check_is_answered(tmp_path: Path) -> None:
    """No check of this project asks a host itself: the script asks all that they need."""
    file = tmp_path / "web-1"
    file.write_bytes(printed(["sh"], script(Questions(secret="k" * 32, patience=2))))
    seen: dict[str, list[str]] = {}

    def note(made: Comparison) -> None:
        seen[made.check.name] = [each.reason for each in made.observations.values()]

    checks.run([str(file), str(file)], note)
    assert len(seen) > 100
    assert not [name for name, said in seen.items() if "without this check" in "".join(said)]
