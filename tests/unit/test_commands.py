"""What is read is never written over: every option that writes, and every kind of file."""

import shlex
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from invoke import Collection, Task

import tasks
from deployment_drift import files, paths
from deployment_drift.cli import Command, written_by
from deployment_drift.engine import engines
from deployment_drift.errors import DriftError
from deployment_drift.stage import stage, talk

SEEN = '{"check": "kernel", "status": "value", "value": "6.1"}'
SNAPSHOT = f"""{{"version": 2, "address": "ssh://web", "taken": "2026-11-25T10:00:00+00:00", \
"secret": "k",
"sections": {{
}},
"observations": [
{SEEN}
]}}
"""
READ = {
    "one.json": SNAPSHOT,
    "printed.txt": f"deployment-drift snapshot 1 {'0af1' * 8}\n",
    "drift.toml": 'local = "one.json"\n',
    "allowed.toml": '[[allowed]]\ncheck = "kernel"\nreason = "x"\nexpires = 2036-12-31\n',
    "test_own.py": "def test_own(same):\n    pass\n",
    "inventory.yml": "all:\n  hosts:\n    web:\n",
    "ssh_config": "Host web\n",
    "id.pub": "ssh-ed25519 AAAA somebody\n",
    "talk.tar.gz": "\x1f\x8b",
    "image.json": '{"schemaVersion": 2}',
}
"""Files that commands read, by their names."""
RECORDING = '{"at": 0.0, "event": "scene_started", "name": "drift"}\n'
WORDS = {
    "compare": "--local one.json --release two.json",
    "snapshot": "docker://web",
    "pack": "",
    "machine.export": "local --for kvm",
}
"""What has to be typed besides."""
NOT_WRITTEN = {
    *("address", "allowed", "app", "auto", "checks", "expect", "hypervisor", "image"),
    *("for_", "key", "lang", "local", "machines", "name", "release", "replay", "server", "speed"),
    *("target", "to", "user"),
    *("replay file", "unpack file"),
}
"""Options with a text that is not the name of a file to write."""


def all_tasks(
    namespace: Collection, before: str = ""
) -> Iterator[tuple[str, "Task[Callable[..., None]]"]]:
    """Yield every command but those of contributors, by its name."""
    for name, task in namespace.tasks.items():
        yield f"{before}{name}", task
    for name, inner in namespace.collections.items():
        if name != "dev":
            yield from all_tasks(inner, f"{before}{name}.")


WRITTEN = [
    (name, option, kind)
    for name, task in all_tasks(tasks.namespace)
    for option, kind in written_by(task.body).items()
]


def typed(name: str, option: str, path: str) -> list[str]:
    """Return the words of a command that is to write there."""
    own = [path] if option == "file" else [f"--{option}", path]
    return [name, *shlex.split(WORDS.get(name, "")), *own]


@pytest.fixture(autouse=True)
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in a folder with files to read, where no engine and no host is asked."""

    def asked(*_: object, **__: object) -> None:
        raise DriftError("somebody was asked")

    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    for name in ("find", "connect", "private_environment"):
        monkeypatch.setattr(engines, name, asked)
    for module, name in ((stage, "give"), (stage, "show"), (talk, "talk")):
        monkeypatch.setattr(module, name, asked)
    Path("two.json").write_text(SNAPSHOT)


def run(words: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[object, str]:
    """Return the status of a command, and what it says."""
    status: object = 0
    try:
        Command("1", tasks.namespace, "It", "it").run(["it", *words])
    except SystemExit as ended:
        status = ended.code
    return status, capsys.readouterr().err


@pytest.mark.parametrize("read", READ)
@pytest.mark.parametrize(("name", "option"), [each[:2] for each in WRITTEN])
def test_what_is_read_is_never_written_over(
    name: str, option: str, read: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whatever somebody else has written stays, and nobody is asked for nothing."""
    Path(read).write_text(READ[read], "latin-1")
    if not Path("one.json").exists():
        Path("one.json").write_text(SNAPSHOT)
    if (name, read) == ("snapshot", "one.json"):
        words = ["snapshot", read, "--output", read]
    else:
        words = typed(name, option, read)
    status, said = run(words, capsys)
    assert status == 2
    assert "stays as it is" in said or "is there already" in said
    assert Path(read).read_text("latin-1") == READ[read]


