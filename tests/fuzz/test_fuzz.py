"""Whatever stands in a file, is typed or is answered: a result, or one sentence; nothing else."""

import io
import json
import re
import shlex
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout, suppress
from functools import partial
from importlib.util import module_from_spec, spec_from_file_location
from inspect import signature
from pathlib import Path
from typing import Any, cast
from unittest.mock import MagicMock
from xml.etree import ElementTree as ET

import pytest
from hypothesis import strategies as st
from invoke import Collection, Context, Task
from rich.console import Console

import tasks
from deployment_drift import dev, parallel, paths
from deployment_drift.cli import DEBUG, Command
from deployment_drift.compare import allowed, project
from deployment_drift.compare.comparison import Comparison, overall
from deployment_drift.engine import engines, private
from deployment_drift.errors import DriftError
from deployment_drift.events import Report
from deployment_drift.probe import addresses, client, shell, snapshot
from deployment_drift.probe.collect import Facts, Section, collect, split
from deployment_drift.probe.observe import Known, NotKnownError, Question, Reading, observe
from deployment_drift.probe.pipe import LostError, Pipe, Stream
from deployment_drift.probe.questions import Questions
from deployment_drift.probe.shell import ShellBackend, connected
from deployment_drift.records import Check, Host, Observation, Verdict
from deployment_drift.report.document import document
from deployment_drift.report.exports import junit, markdown
from deployment_drift.report.language import load
from deployment_drift.report.terminal import PLAIN, Narrator
from deployment_drift.stage import recording, replay, talk
from deployment_drift.stage import stage as stage_of_pages
from tests.fuzz.conftest import Fuzz
from tests.fuzz.inputs import GARBAGE, LONGEST, answered, as_bytes, spoilt, words

ALLOWED = """
[[allowed]]
check = "every_setting.sendmail_path"
reason = "the mock mail server is local"
expires = 2036-12-31
"""
PROJECT = f"""
local = "golden.json"
release = ["ssh://deploy@web-1"]
expect = ["php", "web"]
applications = ["/srv/app"]
ignore = ["/srv/app/var/*"]
secrets = ["Partner.Code"]
checks = "checks"
[[pages]]
path = "https://shop.example:443/health?a=b"
host = "shop.example"
headers = ["Content-Type"]
body = 'version ([0-9]+)'
expect = {{ status = 200, Content-Type = "text/html" }}
{ALLOWED}"""
SNAPSHOT = """{"version": 2, "address": "ssh://web", "taken": "2026-11-25T10:00:00+00:00", \
"secret": "k",
"sections": {
"kernel": {"status": "answered", "text": "Linux"}
},
"observations": [
{"check": "kernel", "status": "value", "value": {"a": [1, "b"]}},
{"check": "zone", "status": "unknown", "value": null, "reason": "gone"}
]}
"""
PRINTED = f"""deployment-drift snapshot 1 {"0af1" * 8}

{"0af1" * 8} begin kernel
Linux 6.1
{"0af1" * 8} end 0

{"0af1" * 8} begin snapshot
host web
taken 2026-11-25T10:00:00+00:00
key 0123456789ab
{"0af1" * 8} end 0
"""
RECORDING = """\
{"at": 0, "event": "scene_started", "date": "2026-11-26T09:30:00+00:00", "name": "drift", \
"expects": "drift", "steps": ["checks"]}
{"at": 0.1, "event": "step_started", "name": "checks", "number": 1}
{"at": 0.2, "event": "progress", "subject": "local", "line": "answered", "values": {"seconds": 1}}
{"at": 0.3, "event": "host_joined", "host": {"name": "local", "address": "ssh://a", "image": "", \
"url": ""}}
{"at": 0.4, "event": "compared", "comparison": {"check": {"name": "kernel", "subject": "system", \
"title": "Kernel", "why": "It matters.", "entry": "", "test": "", "case": ""}, "observations": \
{"local": {"status": "value", "value": {"a": [1]}, "reason": ""}}, "allowed": "", "expired": "", \
"accepted": {}}}
{"at": 0.5, "event": "shown", "name": "one_kernel", "holds": null, "values": {"kernel": "6.1"}}
{"at": 0.6, "event": "measured", "subject": "process", "figure": "startup", "value": 0.2, \
"unit": "s", "lowest": 0.1, "highest": null}
{"at": 0.7, "event": "step_done", "name": "checks", "seconds": 0.6}
{"at": 0.8, "event": "report", "scene": "drift", "expects": "drift", "verdict": "drift", \
"unneeded": [{"check": "a", "reason": "b", "expires": "2026-01-01"}], "missing": ["a"], \
"misspelt": [["a", "b"]], "unfound": [["php", ["local"]]]}
"""
ADDRESSES = (
    "ssh://user@server:22?timeout=5&sudo=true",
    "kubectl://pod?namespace=a&container=b",
    "docker://web?sudo_user=app",
    "ssh://[::1]:22",
    "local://",
)


