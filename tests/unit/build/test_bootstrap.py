import subprocess
import threading
import time
from pathlib import Path

import pytest

from deployment_drift import paths
from deployment_drift.build import bootstrap, mirrors
from deployment_drift.engine import packages
from deployment_drift.errors import BuildError
from deployment_drift.parallel import Cancel, CancelledError


@pytest.fixture(autouse=True)
def _state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))


def pretend(monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """Let a few words of shell stand for mmdebstrap."""
    monkeypatch.setattr(bootstrap, "command", lambda *_: ["sh", "-c", script])


def test_command_has_the_machines_mirrors(monkeypatch: pytest.MonkeyPatch) -> None:
    """The suite is made from the machine's mirrors, through its proxies, without documentation."""
    proxy = 'Acquire::http::Proxy "http://proxy.test";'
    monkeypatch.setattr(mirrors, "sources", lambda suite: [f"deb http://mirror.test {suite} main"])
    monkeypatch.setattr(mirrors, "options", lambda: [proxy])
    words = bootstrap.command("trixie", "arm64")
    assert "--architectures=arm64" in words
    assert words[-3:] == ["trixie", "-", "deb http://mirror.test trixie main"]
    assert f"--aptopt={proxy}" in words
    settings = next(word for word in words if word.startswith("--dpkgopt=")).partition("=")[2]
    assert "path-exclude /usr/share/man/*" in Path(settings).read_text()


@pytest.mark.parametrize(
    ("head", "dates_count"),
    [
        ("Date: Mon, 01 Jan 2024 00:00:00 UTC\n", True),
        ("Valid-Until: Mon, 01 Jan 2024 00:00:00 UTC\n", False),
        ("Date: Mon, 01 Jan 2099 00:00:00 UTC\n", False),
    ],
)
def test_what_apt_is_told_here_stays_here(tmp_path: Path, head: str, dates_count: bool) -> None:  # noqa: FBT001
    """No image has this machine's proxy; dates count unless the mirror's lists are out of date."""
    root = tmp_path / "root"
    for folder in ("etc/apt/apt.conf.d", "var/lib/apt/lists", "usr/share/doc", "usr/share/locale"):
        (root / folder).mkdir(parents=True)
    (root / "var/lib/apt/lists/x_InRelease").write_text(head)
    told = root / "etc/apt/apt.conf.d/99mmdebstrap"
    told.write_text('Acquire::http::Proxy "http://me:s3cret@a:1";\nAcquire::Check-Date "false";\n')
    subprocess.run(["sh", bootstrap._SLIM / "finish", root], check=True)  # noqa: SLF001 -- its script
    kept = "".join(path.read_text() for path in (root / "etc/apt/apt.conf.d").iterdir())
    assert "s3cret" not in kept
    assert ("Check-Date" not in kept) is dates_count
    assert 'Acquire::Languages "none"' in kept


def test_output_is_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the bootstrap writes is yielded, what it says is told, and nothing is left."""
    pretend(monkeypatch, "echo 'I: extracting' >&2; touch $TMPDIR/file; printf tar")
    said: list[str] = []
    assert b"".join(bootstrap.tar("trixie", "amd64", said.append, Cancel())) == b"tar"
    assert said == ["extracting"]
    assert list((paths.state() / "bootstrap").iterdir()) == []


def test_failure_shows_the_last_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bootstrap that fails ends in an error with its last lines, not in half an image."""
    pretend(monkeypatch, "printf half; seq 20 >&2; echo 'E: cannot resolve' >&2; exit 1")
    with pytest.raises(BuildError, match="Debian trixie, and it could not be made") as error:
        list(bootstrap.tar("trixie", "amd64", lambda _: None, Cancel()))
    assert error.value.detail.splitlines()[-2:] == ["20", "E: cannot resolve"]


def test_cancelled_bootstrap_ends_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """When the end is wished for, the bootstrap is killed."""
    pretend(monkeypatch, "exec sleep 100")
    cancel, begin = Cancel(), time.monotonic()
    threading.Timer(0.05, cancel.wish).start()
    with pytest.raises(CancelledError):
        list(bootstrap.tar("trixie", "amd64", lambda _: None, cancel))
    assert time.monotonic() - begin < 5


def test_missing_program_that_cannot_be_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without mmdebstrap, and without the right to install it, the error says what to type."""
    monkeypatch.setattr("shutil.which", lambda _: None)
    monkeypatch.setattr(packages, "can_install", lambda: False)
    with pytest.raises(BuildError) as error:
        bootstrap.require(lambda _: None)
    assert error.value.hint == "sudo apt-get install mmdebstrap"


def test_missing_program_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without mmdebstrap it is installed where we may, and that is said before."""
    events: list[str] = []
    monkeypatch.setattr("shutil.which", lambda _: None)
    monkeypatch.setattr(packages, "can_install", lambda: True)
    monkeypatch.setattr(packages, "install", lambda names, **_: events.append(f"now {names}"))
    bootstrap.require(events.append)
    assert events == [
        "installing mmdebstrap",
        "now ['mmdebstrap']",
    ]
