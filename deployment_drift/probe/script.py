"""One sh file that takes a snapshot where we may not enter, and what it prints."""

import re
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from secrets import token_hex

from deployment_drift.probe.collect import ABOUT, Answer, Section, programs, split, values
from deployment_drift.probe.questions import Questions

VERSION = 1
KEY = "DRIFT_KEY"  # the variable of the environment that has the key of digests
LOOKED_AT = (
    4096  # bytes at the start in which the first line stands; a terminal may greet before it
)
FIRST = re.compile(rb"^deployment-drift snapshot (\d+) ([0-9a-f]{16,})\r?$", re.MULTILINE)


def script(questions: Questions) -> str:
    """Return the sh file; `questions.secret` is its key where the environment has none."""
    start, head, end = (_text(f"script_{part}.sh") for part in ("start", "head", "end"))
    return start + values(token_hex(16), questions) + head + programs() + end


def _text(name: str) -> str:
    return Path(__file__).with_name(name).read_text("utf-8")


def fingerprint(key: str) -> str:
    """Return what tells keys apart in a snapshot, as `script_end.sh` makes it."""
    return sha256(f"{key}{key}".encode()).hexdigest()[:12]


def starts(content: bytes) -> re.Match[bytes] | None:
    """Return the first line that the script printed, if this is what it printed."""
    return FIRST.search(content[:LOOKED_AT])


def sections(content: bytes, first: re.Match[bytes]) -> tuple[dict[str, Section], dict[str, str]]:
    """Return what the script printed, and what its end says of it: `host`, `taken`, `key`.

    Raises ValueError where the end is missing.
    """
    if b"\r\n" in first[0] + content[first.end() : first.end() + 2]:  # a terminal was in between
        content = content.replace(b"\r\n", b"\n")
    found = split(content, first[2].decode(), "cut off")
    about = found.pop(ABOUT, None)
    if about is None or about.status is not Answer.ANSWERED:
        raise ValueError("cut off")
    told = dict(line.split(" ", 1) for line in about.text.splitlines())
    if not {"host", "taken", "key"} <= told.keys():
        raise ValueError("cut off")
    datetime.fromisoformat(told["taken"])
    return found, told