def test_allowed_differences(fuzz: Fuzz, tmp_path: Path) -> None:
    """A file of allowed differences is read, or refused in one sentence."""
    file = tmp_path / "allowed.toml"
    fuzz(as_bytes(spoilt(ALLOWED)), in_file(file, lambda: allowed.read(file)))


def test_project_files(fuzz: Fuzz, tmp_path: Path) -> None:
    """A drift.toml is read, or refused in one sentence."""
    file = tmp_path / paths.PROJECT
    fuzz(as_bytes(spoilt(PROJECT)), in_file(file, lambda: project.read(file)))


@pytest.mark.parametrize("right", [SNAPSHOT, PRINTED], ids=["written", "printed"])
def test_snapshots(fuzz: Fuzz, tmp_path: Path, right: str) -> None:
    """A snapshot, as we or the script wrote it, is read, or refused in one sentence."""
    file = tmp_path / "taken.json"
    fuzz(as_bytes(spoilt(right)), in_file(file, lambda: snapshot.read(file)))


def test_recordings(fuzz: Fuzz, tmp_path: Path) -> None:
    """A recorded scene can be told, or is refused in one sentence."""
    file = tmp_path / "drift.jsonl"

    def read() -> None:
        for recorded in recording.read(file):
            replay.rehearse(recorded, load("en"))

    fuzz(as_bytes(spoilt(RECORDING)), in_file(file, read))


def in_file(file: Path, read: Callable[[], object]) -> Callable[[bytes], None]:
    """Return what reads a file that has this content."""

    def eat(content: bytes) -> None:
        file.write_bytes(content)
        for cached in (allowed._read, snapshot._read):  # noqa: SLF001 -- a clock's tick is too long
            cached.cache_clear()
        with suppress(DriftError):
            read()

    return eat


def test_addresses(fuzz: Fuzz) -> None:
    """An address leads to the arguments of a client, or is refused in one sentence."""

    def eat(text: str) -> None:
        with suppress(DriftError):
            address = addresses.parse(text)
            if address.scheme != "ansible":  # which asks the user's inventory
                words = client.arguments(address)
                assert all(isinstance(word, str) for word in words)

    fuzz(st.sampled_from(ADDRESSES).flatmap(spoilt), eat)


@pytest.fixture(scope="module")
def sections() -> dict[str, Section]:
    """Give what this machine answers."""
    with connected("local://") as host:
        return collect(cast("ShellBackend", host.backend), Questions())


def test_answers(fuzz: Fuzz, sections: dict[str, Section]) -> None:
    """Every check has an observation of whatever a host answers, and every report can be made."""
    before = {name: (question, *looked(question, sections)) for name, question in asked()}

    def eat(spoilt: dict[str, Section]) -> None:
        host = Known(Facts(lambda: spoilt))
        changed = {name for name, each in spoilt.items() if each is not sections[name]}
        made = [
            Comparison(Check(name, "x", "X", "y."), {"local": here, "release": there})
            for name, (question, here, names) in before.items()
            if here and changed & names and (there := seen(host, question))
        ]
        told(tuple(made))

    fuzz(answered(sections), eat, share=2)


def looked(question: Question, sections: dict[str, Section]) -> tuple[Observation | None, set[str]]:
    """Return what a question saw, and the names of the sections that it looked at."""
    reading = Reading(sections)
    here = seen(Known(Facts(lambda: reading)), question)
    return here, set(sections) if reading.listed else set(reading.names)


def asked() -> Iterator[tuple[str, Question]]:
    """Yield the question of each check of this project, by the check's name."""
    for file in sorted(paths.checks().glob("test_*.py")):
        spec = spec_from_file_location(f"fuzzed_{file.stem}", file)
        assert spec
        assert spec.loader
        module = module_from_spec(spec)
        spec.loader.exec_module(module)
        for name, test in vars(module).items():
            if name.startswith("test_") and list(signature(test).parameters) == ["same"]:
                found: list[Question] = []
                test(lambda question, found=found: found.append(question) or True)
                yield name.removeprefix("test_"), found[0]


