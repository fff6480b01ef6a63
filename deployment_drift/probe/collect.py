"""Asks a host everything in one round trip: one sh program, whose answer comes in sections.

To ask a further kind of thing, say `queues`, add three files and one line:

- `sh/queues.sh`, at most 40 lines for dash, bash and busybox, which ends with lines as
  `section queues list_queues`; `quick` and `by_awk` save a process where nothing can hang (see
  `sh/_frame.sh` and `sh/_files.sh`). What may hold secrets is asked in a function of such lines,
  say `queues`, which is handed to `masked queues` (see `sh/_mask.sh`). It writes nothing and ends
  soon. Beside its functions it may use the parameters of `values()`.
- `queues.py`, with a class `Queues(facts)` that turns sections into plain data: `facts.text(name)`
  is what a section printed, None where the thing is not there; it raises UnknownError for what
  could not be asked, and so must a parser that cannot read it.
- a line in `KINDS` of `observe.py`, which gives every host the attribute `host.queues`.
- `tests/parity/test_queues.py`, with checks as `same(lambda host: host.queues.lengths)`.
"""

import json
import shlex
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from pathlib import Path
from secrets import token_hex
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar, cast

from deployment_drift.errors import UnknownError
from deployment_drift.probe.client import UnreachableError
from deployment_drift.probe.questions import Questions

if TYPE_CHECKING:
    from deployment_drift.probe.shell import ShellBackend

T = TypeVar("T")
LIMIT = 60.0  # seconds that all questions may take together, or SHARE times those of one
SHARE = 6
MADE = 50  # texts of which is kept what was made: of a thousand hosts it would be too much
LARGEST = 4_000_000  # bytes of one section
LINES = 100_000  # of one section
SECTIONS = 1_000  # of one host
NAME, REASON = 200, 500  # bytes of these that are told


class Answer(StrEnum):
    """What became of one section; its values are those of a snapshot."""

    ANSWERED = "answered"
    ABSENT = "absent"
    REFUSED = "refused"
    FAILED = "failed"


STATUSES = {"0": Answer.ANSWERED, "44": Answer.ABSENT, "43": Answer.REFUSED}


@dataclass(frozen=True, slots=True)
class Section:
    """What one part of the program printed; `reason` is why it was refused or failed."""

    status: Answer
    text: str = ""
    reason: str = ""


LOST = ""  # the section that stands for those which a host did not answer, or could not truly
ABOUT = "snapshot"  # the last section of what a script has printed
UNANSWERED = Section(Answer.FAILED, reason="was not answered")


class Facts:
    """The sections of one host, collected when the first of them is wanted.

    made: what readers have made of texts, where hosts share that.
    """

    def __init__(
        self,
        collected: Callable[[], Mapping[str, Section]],
        made: dict[tuple[object, str], Any] | None = None,
    ) -> None:
        self._collected = collected
        self._made = {} if made is None else made
        self._found: Mapping[str, Section] | None = None
        self.asked: dict[str, None] = {}
        """What a question has looked at: where a reader cannot read it, it is one of these."""
        # before Python 3.12 a cached_property has one lock for all hosts: each waited for the other
        self._turn = Lock()

    @property
    def sections(self) -> Mapping[str, Section]:
        """Every section by its name; UnreachableError where the host did not answer at all."""
        with self._turn:
            if self._found is None:
                self._found = self._collected()
            return self._found

    @property
    def collected(self) -> bool:
        """Whether they have been collected: then they are known, whatever becomes of the host."""
        return self._found is not None

    def text(self, name: str) -> str | None:
        """Return what a section printed; None where the thing is not there.

        Raises UnknownError for what could not be asked: nothing may be concluded from that.
        """
        self.asked[name] = None
        section = self.sections.get(name) or self.sections.get(LOST) or UNANSWERED
        match section.status:
            case Answer.ANSWERED:
                return section.text
            case Answer.ABSENT:
                return None
            case Answer.REFUSED:
                raise UnknownError(f"{name}: not allowed for this user {section.reason}".rstrip())
        raise UnknownError(f"{name}: {section.reason or 'failed'}")

    def line(self, name: str) -> str | None:
        """Return what a section printed, without the last line end."""
        said = self.text(name)
        return said if said is None else said.rstrip("\n")

    def lines(self, name: str) -> list[str] | None:
        """Return the lines that a section printed."""
        said = self.text(name)
        return said if said is None else said.splitlines()

    def read(self, name: str, reader: Callable[[str], T]) -> T | None:
        """Return what a reader makes of what a section printed; of the same text only once."""
        said = self.text(name)
        if said is None:
            return None
        if (reader, said) in self._made:
            return cast("T", self._made[reader, said])
        made = reader(said)
        if len(self._made) < MADE:
            self._made[reader, said] = made
        return made

    def named(self, prefix: str) -> Iterator[str]:
        """Give what follows the prefix in the names of sections, `/bin/php` of `php /bin/php`."""
        return (name.removeprefix(prefix) for name in self.sections if name.startswith(prefix))


