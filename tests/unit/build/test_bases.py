from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

from deployment_drift.build import bases, bootstrap
from deployment_drift.build.bases import Base
from deployment_drift.engine import streams
from deployment_drift.engine.engines import Engine
from deployment_drift.errors import BuildError
from deployment_drift.parallel import Cancel
from tests.fakes import VERSION, serve

INFO = {"DockerRootDir": "/no/such/folder"}  # elsewhere: its room cannot be asked for
IMAGE = {"Id": "sha256:1", "RepoDigests": ["debian@sha256:d"]}


@pytest.fixture(autouse=True)
def _state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))


def engine(address: str) -> Engine:
    """Return the engine at `host:port`."""
    return Engine(f"tcp://{address}", "DOCKER_HOST", api="1.41")


@pytest.mark.parametrize(
    ("name", "suite"),
    [
        ("debian:trixie-slim", "trixie"),
        ("debian:bookworm", "bookworm"),
        ("127.0.0.1:5000/debian:trixie-slim", "trixie"),
        ("arm64v8/debian:trixie-slim", "trixie"),
        ("debian:12-slim", None),
        ("notdebian:trixie-slim", None),
        ("php:8.4", None),
    ],
)
def test_suite_is_read_from_the_name(name: str, suite: str | None) -> None:
    """A Debian image's tag names its suite; other images have none."""
    assert bases.suite(name) == suite


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("debian:trixie-slim", ("debian", "trixie-slim")),
        ("debian", ("debian", "latest")),
        ("127.0.0.1:5000/debian", ("127.0.0.1:5000/debian", "latest")),
        ("127.0.0.1:5000/debian:a", ("127.0.0.1:5000/debian", "a")),
    ],
)
def test_port_is_no_tag(name: str, parts: tuple[str, str]) -> None:
    """The tag follows the last colon, unless that is a registry's port."""
    assert bases.split(name) == parts


def test_present_base_keeps_its_digest() -> None:
    """A base that is there is used as it is, with the digest by which it was once pulled."""
    with serve({"GET /images/debian:trixie-slim/json": IMAGE}) as address:
        found = bases.prepare(engine(address), ["debian:trixie-slim"], lambda *_: None)
    assert found == [Base("debian:trixie-slim", "sha256:1", "sha256:d", "present")]


def test_base_that_was_made_here_has_no_registrys_digest() -> None:
    """Some engines digest an image that was imported; no registry knows that digest."""
    made = {**IMAGE, "Config": {"Labels": {bases.LABEL: "bootstrapped"}}}
    with serve({"GET /images/debian:trixie-slim/json": made}) as address:
        found = bases.prepare(engine(address), ["debian:trixie-slim"], lambda *_: None)
    assert found == [Base("debian:trixie-slim", "sha256:1", "", "present")]


def test_registrys_complaint_is_told_and_the_rest_tried() -> None:
    """A registry's complaint in the middle of a pull is told; without a suite it is the end."""
    said: list[str] = []
    complaint = ({"status": "Pulling", "id": "a"}, {"error": "manifest unknown"})
    with (
        serve({"POST /images/create": complaint, "GET /info": INFO}) as address,
        pytest.raises(BuildError, match="php:9 could not be pulled"),
    ):
        bases.prepare(engine(address), ["php:9"], lambda _, line: said.append(line))
    assert said == ["pulling", "a: Pulling", "not_pulled manifest unknown"]


def test_failed_bootstrap_is_the_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without registry and without packages, the error is the bootstrap's, last lines and all."""
    monkeypatch.setattr(bootstrap, "require", lambda _: None)
    monkeypatch.setattr(bootstrap, "command", lambda *_: ["sh", "-c", "echo E: x >&2; exit 1"])
    with (
        serve({"GET /version": VERSION, "GET /info": INFO}) as address,
        pytest.raises(BuildError, match="Debian trixie, and it could not be made") as error,
    ):
        bases.prepare(engine(address), ["debian:trixie-slim"], lambda *_: None)
    assert error.value.detail == "E: x"


