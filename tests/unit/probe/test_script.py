"""One sh file takes a snapshot anywhere: what it prints is read, and nothing else passes for it."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from deployment_drift.errors import DriftError
from deployment_drift.probe.connections import secret_of
from deployment_drift.probe.hosts import Recalled
from deployment_drift.probe.observe import observe
from deployment_drift.probe.questions import Questions, WebPage
from deployment_drift.probe.script import KEY, script, sections, starts
from deployment_drift.probe.snapshot import Snapshot, is_snapshot, read, write
from deployment_drift.records import Status
from tests.unit.conftest import shorten_program
from tests.unit.probe.test_snapshot import TAKEN

SECRET = "Tea4two-and-two4tea"  # noqa: S105 -- planted, to be looked for
NOBODY = WebPage("http://127.0.0.1:9/")


def printed(shell: list[str], text: str, **variables: str) -> bytes:
    """Return what the script prints on this machine, which has a secret in its environment."""
    ended = subprocess.run(
        [*shell, "-s"],
        input=text.encode(),
        env={"PATH": os.environ["PATH"], "API_PASSWORD": SECRET, **variables},
        capture_output=True,
        check=True,
        timeout=60,
    )
    assert not ended.stderr
    return ended.stdout


@pytest.fixture(scope="module")
def output() -> bytes:
    """Give what a short script with the key of the questions prints."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        shorten_program(monkeypatch)
        text = script(Questions(secret="k" * 32, patience=2, web_pages=(NOBODY,)))
    return printed(["sh"], text)


@pytest.fixture
def file(tmp_path: Path, output: bytes) -> Path:
    """Give a file of it, whose name ends with nothing special."""
    path = tmp_path / "web-1"
    path.write_bytes(output)
    return path


def test_what_it_prints_is_a_snapshot(file: Path) -> None:
    """A file is known by its content; its facts are the host's, and the host has its name."""
    assert is_snapshot(str(file))
    taken = read(file)
    assert taken.address == os.uname().nodename
    seen = observe(Recalled(taken), lambda host: host.system.kernel)
    assert seen.value == os.uname().release


def test_pages_are_asked_by_it(file: Path) -> None:
    """A page that a project names is asked on the server, and one that cannot be is unknown."""
    seen = observe(Recalled(read(file)), lambda host: host.pages.answer(NOBODY))
    assert seen.status is Status.UNKNOWN
    asked = any(map(shutil.which, ("curl", "php", "wget", "nc")))
    assert ("connect" if asked else "can be used to ask") in seen.reason


def test_no_secret_and_no_key(output: bytes) -> None:
    """Neither a secret nor the key that hides it is printed, but a digest."""
    assert b"API_PASSWORD=<secret " in output
    assert SECRET.encode() not in output
    assert b"k" * 32 not in output


@pytest.mark.parametrize(
    "way",
    [
        lambda said: said.replace(b"\n", b"\r\n"),
        lambda said: said.rstrip(b"\n"),
        lambda said: b"Welcome to web-1\n\n" + said,
    ],
)
def test_the_way_of_a_file_does_not_matter(file: Path, output: bytes, way: object) -> None:
    """A terminal's line ends, a lost last one and a greeting change nothing of the snapshot."""
    before = read(file)
    file.write_bytes(way(output))  # type: ignore[operator]
    assert read(file) == before


