import io
import os
import re
import tarfile
from pathlib import Path

import pytest

from deployment_drift import paths
from deployment_drift.build import context
from deployment_drift.engine import ownership
from deployment_drift.errors import BuildError


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Give a repository with an application, an environment, and a file that is none of them."""
    for name in ("app/index.php", "local/Dockerfile", "local/start", "secret"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("FROM debian:trixie-slim\n")
    (tmp_path / "local/start").chmod(0o755)
    return tmp_path


def entries(tar: bytes) -> list[tarfile.TarInfo]:
    """Return what is in a tar."""
    with tarfile.open(fileobj=io.BytesIO(tar)) as opened:
        return opened.getmembers()


def test_holds_the_application_and_the_environment(root: Path) -> None:
    """Only `app/` and what is in the environment's folder are packed, sorted."""
    names = [entry.name for entry in entries(context.pack("local", root))]
    assert names == ["Dockerfile", "start", "app", "app/index.php"]


def test_same_content_same_bytes(root: Path) -> None:
    """Times, owners and the checkout's umask do not matter; the executable bit does."""
    before = context.pack("local", root)
    os.utime(root / "app/index.php", (1, 1))
    (root / "app/index.php").chmod(0o600)
    assert context.pack("local", root) == before
    (root / "local/start").chmod(0o644)
    assert context.pack("local", root) != before


@pytest.mark.parametrize("name", ["app/index.php", "local/Dockerfile", "local/new"])
def test_changed_content_is_another_fingerprint(root: Path, name: str) -> None:
    """One changed or new file leads to another fingerprint, a file elsewhere does not."""
    before = context.fingerprint(context.pack("local", root), ["sha256:1"])
    (root / "secret").write_text("changed")
    assert context.fingerprint(context.pack("local", root), ["sha256:1"]) == before
    (root / name).write_text("changed")
    assert context.fingerprint(context.pack("local", root), ["sha256:1"]) != before


def test_another_base_is_another_fingerprint(root: Path) -> None:
    """The same folder on another base image is another image."""
    tar = context.pack("local", root)
    assert context.fingerprint(tar, ["sha256:1"]) != context.fingerprint(tar, ["sha256:2"])
    assert len(context.fingerprint(tar, [])) == 12


def test_folder_without_dockerfile(root: Path) -> None:
    """A folder without a Dockerfile is an error that names the path."""
    with pytest.raises(BuildError, match=r"no Dockerfile at .*/nowhere/Dockerfile"):
        context.pack("nowhere", root)


def test_bases_are_what_a_dockerfile_starts_from(root: Path) -> None:
    """Stages of its own, `scratch` and repetitions are no bases; options are skipped."""
    (root / "local/Dockerfile").write_text(
        "# FROM nothing\n"
        "FROM --platform=linux/amd64 debian:trixie-slim AS build\n"
        "from debian:bookworm-slim\n"
        "FROM build\n"
        "FROM scratch\n"
        "FROM debian:trixie-slim as again\n"
    )
    assert context.bases_of("local", root) == ["debian:trixie-slim", "debian:bookworm-slim"]


def test_argument_before_the_first_stage_names_a_base(root: Path) -> None:
    """FROM knows the defaults of arguments that stand before it, and none of a stage's own."""
    (root / "local/Dockerfile").write_text(
        "ARG BASE=debian:trixie-slim\n"
        "ARG WITHOUT\n"
        "FROM ${BASE} AS build\n"
        "ARG BASE=php:8\n"
        "FROM $BASE\n"
        "FROM ${WITHOUT}\n"
    )
    assert context.bases_of("local", root) == ["debian:trixie-slim", "${WITHOUT}"]


def test_other_cpus_base(root: Path) -> None:
    """For another CPU a folder starts from that CPU's base."""
    assert context.bases_of("local@arm64", root) == ["arm64v8/debian:trixie-slim"]


@pytest.mark.parametrize("file", sorted(paths.root().glob("*/Dockerfile")), ids=str)
def test_dockerfile_does_not_say_where_it_is(file: Path) -> None:
    """What differs between two environments' Dockerfiles is never their folders' names."""
    words = [word for line in file.read_text().splitlines() for word in line.split()]
    assert not [word for word in words if word.startswith(f"{file.parent.name}/")]


@pytest.mark.parametrize(
    "file", sorted(paths.root().glob("images/**/Dockerfile")), ids=lambda file: file.parent.name
)
def test_stage_that_is_copied_from_can_be_cleaned_away(file: Path) -> None:
    """What a stage leaves has no name: only by its label does `clean` find it."""
    text = file.read_text("utf-8")
    stages = {part.split()[2]: part for part in text.split("\nFROM ")[1:] if " AS " in part[:80]}
    first = text.split("\nFROM ")[0]
    assert "COPY --from" not in first
    for name in set(re.findall(r"^COPY --from=(\w+)", text, re.MULTILINE)):
        _, *steps = stages[name].strip().splitlines()  # one without any is an image with a name
        assert not steps or f"LABEL {ownership.STAGE}=" in stages[name]