def program(frame: str, questions: Questions) -> str:
    """Return the program: the parameters as shell variables, then `sh/*.sh`, underscores first."""
    return values(frame, questions) + programs()


def values(frame: str, questions: Questions) -> str:
    """Return the parameters as shell variables.

    frame: a random word. The others are `secret` (the key of digests), `apps` (folders, one a
    line), `patience` (seconds for one of its programs), `web_pages` (see `WebPage.line`),
    `expressions` and `pages` (JSON), and `php_code` (what a PHP is asked).
    """
    parameters = {
        "frame": frame,
        "secret": questions.secret,
        "more_secrets": "\n".join(questions.secrets),
        "apps": "\n".join(questions.folders),
        "patience": f"{questions.patience:f}".rstrip("0").rstrip("."),
        "web_pages": "\n".join(page.line for page in questions.web_pages),
        "expressions": json.dumps([each.code for each in questions.expressions]),
        "pages": json.dumps([[each.method, each.path, each.body] for each in questions.pages]),
        "php_code": "".join(_texts("php").values()).replace("<?php", ""),
    }
    return "".join(f"{name}={shlex.quote(value)}\n" for name, value in parameters.items())


def programs() -> str:
    """Return `sh/*.sh`, underscores first; what is masked comes last."""
    return "".join(_texts("sh").values()) + "masked_sections\n"


@cache
def _texts(folder: str) -> dict[str, str]:
    found = [file for file in Path(__file__).with_name(folder).iterdir() if file.is_file()]
    return {file.name: file.read_text("utf-8") for file in sorted(found)}


def collect(backend: "ShellBackend", questions: Questions) -> dict[str, Section]:
    """Ask a host everything, and return the sections of its answer by name.

    What was answered before a host fell silent is there; the reason is in the section `LOST`.
    A host whose address asks for more time, as `?timeout=60`, has it for all and for each program.
    """
    frame = token_hex()
    asked = replace(questions, patience=max(questions.patience, backend.timeout))
    limit = max(LIMIT, SHARE * backend.timeout)
    try:
        said = backend.run_program(program(frame, asked), "everything", limit)
    except UnreachableError as error:
        found = split(error.said, frame, error.what)
        if not found:
            raise
        return {**found, LOST: Section(Answer.FAILED, reason=error.what)}
    return split(said, frame, "its answer was cut off")


def split(said: bytes, frame: str, cut: str) -> dict[str, Section]:
    """Cut a program's output into sections; whatever stands around them is dropped.

    cut: why a section has no end.
    """
    parts = said.split(f"\n{frame} begin ".encode(), SECTIONS + 1)[1:]
    if len(parts) > SECTIONS:
        return {LOST: Section(Answer.FAILED, reason=f"it told of more than {SECTIONS:,} things")}
    end = f"\n{frame} end ".encode()
    found = dict(_section(part, end, cut) for part in parts)
    lost = found.pop(LOST, None)
    if lost is None or lost.status is Answer.ANSWERED:
        return found
    return {LOST: lost} | {name: found[name] for name in (ABOUT,) if name in found}


def _section(part: bytes, end: bytes, cut: str) -> tuple[str, Section]:
    # one by one: of a hundred hosts, all as text at once would take ten times the memory
    begun, ended, told = part.partition(end)
    first, _, said = begun.partition(b"\n")
    name = _text(first[:NAME])
    status, _, reason = _text(told[:REASON].partition(b"\n")[0]).partition(" ")
    if fault := _too_much(said) if ended else cut:
        return name, Section(Answer.FAILED, reason=fault)
    found = STATUSES.get(status, Answer.FAILED)
    if found is Answer.FAILED:
        reason = f"ended with {status}: {reason}".rstrip(": ")
    return name, Section(found, _text(said), reason)


def _too_much(said: bytes) -> str:
    if len(said) > LARGEST:
        return f"it is longer than {LARGEST:,} bytes"
    return f"it has more than {LINES:,} lines" if said.count(b"\n") > LINES else ""


def _text(said: bytes) -> str:
    return said.decode(errors="backslashreplace")
