"""Two builds of the same content, and what is left of their difference."""

import io
import json
import tarfile
from dataclasses import dataclass, field
from typing import Any

import pytest

from deployment_drift.engine import ownership
from deployment_drift.ship.differences import lines
from deployment_drift.ship.reproduce import Build, explained, read

LOG = "var/log/dpkg.log"


@dataclass
class Made:
    """What one build makes of a layer: contents, times and modes of files by their paths."""

    number: int = 1
    files: dict[str, str] = field(default_factory=lambda: {"b": "same", "a": "same"})
    modes: dict[str, int] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    user: str = "www-data"

    def layer(self) -> bytes:
        """Return the layer, whose times are those of this build."""
        buffer = io.BytesIO()
        with tarfile.open(fileobj=buffer, mode="w") as tar:
            for name, text in self.files.items():
                entry = tarfile.TarInfo(name)
                entry.size, entry.mtime = len(text), 1000 * self.number
                entry.mode = self.modes.get(name, 0o644)
                entry.uname = str(self.number)
                tar.addfile(entry, io.BytesIO(text.encode()))
            for name, other in self.links.items():
                entry = tarfile.TarInfo(name)
                entry.type, entry.linkname = tarfile.LNKTYPE, other
                tar.addfile(entry)
        return buffer.getvalue()

    def settings(self) -> dict[str, Any]:
        """Return the settings, as an engine's own builder writes them."""
        labels = {ownership.BUILT_AS: str(self.number), "team": "tea"}
        return {
            "architecture": "amd64",
            "os": "linux",
            "created": str(self.number),
            "container": str(self.number),
            "config": {"User": self.user, "Image": str(self.number), "Labels": labels},
            "history": [{"created": str(self.number), "created_by": "RUN x"}],
            "rootfs": {"diff_ids": [str(self.number)]},
        }

    def build(self, packages: dict[str, tuple[str, str]] | None = None) -> Build:
        """Return the build, read from what an engine saves."""
        files = {
            "1/layer.tar": self.layer(),
            "config.json": json.dumps(self.settings()).encode(),
            "manifest.json": json.dumps(
                [{"Config": "config.json", "Layers": ["1/layer.tar"]}]
            ).encode(),
        }
        buffer = io.BytesIO()
        with tarfile.open(fileobj=buffer, mode="w") as tar:
            for name, content in files.items():
                entry = tarfile.TarInfo(name)
                entry.size = len(content)
                tar.addfile(entry, io.BytesIO(content))
        settings, layers = read(buffer)
        return Build(f"sha256:{self.number}", settings, layers, packages or {})


def told(first: Build, second: Build, kind: str) -> list[str]:
    """Return the lines of one kind that two builds come to."""
    return [line for line in lines(first, second) if line.startswith(kind)]


def test_a_later_build_of_the_same_is_the_same() -> None:
    """Times, order, owners' names and what the builder notes of itself do not count."""
    first = Made()
    second = Made(2, dict(reversed(first.files.items())))
    assert first.build().fixed == second.build().fixed
    assert told(first.build(), second.build(), "differs") == []
    assert "2 files differ in their times alone" in told(first.build(), second.build(), "times")[0]


def test_what_is_explained_is_left_out_and_named() -> None:
    """A log of the installation differs, which is said with its reason, and is not in the sum."""
    first, second = (Made(n, {LOG: str(n), "a": "same"}).build() for n in (1, 2))
    assert first.fixed == second.fixed
    (said,) = told(first, second, "differs")
    assert LOG in said
    assert explained()[LOG] in said


@pytest.mark.parametrize(
    ("other", "says"),
    [
        (Made(2, {"a": "other", "b": "same"}), "a: content: nothing explains it"),
        (Made(2, {"a": "same"}), "b: only in one of them"),
        (Made(2, modes={"a": 0o600}), "a: 0 644 0:0, 0 600 0:0"),
        (Made(2, links={"c": "a"}), "c: only in one of them"),
    ],
)
def test_what_nothing_explains_is_another_digest(other: Made, says: str) -> None:
    """Another content, mode or file leaves two digests, and is named."""
    first, second = Made().build(), other.build()
    assert first.fixed != second.fixed
    assert [says in line for line in told(first, second, "differs")] == [True]


def test_other_settings_are_another_digest() -> None:
    """Who the program runs as is part of the content; when it was built is not."""
    first, second = Made().build(), Made(2, user="root").build()
    assert first.fixed != second.fixed
    assert "settings  container differ" in told(first, second, "settings")[1]


def test_newer_packages_are_named() -> None:
    """A package that came in another version is the reason, and both versions are said."""
    first = Made().build({"php8.4": ("8.4.20", "amd64"), "apt": ("3", "amd64")})
    second = Made(2).build({"php8.4": ("8.4.21", "amd64"), "apt": ("3", "amd64")})
    assert told(first, second, "packages") == ["packages  2, 1 of them in other versions"]
    assert "php8.4: 8.4.20 → 8.4.21" in told(first, second, "package ")[0]


def test_date_is_the_one_that_other_builders_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """SOURCE_DATE_EPOCH is given to everything newer, and to nothing older."""
    both = [Made(), Made(2)]
    before = both[0].build().fixed
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1000")
    first, second = (each.build() for each in both)
    assert first.fixed == second.fixed != before
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1500")
    assert both[0].build().fixed != both[1].build().fixed
