"""The artifact for a second CPU, built and run for real."""

from typing import Any

import docker
import pytest

from deployment_drift import paths
from deployment_drift.build import images, names
from deployment_drift.engine import ownership
from deployment_drift.engine.engines import Engine
from deployment_drift.scenes.architecture import MACHINES
from deployment_drift.scenes.limits import architecture
from deployment_drift.targets import throwaway
from tests.demo.conftest import Invoke

LIST = "mount -t binfmt_misc binfmt_misc . && cd . && echo *"
RIGHTS = {"cap_add": ["SYS_ADMIN"], "security_opt": ["apparmor=unconfined"]}


def listed(engine: Engine, client: docker.DockerClient) -> list[str]:
    """Return the names in the kernel's list."""
    image = images.build(engine, architecture.EMULATOR, lambda *_: None, root=paths.root()).id
    with (
        ownership.session() as session,
        throwaway.container(client, session, image, [LIST], name="list", **RIGHTS) as one,
    ):
        return throwaway.ended(one).text.split()


@pytest.fixture(scope="module")
def document(patient: Invoke) -> Any:  # noqa: ANN401 -- JSON
    """Give what one real playing of the scene came to: to emulate a build takes minutes."""
    return patient("demo-limits", "--both-cpus", "--json").document(status=0)


def test_same_dockerfile_runs_on_a_second_cpu(
    document: Any,  # noqa: ANN401
    engine: Engine,
    docker_client: docker.DockerClient,
) -> None:
    """It is another image, for the other CPU, with a PHP that runs; no emulator stays behind."""
    assert (document["scene"], document["verdict"]) == ("architecture", "shown")
    told = {each["name"]: each for each in document["statements"]}
    cpu = names.other(engine.architecture)
    ran = {"architecture": f"linux/{cpu}", "machine": MACHINES[cpu]}
    assert (told["architecture_runs"]["holds"], told["architecture_runs"]["values"]) == (True, ran)
    # a first image that was built earlier may have an older PHP of the same series
    php = (
        told["architecture_php"] if "architecture_php" in told else told["architecture_php_drifts"]
    )
    assert all(version.startswith("8.4.") for version in php["values"].values())
    image = docker_client.images.get(told["architecture_image"]["values"]["there"])
    assert image.attrs["Architecture"] == cpu
    assert image.labels[ownership.OWNER] == ownership.owner()
    entries = listed(engine, docker_client)
    assert "register" in entries
    assert "deployment-drift" not in entries


def test_each_engine_takes_its_own(
    document: Any,  # noqa: ANN401
    engine: Engine,
    docker_client: docker.DockerClient,
) -> None:
    """One name in a registry is both images: by one digest, each CPU is given what is built for it.

    Nothing of the registry's names is left on the engine.
    """
    told = {each["name"]: each for each in document["statements"]}
    here, there = told["taken_here"]["values"], told["taken_there"]["values"]
    assert all(told[name]["holds"] for name in ("one_name", "taken_here", "taken_there"))
    assert told["one_name"]["values"]["count"] == 2
    assert (here["cpu"], there["cpu"]) == (engine.architecture, names.other(engine.architecture))
    built = told["architecture_image"]["values"]
    assert built["here"].startswith(here["image"])
    assert built["there"].startswith(there["image"])
    known = [tag for image in docker_client.images.list() for tag in image.tags]
    assert [tag for tag in known if "/deployment-drift/shop" in tag] == []