def test_a_file_that_was_cut_off_is_an_error(file: Path, output: bytes) -> None:
    """Wherever the output of the script is cut, it is no snapshot."""
    for end in (60, len(output) // 2, len(output) - 30):
        file.write_bytes(output[:end])
        with pytest.raises(DriftError, match="web-1 is cut off: the end"):
            read(file)


def test_a_foreign_file_is_an_error(tmp_path: Path) -> None:
    """A file that is something else is not a snapshot."""
    (tmp_path / "notes.txt").write_text("tea", "utf-8")
    with pytest.raises(DriftError, match=r"notes\.txt is not a snapshot"):
        read(tmp_path / "notes.txt")


def test_a_future_script_is_an_error(file: Path, output: bytes) -> None:
    """What a script of a later program printed is named as such."""
    file.write_bytes(output.replace(b"snapshot 1 ", b"snapshot 9 ", 1))
    with pytest.raises(DriftError, match="version 9; this program knows 1"):
        read(file)


def test_two_keys_cannot_be_compared(file: Path, tmp_path: Path) -> None:
    """Snapshots that were taken with two keys would look different in every secret."""
    other = tmp_path / "then.json"
    write(other, Snapshot("local://", TAKEN, {}, {}, "another"))
    with pytest.raises(DriftError, match="were taken with two keys") as raised:
        secret_of([str(file), str(other)])
    assert (raised.value.hint or "").startswith("take them again, with the same DRIFT_KEY in ")
    third = tmp_path / "third.json"
    write(third, Snapshot("local://", TAKEN, {}, {}, "a third"))
    with pytest.raises(DriftError, match=r"json and .*json were taken with two keys"):
        secret_of([str(file), str(other), str(third)])
    write(other, Snapshot("local://", TAKEN, {}, {}, "k" * 32))
    assert secret_of([str(file), str(other)]) == {"secret": "k" * 32}


def test_a_live_host_needs_the_key(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beside what the script printed a host is asked with the same key, or not at all."""
    monkeypatch.delenv(KEY, raising=False)
    assert secret_of([str(file), str(file)]) == {}
    with pytest.raises(DriftError, match="web-1 was taken with is needed") as raised:
        secret_of([str(file), "docker://web-2"])
    assert KEY in (raised.value.hint or "")
    monkeypatch.setenv(KEY, "k" * 32)
    assert secret_of([str(file), "docker://web-2"]) == {"secret": "k" * 32}
    monkeypatch.setenv(KEY, "z" * 32)
    with pytest.raises(DriftError, match=r"the key of now and .*web-1 were taken with two keys"):
        secret_of(["docker://web-2", str(file)])


FRAME = "0123456789abcdef"
WHOLE = f"""deployment-drift snapshot 1 {FRAME}

{FRAME} begin php.cli
8.4
{FRAME} end 0 found

{FRAME} begin snapshot
host web one two
taken 2026-11-26T00:00:00+00:00
key 0
{FRAME} end 0
"""


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_end_tells_of_the_rest(ends: str) -> None:
    """Each section stands for itself, the last for all; a terminal in between changes nothing."""
    content = WHOLE.replace("\n", ends).encode()
    first = starts(content)
    assert first
    found, told = sections(content, first)
    assert {name: each.text for name, each in found.items()} == {"php.cli": "8.4"}
    assert told["host"] == "web one two"


def test_one_changed_line_is_no_terminal() -> None:
    """What a host itself says with a carriage return stays as it is."""
    content = WHOLE.replace("8.4\n", "8.4\r\n9\n").encode()
    first = starts(content)
    assert first
    assert sections(content, first)[0]["php.cli"].text == "8.4\r\n9"


@pytest.mark.parametrize("left", [WHOLE.index("key"), WHOLE.index("\n\n", 60)])
def test_without_its_end_it_is_cut_off(left: int) -> None:
    """A snapshot whose last section is missing, or begun and not ended, is none."""
    content = WHOLE[:left].encode()
    first = starts(content)
    assert first
    with pytest.raises(ValueError, match=r"^cut off$"):
        sections(content, first)


@pytest.mark.parametrize("name", ["host", "taken", "key"])
def test_an_end_that_tells_less_is_no_end(name: str) -> None:
    """Whose snapshot it is, of when, and under which key, is known or it is none."""
    content = WHOLE.replace(f"\n{name} ", f"\nnot-{name} ").encode()
    first = starts(content)
    assert first
    with pytest.raises(ValueError, match=r"^cut off$"):
        sections(content, first)


def test_a_time_that_is_none_is_an_error() -> None:
    """The time at which it was taken is one."""
    content = WHOLE.replace("2026-11-26T", "yesterday, ").encode()
    first = starts(content)
    assert first
    with pytest.raises(ValueError, match="yesterday"):
        sections(content, first)