def seen(host: Known, question: Question) -> Observation | None:
    """Return what a question saw, nothing where only the host itself could answer.

    Why it could not is said in a sentence, and never by an exception's name.
    """
    try:
        found = observe(host, question)
    except NotKnownError:
        return None
    assert not re.search(r"\b[A-Z]\w*(Error|Exception|Iteration)\b", found.reason)
    return found


def told(made: tuple[Comparison, ...]) -> None:
    """Tell what was compared in every form: each is well-formed, and obeys nothing."""
    hosts = (Host("local", "ssh://a"), Host("release", "ssh://b"))
    report = Report("compare", Verdict.PARITY, overall(made), hosts, made)
    language, out = load("en"), io.StringIO()
    Narrator(Console(file=out, width=100, **PLAIN), language, full=True)(report)
    json.loads(document(report, language), parse_constant=pytest.fail)
    ET.fromstring(junit(report))  # noqa: S314 -- written by ourselves
    for text in (out.getvalue(), markdown(report, language), junit(report)):
        assert {each for each in text if not each.isprintable()} <= {"\n", "\xa0"}


def test_sections(fuzz: Fuzz) -> None:
    """Whatever comes around the program's frame is dropped, and what is in it is a section."""
    right = "motd\n\nF begin kernel\nLinux\n\nF end 0 \n\nF begin php\n\nF end 43 refused\n"

    def eat(content: bytes) -> None:
        assert all(isinstance(each, Section) for each in split(content, "F", "cut").values())

    fuzz(as_bytes(spoilt(right)), eat)


def test_marks(fuzz: Fuzz) -> None:
    """What comes before a mark is found however it is cut into pieces, and nothing is lost."""

    def eat(given: tuple[list[bytes], bytes, list[int]]) -> None:
        before, rest, cuts = given
        said = b"".join(before).replace(b"M", b"")
        whole = said + b"M 0\n" + rest
        stream, found = Stream(0), None
        for start, end in zip([0, *sorted(cuts)], [*sorted(cuts), len(whole)], strict=True):
            stream.data += whole[start:end]
            found = found or stream.take(b"M")
        assert found == (said, b" 0")
        assert bytes(stream.data) == rest

    pieces = st.lists(st.binary(max_size=9), max_size=5)
    cuts = st.lists(st.integers(0, 60), max_size=5)
    fuzz(st.tuples(pieces, st.binary(max_size=9), cuts), eat)


def test_kept_shell(fuzz: Fuzz) -> None:
    """A kept shell gives back every text that a command prints, on its own output, and its end."""
    pipe = Pipe(["/bin/sh"], 10)

    def eat(given: tuple[str, str, int]) -> None:
        out, err, status = given
        printed = f"printf %s {shlex.quote(out)}; printf %s {shlex.quote(err)} >&2; exit {status}"
        kept = tuple(each.encode(errors="surrogateescape") for each in (out, err))
        assert pipe.ask(printed, 10) == (status, *kept)

    text = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=99)
    fuzz(st.tuples(text, text, st.integers(0, 255)), eat)
    pipe.close()


def test_clients(fuzz: Fuzz, tmp_path: Path) -> None:
    """A client that says whatever it likes instead of opening a shell has opened none."""
    file = tmp_path / "said"

    def eat(content: bytes) -> None:
        file.write_bytes(content)
        with pytest.raises(LostError):
            Pipe(["cat", str(file)], 10)

    fuzz(as_bytes(spoilt("Welcome\nmark\n")), eat, share=10)


class Parsed(Command):
    """The command line, which does nothing of what it has understood."""

    def execute(self) -> None:
        """Do nothing."""


