from pathlib import Path

import pytest

from deployment_drift.build import images
from deployment_drift.engine import engines
from deployment_drift.engine.engines import Engine
from deployment_drift.errors import BuildError
from tests.fakes import serve


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Give a repository with one environment."""
    (tmp_path / "local").mkdir()
    (tmp_path / "local/Dockerfile").write_text("FROM debian:trixie-slim\n")
    return tmp_path


def engine(address: str) -> Engine:
    """Return the engine at `host:port`."""
    return Engine(f"tcp://{address}", "DOCKER_HOST", api="1.41")


def test_folder_without_dockerfile_is_named(tmp_path: Path) -> None:
    """A folder without a Dockerfile is an error that names the path, before anything is built."""
    with serve({}) as address, pytest.raises(BuildError, match=r"no Dockerfile at .*/nowhere/"):
        images.build(engine(address), "nowhere", lambda *_: None, root=tmp_path)


def test_base_that_is_not_prepared_is_named(root: Path) -> None:
    """Without its base image a folder is not built: the engine would look for it elsewhere."""
    with serve({}) as address, pytest.raises(BuildError, match="debian:trixie-slim is not there"):
        images.build(engine(address), "local", lambda *_: None, root=root)


def test_missing_base_means_not_built(root: Path) -> None:
    """An environment whose base is missing counts as not built yet."""
    with serve({}) as address, engines.opened(engine(address)) as client:
        assert images.present(client, "local", root) == ""


def test_a_name_that_was_moved_is_not_what_was_built(root: Path) -> None:
    """An image that has a tag of ours but was not built under it is not taken for ours."""
    base = {"GET /images/debian:trixie-slim/json": {"Id": "sha256:1"}}
    with serve(base) as address, engines.opened(engine(address)) as client:
        tag = images._plan(client, "local", root).tag  # noqa: SLF001 -- the tag is the rule
    for label, found in ((tag, tag), ("deployment-drift/local:0", "")):
        image = {"Id": "sha256:2", "Config": {"Labels": {"deployment-drift.built-as": label}}}
        known = {**base, f"GET /images/{tag}/json": image}
        with serve(known) as address, engines.opened(engine(address)) as client:
            assert images.present(client, "local", root) == found


def test_other_cpu_is_another_image(root: Path) -> None:
    """For another CPU the tag has another name and hash, and the build starts from its base."""
    present = {
        "GET /images/debian:trixie-slim/json": {"Id": "sha256:1"},
        "GET /images/arm64v8/debian:trixie-slim/json": {"Id": "sha256:2"},
    }
    with serve(present) as address, engines.opened(engine(address)) as client:
        first = images._plan(client, "local", root)  # noqa: SLF001 -- what is ordered is the rule
        second = images._plan(client, "local@arm64", root)  # noqa: SLF001
    assert second.tag.startswith("deployment-drift/local-arm64:")
    assert first.tag.partition(":")[2] != second.tag.partition(":")[2]
    assert (first.arguments, second.arguments) == ({}, {"BASE": "arm64v8/debian:trixie-slim"})
