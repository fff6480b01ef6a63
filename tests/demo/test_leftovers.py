import subprocess
import sys

import docker

from deployment_drift.engine import leftovers, ownership
from deployment_drift.engine.engines import Engine

HOLD = """
import time
from deployment_drift.engine import ownership
with ownership.session() as session:
    print(session.id, flush=True)
    time.sleep(100)
"""


def killed_session(environment: dict[str, str]) -> str:
    """Return the id of a session whose process was killed."""
    command = [sys.executable, "-c", HOLD]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        name = process.stdout.readline().strip()
        process.kill()
    return name


def test_sweep_removes_what_a_killed_session_left(
    engine: Engine, docker_client: docker.DockerClient, environment: dict[str, str]
) -> None:
    """What a session left that was killed is removed; what a living one has started stays."""
    with ownership.session() as alive:
        for name, session in (("alive", alive.id), ("dead", killed_session(environment))):
            labels = {**alive.labels, ownership.LABEL: session}
            docker_client.networks.create(f"drift-{name}", labels=labels)
        assert leftovers.sweep(engine).networks == 1
        assert docker_client.networks.list(names=["drift-alive"])
        assert not docker_client.networks.list(names=["drift-dead"])
        assert leftovers.remove_session(engine, alive.id).networks == 1
