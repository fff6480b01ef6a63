"""How a value that came from a host is written for people: short, on one line, harmless."""

import json

from deployment_drift.records import JSON, Observation, Status


def harmless(text: str) -> str:
    """Return `text` with everything unprintable (escape sequences, line ends) spelt out."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def plain(value: JSON) -> str:
    """Return a value as text: strings as they are, everything else as JSON writes it."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return harmless(text) or '""'


def shown(seen: Observation) -> str:
    """Return what a host answered, or that it is absent, or that it could not be asked."""
    if seen.status is Status.VALUE:
        return plain(seen.value)
    return seen.status.value if seen.status is Status.ABSENT else f"unknown ({seen.reason})"
