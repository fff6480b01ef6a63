import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import docker
import pytest

from deployment_drift import paths
from deployment_drift.build import images
from deployment_drift.engine import notes, ownership
from deployment_drift.engine.engines import Engine
from deployment_drift.errors import BuildError

BUILD = Path(__file__).with_name("build_slow.py")


def quiet(_folder: str, _line: str) -> None:
    """Swallow progress."""


def containers(client: docker.DockerClient) -> set[str]:
    """Return every container's id, also of those that nobody labelled."""
    return {container["Id"] for container in client.api.containers(all=True)}


def nameless(client: docker.DockerClient) -> set[str]:
    """Return the beginnings of the ids of images that have no name and on which none is built."""
    found = client.api.images(quiet=True, filters={"dangling": True})
    return {image.removeprefix("sha256:")[:12] for image in found}


def started(root: Path) -> subprocess.Popen[str]:
    """Start a build in a process of its own, and come back in the middle of it."""
    process = subprocess.Popen(
        [sys.executable, BUILD, root],
        env={**os.environ, "PYTHONPATH": str(paths.root())},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    assert any("begun" in line and "Step" not in line for line in process.stdout)
    return process


def soon(condition: Callable[[], bool]) -> bool:
    """Tell whether the condition becomes true within two seconds."""
    end = time.monotonic() + 2
    while not condition() and time.monotonic() < end:
        time.sleep(0.02)
    return condition()


def test_same_content_is_built_once(engine: Engine, root: Path) -> None:
    """What was built before is found again without building, by a few questions to the engine."""
    first = images.build(engine, "quick", quiet, root=root)
    begin = time.perf_counter()
    second = images.build(engine, "quick", quiet, root=root)
    assert (second.id, second.tag, second.built) == (first.id, first.tag, False)
    assert time.perf_counter() - begin < 0.5


def test_changed_application_is_another_image(engine: Engine, root: Path) -> None:
    """One changed byte in `app/` leads to another image of the same environment."""
    before = images.build(engine, "quick", quiet, root=root)
    (root / "app/file").write_text("changed")
    after = images.build(engine, "quick", quiet, root=root)
    assert after.built
    assert after.id != before.id


def test_folders_are_built_side_by_side_in_order(engine: Engine, root: Path) -> None:
    """Images come back in the order of the folders, and every line says whose it is."""
    (root / "app/file").write_text(str(time.time()))
    lines: list[tuple[str, str]] = []
    built = images.build_all(
        engine, ["quick", "server"], lambda *line: lines.append(line), root=root
    )
    assert [image.folder for image in built] == ["quick", "server"]
    assert ("quick", "built") in lines


def test_no_setting_of_this_machine_is_in_an_image(
    engine: Engine, docker_client: docker.DockerClient, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A build gets this machine's proxy, registry and authority; no layer or history has them."""
    (root / "own.pem").write_text(f"trust pr1vate {time.time()}")
    (root / "app/file").write_text(str(time.time()))
    monkeypatch.setenv("http_proxy", "http://me:s3cret@proxy.example:3128")
    monkeypatch.setenv("NPM_CONFIG_REGISTRY", "https://packages.example/t0ken/")
    monkeypatch.setenv("NPM_CONFIG_CAFILE", str(root / "own.pem"))
    before = {each["Id"] for each in docker_client.api.images(all=True)}
    images.build(engine, "equipped", quiet, root=root)
    made = {each["Id"] for each in docker_client.api.images(all=True)} - before
    assert made
    for image in map(docker_client.images.get, made):
        told = f"{image.history()} {image.attrs}"
        content = told.encode() + b"".join(image.save())
        assert b"equipped with all" in content
        for secret in (b"s3cret", b"t0ken", b"pr1vate"):
            assert secret not in content


def test_image_says_that_it_is_ours(
    engine: Engine, docker_client: docker.DockerClient, root: Path
) -> None:
    """A built image carries the label by which `clean` finds it."""
    image = images.build(engine, "quick", quiet, root=root)
    assert docker_client.images.get(image.id).labels[ownership.IMAGE] == "quick"


def test_only_the_newest_images_are_kept(
    engine: Engine, docker_client: docker.DockerClient, root: Path
) -> None:
    """Of every environment the newest few images stay, older ones are removed."""
    for number in range(images.GENERATIONS + 1):
        (root / "app/file").write_text(f"{number} {time.time()}")
        images.build(engine, "quick", quiet, root=root)
    kept = docker_client.images.list("deployment-drift/quick")
    assert len(kept) == images.GENERATIONS


def test_image_of_steps_from_before_is_kept(
    engine: Engine, docker_client: docker.DockerClient, root: Path
) -> None:
    """What was just built is there, also where all its steps, and so its date, are old ones."""
    contents = [f"{number} {time.time()}" for number in range(images.GENERATIONS + 1)]
    made = []
    for content in [*contents, contents[0]]:
        (root / "app/file").write_text(content)
        made.append(images.build(engine, "quick", quiet, root=root))
        docker_client.images.get(made[0].id).tag("deployment-drift-test", "in-use")
    docker_client.images.remove("deployment-drift-test:in-use")
    assert made[-1].id == made[0].id
    assert docker_client.images.get(made[-1].tag).id == made[0].id


def test_failing_build_shows_its_last_lines(engine: Engine, root: Path) -> None:
    """A build that fails says which folder it was, the step's status and its last output."""
    with pytest.raises(BuildError, match=r"failing/.*returned a non-zero code: 3") as error:
        images.build(engine, "failing", quiet, root=root)
    assert "the last words" in error.value.detail.splitlines()


def test_one_failure_ends_the_others(
    engine: Engine, docker_client: docker.DockerClient, root: Path
) -> None:
    """When one build fails the others are given up, and no container is left of any."""
    before = containers(docker_client)
    begin = time.monotonic()
    with pytest.raises(BuildError, match="failing/"):
        images.build_all(engine, ["slow", "failing"], quiet, root=root)
    assert time.monotonic() - begin < 20
    assert containers(docker_client) <= before


def test_interrupted_build_leaves_no_container(
    docker_client: docker.DockerClient, root: Path
) -> None:
    """Ctrl-C in the middle of a build: when the program has ended, its containers are gone.

    What its steps have left stays for the next build, and `clean` knows it as ours.
    """
    (root / "app/file").write_text(str(time.time()))
    before, unnamed = containers(docker_client), nameless(docker_client)
    with started(root) as process:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=10)
    assert containers(docker_client) <= before
    (left,) = nameless(docker_client) - unnamed
    assert left in notes.read(notes.STEPS)


def test_killed_build_leaves_no_container(docker_client: docker.DockerClient, root: Path) -> None:
    """`kill -9` in the middle of a build: the engine gives up when the connection is gone."""
    before = containers(docker_client)
    with started(root) as process:
        process.kill()
    assert soon(lambda: containers(docker_client) <= before)
