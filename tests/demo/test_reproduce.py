"""The same content built twice, for real: what differs, and what is left when that is fixed."""

from pathlib import Path

import docker

from deployment_drift.engine.engines import Engine
from deployment_drift.ship.differences import lines
from deployment_drift.ship.reproduce import builds


def test_two_builds_come_to_one_digest(
    engine: Engine, docker_client: docker.DockerClient, root: Path
) -> None:
    """Both are built, and differ by times and a log; with these fixed, they are one digest.

    The first keeps its name, and of the second nothing is left.
    """
    first, second = builds(engine, "dated", lambda _: None, root=root)
    assert first.id != second.id
    assert first.fixed == second.fixed
    said = list(lines(first, second))
    assert [line.split(": ")[1] for line in said if line.startswith("differs")] == [
        "var/log/dpkg.log"
    ]
    assert "packages" in "".join(said)
    assert first.packages == second.packages != {}
    kept = {image.id for image in docker_client.images.list(all=True)}
    assert first.id in kept
    assert second.id not in kept