@pytest.mark.parametrize(
    ("name", "cpu", "paths"),
    [
        ("debian:trixie-slim", "amd64", ["/images/create"] * 2),
        ("arm64v8/debian:trixie-slim", "arm64", ["/images/create", "/images/load"]),
    ],
)
def test_base_is_made_for_the_cpu_in_its_name(
    monkeypatch: pytest.MonkeyPatch, name: str, cpu: str, paths: list[str]
) -> None:
    """Another CPU's base is pulled and made for that CPU, and loaded: import would mislabel it."""
    asked: list[streams.Request] = []
    made: list[str] = []

    def post(_api: object, request: streams.Request, _cancel: Cancel) -> Iterator[dict[str, Any]]:
        asked.append(request)
        yield {"error": "no registry"} if "fromImage" in request.params else {"stream": "done"}

    def tar(_suite: str, architecture: str, *_: object) -> list[bytes]:
        made.append(architecture)
        return []

    monkeypatch.setattr(streams, "post", post)
    monkeypatch.setattr(bootstrap, "require", lambda _: None)
    monkeypatch.setattr(bootstrap, "tar", tar)
    with (
        serve({"GET /version": VERSION, "GET /info": INFO}) as address,
        pytest.raises(BuildError, match="lost a base image"),
    ):
        bases.prepare(engine(address), [name], lambda *_: None)
    assert [request.path for request in asked] == paths
    assert asked[0].params["platform"] == ("linux/arm64" if cpu == "arm64" else "")
    assert made == [cpu]
    # Podman 4 names it debian:latest where repository and tag are told apart
    assert (asked[1].params.get("repo"), asked[1].params.get("tag")) == (
        (name, None) if cpu == "amd64" else (None, None)
    )


def test_another_repositorys_digest_is_not_a_bases() -> None:
    """A name that was moved to another repository's image has not got that one's digest."""
    moved = {**IMAGE, "RepoDigests": ["php@sha256:e"]}
    with serve({"GET /images/debian:trixie-slim/json": moved}) as address:
        found = bases.prepare(engine(address), ["debian:trixie-slim"], lambda *_: None)
    assert found[0].digest == ""
    assert found[0].pinned == "debian:trixie-slim"


@pytest.mark.parametrize("known", ["debian", "docker.io/library/debian"])
def test_a_base_is_pinned_by_the_registrys_digest(known: str) -> None:
    """What a registry gave is called by its digest, however the engine writes the name."""
    pulled = {**IMAGE, "RepoDigests": [f"{known}@sha256:d"]}
    with serve({"GET /images/debian:trixie-slim/json": pulled}) as address:
        found = bases.prepare(engine(address), ["debian:trixie-slim"], lambda *_: None)
    assert found[0].pinned == "debian@sha256:d"


@pytest.mark.parametrize(
    ("now", "there", "fails"),
    [
        ({"Id": "sha256:2"}, True, True),
        ({"Id": "sha256:2"}, False, False),
        ({"Id": "sha256:1"}, True, False),
        ({"Id": "sha256:2", "RepoDigests": ["debian@sha256:e"]}, True, False),
    ],
)
def test_a_moved_name_is_refused(
    now: dict[str, Any], tmp_path: Path, *, there: bool, fails: bool
) -> None:
    """A prepared base's name leads to that base, or to a newer one that a registry gave.

    An engine that has never had the prepared one has a base of its own.
    """
    (tmp_path / "deployment-drift").mkdir()
    notes = tmp_path / "deployment-drift/bases"
    notes.write_text("sha256:1 debian:trixie-slim\nsha256:3\n", "ascii")
    answers = {"GET /images/debian:trixie-slim/json": now}
    answers |= {"GET /images/sha256:1/json": {"Id": "sha256:1"}} if there else {}
    with serve(answers) as address:
        raised = pytest.raises(BuildError, match="somebody has moved the name")
        with raised if fails else nullcontext():
            bases.prepare(engine(address), ["debian:trixie-slim"], lambda *_: None)
