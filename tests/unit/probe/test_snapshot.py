"""What a host was at one moment, written down."""

import json
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from deployment_drift.errors import DriftError
from deployment_drift.paths import typed
from deployment_drift.probe.collect import Answer, Section
from deployment_drift.probe.snapshot import Snapshot, is_snapshot, read, write
from deployment_drift.records import Observation, Status

TAKEN = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SEEN = {
    "php_version": Observation(Status.VALUE, "8.4.24"),
    "postfix": Observation(Status.ABSENT),
    "kernel": Observation(Status.UNKNOWN, reason="gone"),
}
SECTIONS = {
    "kernel": Section(Answer.ANSWERED, "Linux 6.1 x86_64\n"),
    "php": Section(Answer.ABSENT),
    "fpm": Section(Answer.REFUSED, reason="hidden"),
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Give the path of a snapshot."""
    path = tmp_path / "server.json"
    write(path, Snapshot("ssh://server", TAKEN, SEEN, SECTIONS, "key"))
    return path


def test_what_is_written_is_read(file: Path) -> None:
    """A snapshot says what was seen, absent and unknown included."""
    assert read(file) == Snapshot("ssh://server", TAKEN, SEEN, SECTIONS, "key")


def test_every_language_is_written_as_it_is(file: Path) -> None:
    """A snapshot can be read by people: a letter stands there as itself."""
    write(file, Snapshot("ssh://café", TAKEN, SEEN, SECTIONS, "key"))
    assert '"ssh://café"' in file.read_text("utf-8")


def test_any_layout_is_read(file: Path) -> None:
    """A snapshot is JSON: laid out otherwise, it says the same."""
    laid_out = json.loads(file.read_text())
    file.write_text(json.dumps(laid_out, indent=4))
    assert read(file) == Snapshot("ssh://server", TAKEN, SEEN, SECTIONS, "key")


def test_snapshot_that_was_cut_off_is_none(file: Path) -> None:
    """Wherever a snapshot ends too early, also at the end of a line, it is refused."""
    lines = file.read_text().splitlines(keepends=True)
    for count in range(len(lines)):
        file.write_text("".join(lines[:count]))
        with pytest.raises(DriftError, match=r"server\.json"):
            read(file)


def test_what_snapshots_share_is_read_once(file: Path, tmp_path: Path) -> None:
    """Of a thousand snapshots, each different entry is in memory once; 1 and true are not equal."""
    other = tmp_path / "other.json"
    seen = {**SEEN, "one": Observation(Status.VALUE, True)}  # noqa: FBT003 -- an answer
    write(other, Snapshot("ssh://other", TAKEN, seen, SECTIONS, "key"))
    write(file, Snapshot("ssh://server", TAKEN, {**seen, "one": Observation(Status.VALUE, 1)}))
    first, second = read(file), read(other)
    assert first.observations["php_version"] is second.observations["php_version"]
    assert (first.observations["one"].value, second.observations["one"].value) == (1, True)
    assert first.observations["one"].value is not True


def test_nothing_else_is_touched(file: Path) -> None:
    """A file of a similar name stays, a link leads where it led, and others cannot read the key."""
    beside, link = file.with_name("server.json.part"), file.with_name("link.json")
    beside.write_text("mine")
    link.symlink_to(file)
    write(link, Snapshot("ssh://other", TAKEN, SEEN))
    assert (beside.read_text(), read(file).address) == ("mine", "ssh://other")
    assert link.is_symlink()
    assert file.stat().st_mode & 0o777 == 0o600
    assert sorted(each.name for each in file.parent.iterdir()) == [
        *("link.json", "server.json", "server.json.part")
    ]


UNKNOWN = Observation(Status.UNKNOWN, reason="no answer")


def test_a_worse_snapshot_takes_no_place(file: Path) -> None:
    """A host that is down costs nothing of what is known of it; who removes the file wants that."""
    kept = file.read_bytes()
    down = Snapshot("ssh://server", TAKEN, dict.fromkeys(SEEN, UNKNOWN))
    with pytest.raises(
        DriftError, match=r"server\.json stays as it is: \d of \d .* unknown now"
    ) as raised:
        write(file, down)
    assert raised.value.hint == f"see what is the matter, or remove it first: rm {file}"
    assert file.read_bytes() == kept
    file.unlink()
    write(file, down)
    write(file, down)
    assert read(file).observations["php_version"] == UNKNOWN


def test_what_is_no_snapshot_is_not_replaced_by_one(tmp_path: Path) -> None:
    """A file of somebody's that has the name by chance stays."""
    file = tmp_path / "snapshot.json"
    file.write_text('{"mine": 1}')
    with pytest.raises(DriftError, match=r"is not a snapshot.*it stays as it is") as raised:
        write(file, Snapshot("ssh://server", TAKEN, SEEN))
    assert raised.value.hint == f"rm {file}"
    assert file.read_text() == '{"mine": 1}'


def test_a_pipe_is_written_to(tmp_path: Path) -> None:
    """What is no file, as /dev/null or a pipe, is written to and never replaced by one."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with ThreadPoolExecutor() as reader:
        said = reader.submit(pipe.read_text)
        write(pipe, Snapshot("ssh://server", TAKEN, SEEN))
    assert json.loads(said.result())["address"] == "ssh://server"
    assert pipe.is_fifo()


def test_the_first_version_is_read(file: Path) -> None:
    """A snapshot without sections, as version 1 had it, is one without facts."""
    content = json.loads(file.read_text())
    del content["sections"], content["secret"]
    file.write_text(json.dumps({**content, "version": 1}))
    assert read(file) == Snapshot("ssh://server", TAKEN, SEEN)


def edited(file: Path, **changes: object) -> None:
    """Change a snapshot's top-level keys."""
    file.write_text(json.dumps({**json.loads(file.read_text()), **changes}))


def test_a_file_that_was_cut_off_is_an_error(file: Path) -> None:
    """Half a snapshot is not a snapshot."""
    file.write_text(file.read_text()[:200])
    with pytest.raises(
        DriftError, match=r"server\.json is not a snapshot: neither JSON nor what the script prints"
    ):
        read(file)


def test_binary_is_an_error(file: Path) -> None:
    """A file that is something else is not a snapshot."""
    file.write_bytes(b"\x89PNG\r\n\x1a\n\xff")
    with pytest.raises(DriftError, match="is not a snapshot"):
        read(file)


def test_a_list_is_an_error(file: Path) -> None:
    """JSON without any names is not a snapshot."""
    file.write_text("[2]")
    with pytest.raises(DriftError, match=r"server\.json is not a snapshot: \$"):
        read(file)


def test_a_future_version_is_an_error(file: Path) -> None:
    """A snapshot of a later program is named as such."""
    edited(file, version=3)
    with pytest.raises(DriftError, match="version 3; this program knows 2") as raised:
        read(file)
    assert raised.value.hint == "git pull"


@pytest.mark.parametrize(
    "changes",
    [
        {"observations": [{"check": "a"}]},
        {"observations": [{"check": "a", "status": "absent", "value": 1}]},
        {"taken": "yesterday"},
        {"owner": "me"},
        {"version": "1"},
        {"sections": {"php": {"status": "maybe"}}},
    ],
)
def test_another_shape_is_an_error(file: Path, changes: dict[str, object]) -> None:
    """JSON that is not a snapshot is named with the place of the fault."""
    edited(file, **changes)
    with pytest.raises(DriftError, match=r"is not a snapshot: \$"):
        read(file)


@pytest.mark.parametrize("again", [lambda text: text, lambda text: json.dumps(json.loads(text))])
@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ('"8.4.24"', "[" * 101 + "]" * 101, "php_version nests deeper than"),
        ('"8.4.24"', "[" * 100_000 + "]" * 100_000, "(recursion|Stack overflow)"),
        ('"8.4.24"', "9" * 5000, "digits"),
        ('"8.4.24"', "[NaN]", "php_version has a number that is none"),
        ('"8.4.24"', r'"\ud800"', "php_version has half a character"),
        ("2026-11-23", "2026-13-45", "month must be in"),
    ],
)
def test_what_cannot_be_an_answer_is_an_error(
    file: Path, old: str, new: str, what: str, again: Callable[[str], str]
) -> None:
    """A value without an end, or a day that there is not, makes no snapshot, however laid out."""
    file.write_text(again(file.read_text()).replace(old, new))
    with pytest.raises(DriftError, match=f"is not a snapshot: .*{what}") as raised:
        read(file)
    assert raised.value.hint == typed("snapshot ADDRESS")


