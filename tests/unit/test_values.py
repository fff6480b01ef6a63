"""Values from hosts, written so that they cannot do harm."""

import pytest

from deployment_drift.records import Host, Observation, Status
from deployment_drift.values import harmless, passwordless, plain, sanitized, shown


@pytest.mark.parametrize("text", ["\x1b[2J", "\r", "\n", "\x00", "\x9b31m", "\u202e", "\x07"])
def test_nothing_reaches_the_terminal_unspelt(text: str) -> None:
    """Escape sequences, line ends and direction marks are spelt out."""
    assert harmless(text).isprintable()


def test_people_read_their_own_letters() -> None:
    """Printable text of every language stays as it is."""
    assert harmless("¥45 → 税込 ς") == "¥45 → 税込 ς"


def test_values_are_written_as_json_but_texts_as_they_are() -> None:
    """Only texts go without quotes; an empty text shows that it is one."""
    assert plain("8.4") == "8.4"
    assert plain([1, "ア"]) == '[1, "ア"]'
    assert plain(value=True) == "true"
    assert plain("") == '""'


def test_states_are_words() -> None:
    """Absent and unknown are words of their own, never a value."""
    assert shown(Observation(Status.VALUE, "absent?")) == "absent?"
    assert shown(Observation(Status.ABSENT)) == "absent"
    assert shown(Observation(Status.UNKNOWN, reason="gone")) == "unknown (gone)"


def test_what_is_harmless_is_told_as_it_is() -> None:
    """A record in which nothing has to be spelt out is itself what is told, not a copy."""
    host = Host("local", "docker://drift-local")
    assert sanitized(host) is host
    assert sanitized(Host("lo\x1bcal", "")) == Host("lo\\x1bcal", "")


def test_quotes_and_backslashes_are_harmless() -> None:
    """A whole inventory with quotes and backslashes is told as it is, one with a tab is not."""
    quoted = Observation(Status.VALUE, {"C:\\temp": 'it\'s "here" \\'})
    assert sanitized(quoted) is quoted
    strange = Observation(Status.VALUE, {"C:\\temp": ["it's\there \\"]})
    assert sanitized(strange).value == {"C:\\temp": ["it's\\there \\"]}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "http://me:s3/cr@et@r.example/shop",
            "http://me:…@r.example/shop",
        ),
        ("me:secret@r.example/shop@sha256:00", "me:…@r.example/shop@sha256:00"),
        ("r.example:5000/shop@sha256:00", "r.example:5000/shop@sha256:00"),
        (
            "ssh://me@host:22 cannot be reached: me@host",
            "ssh://me@host:22 cannot be reached: me@host",
        ),
    ],
)
def test_a_password_in_an_address_is_not_repeated(text: str, told: str) -> None:
    """Of what was typed, an error repeats all but the password; users and digests are none."""
    assert passwordless(text) == told
