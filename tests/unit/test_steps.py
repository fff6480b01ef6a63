"""What scenes share."""

from pathlib import Path

from deployment_drift.steps import env_file


def test_env_file_is_read_as_docker_reads_it(tmp_path: Path) -> None:
    """Comments and blank lines are left out; a value may hold an equals sign and quotes."""
    file = tmp_path / "local.env"
    file.write_text("# mail\n\nMAIL_HOST=catcher\nOPTIONS=a=b\nQUOTED='x'\nEMPTY=\n")
    expected = {"MAIL_HOST": "catcher", "OPTIONS": "a=b", "QUOTED": "'x'", "EMPTY": ""}
    assert env_file(file) == expected
