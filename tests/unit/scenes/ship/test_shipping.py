"""What a push leaves on the engine."""

from pathlib import Path
from urllib.parse import unquote

import pytest

from deployment_drift.engine.engines import Engine
from deployment_drift.records import Host
from deployment_drift.run import Run
from deployment_drift.scenes import find
from deployment_drift.scenes.ship import shipping
from deployment_drift.scenes.ship.places import places
from deployment_drift.ship.registry import Moved
from tests.fakes import serve

DIGEST = f"sha256:{'a' * 64}"


@pytest.mark.parametrize("taken", [True, False])
def test_no_name_of_a_registry_is_left(*, taken: bool) -> None:
    """The names of a registry that goes are taken away, also of a push that it did not take."""
    asked: list[str] = []
    run = Run(find("ship"), Path())
    places(run).registry = Host("registry", "docker://registry", url="https://127.0.0.1:5000")
    name = places(run).here("first")
    if taken:
        places(run).versions["first"] = Moved(name.at(DIGEST), 1, 1, 0.0)
    with serve({}, asked) as address:
        run.engine = Engine(f"tcp://{address}", "DOCKER_HOST", api="1.41")
        shipping._forget(run, name)  # noqa: SLF001 -- played at the end of a step
    ends = [":first", f"@{DIGEST}"][: 1 + taken]
    assert [unquote(line.split()[1].partition("?")[0]) for line in asked] == [
        f"/v1.41/images/127.0.0.1:5000/deployment-drift/shop{end}" for end in ends
    ]