def test_a_fault_at_the_top_is_an_error(file: Path) -> None:
    """A snapshot whose entries are sound is none where what stands above them is not."""
    file.write_text(file.read_text().replace('"ssh://server"', "5", 1))
    with pytest.raises(DriftError, match=r"is not a snapshot: .*address: 5 is not of type"):
        read(file)


def test_a_changed_snapshot_is_read_again(file: Path) -> None:
    """A file of the same size has changed when it has another time."""
    before = file.stat().st_mtime
    assert read(file).address == "ssh://server"
    file.write_text(file.read_text().replace("ssh://server", "ssh://revres"))
    os.utime(file, (before, before + 1))
    assert read(file).address == "ssh://revres"


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    """A snapshot that is not there is named."""
    with pytest.raises(DriftError, match=r"gone\.json: No such file") as raised:
        read(tmp_path / "gone.json")
    assert raised.value.hint == typed("snapshot ADDRESS")


@pytest.mark.parametrize("name", ["x" * 5000 + ".json", "a\0.json"])
def test_what_is_the_name_of_no_file_is_an_error(name: str) -> None:
    """A name that no file can have is told as one that no file has."""
    with pytest.raises(DriftError, match=r"File name too long|null"):
        read(Path(name))


def test_nothing_half_written_stays(tmp_path: Path) -> None:
    """A folder that is not there is an error, and no file is left beside it."""
    with pytest.raises(DriftError, match="could not be written"):
        write(tmp_path / "gone" / "server.json", Snapshot("local://", TAKEN, SEEN))
    assert list(tmp_path.iterdir()) == []


def test_snapshots_stand_where_addresses_do() -> None:
    """A path that ends with .json is a snapshot; whatever has a scheme is none."""
    assert is_snapshot("yesterday/server.json")
    assert not is_snapshot("docker://server.json")
    assert not is_snapshot("server")
    assert not is_snapshot("x" * 5000)
