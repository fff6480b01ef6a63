"""Finds secrets in an image as an engine saves it: in each layer, and in its history."""

import re
import tarfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import IO

from deployment_drift.engine import streams
from deployment_drift.errors import DriftError

ZSTD = b"\x28\xb5\x2f\xfd"
"""How a layer begins that is packed as Python before 3.14 cannot read it."""
READ = 2**20
"""Bytes at the beginning of each file that are looked at."""
# what it is, the words that are in each (found ten times as fast), and what it looks like
_INSIDE = (
    ("a private key", (b"PRIVATE KEY-----",),
     rb"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----\s+[A-Za-z0-9+/=]{40}"),
    ("a key of Amazon's", (b"AKIA", b"ASIA"), rb"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),
    ("a token of GitHub's", (b"ghp_", b"gho_", b"ghu_", b"ghs_", b"ghr_", b"github_pat_"),
     rb"\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_\w{60,})"),
    ("a token of GitLab's", (b"glpat-",), rb"\bglpat-[\w-]{20,}"),
    ("a key of Google's", (b"AIza",), rb"\bAIza[\w-]{35}"),
)  # fmt: skip
_NAMED = re.compile(
    rb"\b([A-Za-z0-9_]*(?:passw(?:or)?d|secret|token|api_?key)[A-Za-z0-9_]*)="
    rb"(?:\\?[\"'](?!\$)[^\"'\\\n]{4,}|(?![$'])[^\s\"\\]{4,})",  # quoted; in JSON, \"quoted\"
    re.IGNORECASE,
)
_FILES = re.compile(
    r"(?:^|/)(?:id_(?:rsa|dsa|ecdsa|ed25519)|\.netrc|\.git-credentials|\.npmrc|\.pgpass"
    r"|\.docker/config\.json|\.aws/credentials)$"
)
_ADDRESS = re.compile(rb"://[^\s:/@\"'<>$]+:[^\s:/@\"'<>$]{3,}@[\w.-]+\.\w")
_PACKAGED = re.compile(r"(?:\./)?(?:usr/(?!local/)|var/lib/dpkg/)")  # documentation has examples
_OURS = re.compile(r"(?:^|/)\.env(?:\.[\w.-]+)?$")


@dataclass(frozen=True, slots=True)
class Secret:
    """Where a secret was found, `history` or a path in a layer, and what it is; never its value."""

    where: str
    what: str


def secrets(saved: Iterable[bytes]) -> list[Secret]:
    """Return the secrets of an image, from the tar that `docker save` gives in chunks.

    Raises DriftError where it holds a layer into which nobody could look.
    """
    found: dict[Secret, None] = {}
    with tarfile.open(fileobj=streams.file(saved), mode="r|") as outer:
        for member in outer:
            # Podman names a layer once more by a link
            if member.isreg() and (content := outer.extractfile(member)):
                found |= dict.fromkeys(_layer(content))
    return list(found)


def _layer(content: IO[bytes]) -> Iterator[Secret]:
    """Look through a layer; what is no tar is the image's settings, with its history."""
    head = content.read(READ)
    if head.lstrip()[:1] in {b"{", b"["}:
        yield from in_settings(head)
        return
    whole = streams.file(chain([head], iter(lambda: content.read(READ), b"")))
    try:
        with tarfile.open(fileobj=whole, mode="r|*") as layer:
            for file in layer:
                if file.isreg() and (opened := layer.extractfile(file)):
                    yield from in_file(file.name, opened.read(READ))
    except tarfile.ReadError as error:
        if head.startswith(ZSTD):
            what = "a layer is packed with zstd: whether there is a secret in it cannot be seen"
            hint = "build it with compression=gzip, or play it on Python 3.14"
            raise DriftError(what, hint=hint) from error


def in_settings(text: bytes) -> Iterator[Secret]:
    """Yield the secrets of an image's settings: its history and the variables it starts with."""
    for name in _NAMED.findall(text):
        yield Secret("history", f"a value of {name.decode()}")
    yield from (Secret("history", what) for what in _inside(text))


def in_file(path: str, text: bytes) -> Iterator[Secret]:
    """Yield the secrets of one file of a layer."""
    if text and _FILES.search(path):
        yield Secret(path, "a file that holds credentials")
    yield from (Secret(path, what) for what in _inside(text))
    if not _PACKAGED.match(path) and _ADDRESS.search(text):
        yield Secret(path, "a password in an address")
    if _OURS.search(path):
        yield from (Secret(path, f"a value of {n.decode()}") for n in _NAMED.findall(text))


def _inside(text: bytes) -> Iterator[str]:
    for what, words, pattern in _INSIDE:
        if any(word in text for word in words) and re.search(pattern, text):
            yield what