@pytest.mark.parametrize(("name", "option", "kind"), WRITTEN)
def test_what_such_an_option_has_written_is_replaced(
    name: str,
    option: str,
    kind: files.Kind,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A second run takes the place of the first, and so does an empty file."""
    begun = {
        files.EVENTS: RECORDING,
        files.JUNIT: "<?xml version='1.0' encoding='utf-8'?>\n<testsuites>",
        files.MARKDOWN: "**PARITY: all 3**\n\n",
        files.HANDOUT: (paths.root() / "deployment_drift/stage/handout.html").read_text("utf-8"),
        files.PDF: "%PDF-1.4\n",
        files.BILL: '{\n "components": [\n  {\n   "bom-ref": "a"',
        files.ARCHIVE: "deployment-drift/.pack/pack.json\0",
    }
    for content in (begun.get(kind, ""), ""):
        Path("out").write_text(content)
        _, said = run(typed(name, option, "out"), capsys)
        assert "stays as it is" not in said


@pytest.mark.parametrize(
    "words",
    [
        "snapshot two.json --output two.json",
        "snapshot two.json --output ./here/../two.json",
        "snapshot two.json --output link.json",
        "snapshot two.json --output hard.json",
        "compare --local two.json --release two.json --events two.json",
        "compare --local two.json --release two.json --junit new --markdown ./new",
        "compare --local two.json --release two.json --allowed empty --junit empty",
        "compare --local ssh://web?ssh_config=empty --release two.json --events empty",
        "compare --local two.json --release two.json --events drift.toml",
        "stage --replay recording --events recording",
        "talk --events ../state/deployment-drift/recordings/drift.jsonl",
    ],
)
def test_a_file_is_not_read_and_written_at_once(
    words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Not where it is of the right kind either, however it is called, or named for two things."""
    remembered = tmp_path / "state/deployment-drift/recordings/drift.jsonl"
    remembered.parent.mkdir(parents=True)
    for file in (remembered, Path("recording")):
        file.write_text(RECORDING)
    Path("empty").touch()
    Path("drift.toml").touch()
    Path("here").mkdir()
    Path("link.json").symlink_to("two.json")
    Path("hard.json").hardlink_to("two.json")
    before = {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()}
    status, said = run(words.split(), capsys)
    assert (status, "stays as it is" in said) == (2, True)
    assert before == {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()}


def test_every_text_is_known_to_be_written_or_not() -> None:
    """Whoever adds an option says whether it is a file to write: then it is judged by this."""
    unknown = [
        f"{name} {argument.name}"
        for name, task in all_tasks(tasks.namespace)
        for argument in task.get_arguments()
        if argument.kind is not bool
        and argument.kind is not int
        and str(argument.name).replace("-", "_") not in written_by(task.body)
        and not {argument.name, f"{name} {argument.name}"} & NOT_WRITTEN
    ]
    assert unknown == []


def test_a_device_may_be_named_twice(capsys: pytest.CaptureFixture[str]) -> None:
    """What is no file can be written as often as one likes."""
    device = "--junit /dev/null --markdown /dev/null"
    _, said = run(f"compare --local two.json --release none.json {device}".split(), capsys)
    assert "stays as it is" not in said


@pytest.mark.parametrize("words", ["--local=two.json --snapshot two.json", "--snapshot id.pub"])
def test_pytest_itself_spares_what_is_read(words: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The rule is the plugin's, too."""
    Path("id.pub").write_text(READ["id.pub"])
    Path("test_own.py").write_text("def test_own(same):\n    assert same(lambda host: 1)\n")
    words = words if "--local" in words else f"--local=two.json {words}"
    loaded = ["-p", "deployment_drift", "-p", "no:cacheprovider", "--import-mode=importlib"]
    assert pytest.main(["test_own.py", *loaded, *words.split()]) == pytest.ExitCode.USAGE_ERROR
    assert "stays as it is" in capsys.readouterr().err
    assert (Path("two.json").read_text(), Path("id.pub").read_text()) == (SNAPSHOT, READ["id.pub"])