def test_words(fuzz: Fuzz, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is typed is understood, or refused with 2 and a sentence."""
    program = partial(Parsed, "1", tasks.namespace, "It", "it")
    commands = [*tasks.namespace.task_names]
    options = ["--local", "--release", "--json", "--lang", "--full", "-l", "--expect=php", "--help"]

    def eat(typed: list[str]) -> None:
        monkeypatch.delenv(DEBUG, raising=False)
        out, err = io.StringIO(), io.StringIO()
        status: object = 0
        with redirect_stdout(out), redirect_stderr(err):
            try:
                program().run(["it", *typed])
            except SystemExit as ended:
                status = ended.code
        assert status in {None, 0, 2}
        assert status != 2 or re.match(r"Error: .+\nNext: .+\n", err.getvalue())

    fuzz(words([*commands, *options, "good.json", "local://"]), eat)


def test_options(fuzz: Fuzz, alone: Path) -> None:
    """Every value of every option of every command ends with 0, a drift, or 2 and a sentence."""

    def eat(given: list[str]) -> None:
        for file in alone.iterdir():
            shutil.rmtree(file) if file.is_dir() else file.unlink()
        for name, text in FILES.items():
            (alone / name).write_text(text)
        out, err = io.StringIO(), io.StringIO()
        status: object = 0
        with redirect_stdout(out), redirect_stderr(err):
            try:
                Command("1", tasks.namespace, "It", "it").run(["it", *given])
            except SystemExit as ended:
                status = ended.code
        said = out.getvalue() + err.getvalue()
        assert "Traceback" not in said
        assert "unforeseen" not in said
        assert status in {None, 0, 1, 2}
        assert status != 1 or TOLD.search(said), said
        assert status != 2 or said.strip(), given

    fuzz(st.one_of([typed(name, task) for name, task in all_tasks(tasks.namespace)]), eat)


FILES = {
    "good.json": SNAPSHOT,
    "other.json": SNAPSHOT.replace('"b"', '"c"'),
    "printed.txt": PRINTED,
    "allowed.toml": ALLOWED,
    "talk.jsonl": RECORDING,
    "id.pub": "ssh-ed25519 AAAA me\n",
}
TOLD = re.compile('DRIFT|"verdict": "drift"|✗|差分|ドリフト')
"""What has to be told where a command ends with 1; the cross is that of what doctor misses."""
NAMED = st.one_of(
    *(
        st.sampled_from(
            [*FILES, ".", "new", "local", "release", "kvm", "engine", "en", "ja", "php"]
        ),
    )
    * 2,
    st.sampled_from(["0", "-1", "1e9", "10", "9" * 30, "nan", "inf", *ADDRESSES]).flatmap(
        lambda value: st.one_of(st.just(value), spoilt(value))
    ),
    GARBAGE,
).filter(lambda value: "\0" not in value and len(value) < LONGEST * 3)


def all_tasks(namespace: Collection, before: str = "") -> Iterator[tuple[str, "Task[Any]"]]:
    """Yield every command by its name."""
    yield from ((f"{before}{name}", task) for name, task in namespace.tasks.items())
    for name, inner in namespace.collections.items():
        yield from all_tasks(inner, f"{before}{name}.")


@st.composite
def typed(draw: st.DrawFn, name: str, task: "Task[Any]") -> list[str]:
    """Give a command with some of its options, each with a value of its kind, or with another."""
    words = [name]
    for argument in task.get_arguments():
        for _ in range(draw(st.sampled_from([0, 1, 1, 2 if argument.kind is list else 1]))):
            option = f"--{str(argument.name).strip('_').replace('_', '-')}"
            value = [] if argument.kind is bool else [draw(NAMED)]
            words += value if argument.positional and value else [option, *value]
    return words


@pytest.fixture
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a folder in which commands run to where they would ask an engine, a host or a person."""

    def refused(*_: object, **__: object) -> None:
        raise DriftError("nobody is asked here", hint="nothing")

    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    for name in ("HOME", "XDG_STATE_HOME", "TMPDIR"):
        (tmp_path / name).mkdir()
        monkeypatch.setenv(name, str(tmp_path / name))
    monkeypatch.setenv("DOCKER_HOST", "unix:///none.sock")
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    for module, names in {
        engines: ("connect", "at", "there"),
        private: ("start", "install", "stop", "remove"),
        stage_of_pages: ("staged",),
        talk: ("follow",),
    }.items():
        for name in names:
            monkeypatch.setattr(module, name, refused)
    monkeypatch.setattr(engines, "find", lambda: None)
    monkeypatch.setattr(shell, "client", lambda *_: (["false"], None))
    monkeypatch.setattr(parallel.Cancel, "pause", lambda *_: None)
    monkeypatch.setattr(dev, "copy", lambda *_: None)
    monkeypatch.setattr(Context, "run", lambda *_, **__: MagicMock(stdout="", exited=0))
    return work
