import subprocess
from pathlib import Path
from subprocess import PIPE

from deployment_drift.engine import daemon


def test_strangers_are_not_ours(tmp_path: Path) -> None:
    """A process that merely names our folder is none of the engine's."""
    with subprocess.Popen(["sleep", "100"], cwd=tmp_path) as stranger:
        assert daemon.processes(tmp_path) == {}
        assert daemon.pid(tmp_path) is None
        daemon.terminate(tmp_path, 1)
        assert stranger.poll() is None
        stranger.kill()


def test_program_named_as_an_engine_is_found_by_its_folder(tmp_path: Path) -> None:
    """An engine's process is known by its program and by the folder in its words."""
    words = ["containerd", "-c", f"echo; read line; : {tmp_path}/exec"]
    with subprocess.Popen(words, executable="/bin/sh", stdin=PIPE, stdout=PIPE) as process:
        assert process.stdout
        process.stdout.readline()  # only now the kernel is sure to show its words
        assert list(daemon.processes(tmp_path)) == [process.pid]
        assert daemon.processes(tmp_path / "other") == {}
        daemon.terminate(tmp_path, 1)
        assert process.wait(5) == -9


def test_no_mounts_in_an_ordinary_folder(tmp_path: Path) -> None:
    """Only mount points at or below the folder count."""
    assert daemon.mounts(tmp_path) == []
    assert "/proc" in daemon.mounts(Path("/proc"))
