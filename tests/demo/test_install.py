"""The package as others install it."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

from deployment_drift import paths


def test_kept_shell_in_somebody_elses_suite(tmp_path: Path) -> None:
    """A wheel holds the package's data, and its kept shell serves a suite of strangers."""
    source = tmp_path / "source"  # a build leaves its own files beside what it builds
    shutil.copytree(paths.root() / "deployment_drift", source / "deployment_drift")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(paths.root() / name, source)
    pip = [sys.executable, "-m", "pip", "-q", "--disable-pip-version-check"]
    wheels = tmp_path / "wheels"
    subprocess.run([*pip, "wheel", "--no-deps", "-w", wheels, source], check=True)
    (wheel,) = wheels.glob("*.whl")
    with zipfile.ZipFile(wheel) as packed:
        names = set(packed.namelist())
        packed.extractall(tmp_path / "installed")
    data = [path for path in (paths.root() / "deployment_drift").rglob("*") if path.is_file()]
    wanted = {
        str(path.relative_to(paths.root())) for path in data if "__pycache__" not in path.parts
    }
    assert wanted <= names
    (tmp_path / "suite").mkdir()
    (tmp_path / "suite" / "test_it.py").write_text(
        "def test_it(host):\n    assert host.check_output('echo kept') == 'kept'\n"
    )
    program = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "deployment_drift.probe.shell",
        "--hosts=shell+local://",
        "suite",
    ]
    environment = {"PYTHONPATH": str(tmp_path / "installed"), "PATH": "/usr/bin:/bin"}
    subprocess.run(program, cwd=tmp_path, env=environment, check=True)
