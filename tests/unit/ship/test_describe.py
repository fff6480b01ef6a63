"""Four targets, and one release that all of them are told of."""

import re
import shutil
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
import yaml
from kubernetes_validate import ValidationError, validate

from deployment_drift import paths
from deployment_drift.errors import DriftError
from deployment_drift.ship.commands import namespace
from deployment_drift.ship.describe import describe
from deployment_drift.ship.release import Release, read
from tests.descriptions import told

IMAGE = f"registry.example/shop@sha256:{'0123456789abcdef' * 4}"
SUPPORTED = ("1.35", "1.36", "1.37")
"""Kubernetes' minor versions that are supported in November 2026."""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Give a copy of the artifact's folder and the descriptions, that may be changed."""
    for name in ("container", "deploy"):
        shutil.copytree(paths.root() / name, tmp_path / name)
    return tmp_path


def alike(root: Path) -> Release:
    """Return the one release that every target is told of."""
    made = read(root / "container", IMAGE)
    for target, found in told(partial(describe, root, release=made)).items():
        bound = made.pids if target == "swarm" else 0
        assert found == replace(made, pids=bound), target
    return made


def test_every_target_is_told_the_same(root: Path) -> None:
    """Image by digest, variables, user, port, health check, limits and spool are one release's."""
    assert alike(root).image == IMAGE


@pytest.mark.parametrize(
    "value", ["1", "yes", "$HOME", "a: b", '"', "'", "# none", "${image}", "é"]
)
def test_a_variable_reaches_every_target(root: Path, value: str) -> None:
    """What is added to release.env is in all four as it is, whatever YAML would make of it."""
    with (root / "container" / "release.env").open("a", encoding="utf-8") as file:
        file.write(f"SHOP_NEW={value}\n")
    assert alike(root).env["SHOP_NEW"] == value


def test_the_artifact_s_health_check_reaches_every_target(root: Path) -> None:
    """A health check that is changed in the Dockerfile is changed everywhere."""
    file = root / "container" / "Dockerfile"
    file.write_text(file.read_text("utf-8").replace("health.php", "well.php"), "utf-8")
    assert "well.php" in alike(root).health[-1]


def test_a_changed_variable_changes_the_pods(root: Path) -> None:
    """Kubernetes starts new pods for a changed template only: it tells of its variables."""
    made = read(root / "container", IMAGE)
    other = replace(made, env={**made.env, "MAIL_PORT": "26"})
    before, after = (templates(describe(root, "kubernetes/shop", one)) for one in (made, other))
    assert before != after


def templates(manifest: str) -> list[object]:
    """Return the templates of a manifest's pods."""
    said = yaml.safe_load_all(manifest)
    return [each["spec"]["template"] for each in said if each["kind"] == "Deployment"]


def test_manifest_s_parts_find_each_other(root: Path) -> None:
    """Service and Deployment select the pods' labels, and the claim is the one that is mounted."""
    text = describe(root, "kubernetes/shop", read(root / "container", IMAGE))
    said = {each["kind"]: each for each in yaml.safe_load_all(text)}
    pod = said["Deployment"]["spec"]["template"]
    assert said["Deployment"]["spec"]["selector"]["matchLabels"] == pod["metadata"]["labels"]
    assert said["Service"]["spec"]["selector"] == pod["metadata"]["labels"]
    (named,) = pod["spec"]["containers"][0]["ports"]
    assert said["Service"]["spec"]["ports"][0]["targetPort"] == named["name"]
    claim = yaml.safe_load((root / "deploy" / "kubernetes" / "spool.yaml").read_text("utf-8"))
    claims = [each.get("persistentVolumeClaim") for each in pod["spec"]["volumes"]]
    assert {"claimName": claim["metadata"]["name"]} in claims


@pytest.mark.parametrize("version", SUPPORTED)
def test_manifest_is_kubernetes_own(root: Path, version: str) -> None:
    """The API's own schemas know every word of the manifest, and refuse one that is misspelt."""
    text = describe(root, "kubernetes/shop", read(root / "container", IMAGE))
    spool = (root / "deploy" / "kubernetes" / "spool.yaml").read_text("utf-8")
    for each in [*yaml.safe_load_all(text), yaml.safe_load(spool)]:
        validate(each, version, strict=True)
    wrong = text.replace("readOnlyRootFilesystem", "readOnlyRootFileSystem")
    with pytest.raises(ValidationError, match="'readOnlyRootFileSystem' was unexpected"):
        [validate(each, version, strict=True) for each in yaml.safe_load_all(wrong)]


def test_a_description_that_is_not_there(root: Path) -> None:
    """One sentence says which there are."""
    with pytest.raises(DriftError, match="no description 'nomad'") as raised:
        describe(root, "nomad", read(root / "container", IMAGE))
    assert raised.value.hint.endswith(
        "ship.describe ecs/service|ecs/task|kubernetes/shop|kubernetes/spool|swarm"
    )


MEASURED = {"targets.md"}  # a page of figures, of which nothing is typed
PAGES = [p for p in (paths.root() / "docs" / "ship").glob("*.md") if p.name not in MEASURED]


@pytest.mark.parametrize("page", sorted(PAGES))
def test_pages_type_what_there_is(page: Path) -> None:
    """Every command of ours, every description and every file that a page types is there."""
    text = page.read_text("utf-8")
    root, made = paths.root(), read(paths.root() / "container", IMAGE)
    typed = re.findall(r"ship\.([\w-]+)(?: ([a-z/]+))?", text)
    assert {command for command, _ in typed} <= set(namespace.task_names)
    described = {name for command, name in typed if command == "describe" and name}
    assert all(describe(root, name, made) for name in described)
    assert described
    assert all((root / file).is_file() for file in re.findall(r"deploy/[\w/]+\.\w+", text))
