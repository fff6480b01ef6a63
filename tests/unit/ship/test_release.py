"""What is released, read from the artifact's folder."""

import shutil
from pathlib import Path

import pytest

from deployment_drift import paths
from deployment_drift.errors import DriftError
from deployment_drift.ship import release
from deployment_drift.targets.hosts import HARDENED

DIGEST = "sha256:" + "0123456789abcdef" * 4
IMAGE = f"127.0.0.1:5000/shop@{DIGEST}"
FOLDER = paths.root() / "container"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a copy of the artifact's folder."""
    return shutil.copytree(FOLDER, tmp_path / "container")


def test_release_is_the_folder_s() -> None:
    """Image, port and health check are the artifact's own; its limits are the scenes'."""
    made = release.read(FOLDER, IMAGE)
    assert (made.image, made.digest, made.port) == (IMAGE, DIGEST, 8080)
    assert made.health[:2] == ["php", "-r"]
    assert "127.0.0.1:8080/health.php" in made.health[2]
    assert made.pids == HARDENED["pids_limit"]
    assert f"{made.memory}m" == HARDENED["mem_limit"]


def test_variables_are_the_env_file_s(folder: Path) -> None:
    """A variable that is added to release.env is the release's; the spool's is always there."""
    with (folder / "release.env").open("a", encoding="utf-8") as file:
        file.write("SHOP_NEW=yes=no\n")
    made = release.read(folder, IMAGE)
    assert made.env["SHOP_NEW"] == "yes=no"
    assert made.env["SHOP_STAGE"] == "release"
    assert made.env["SHOP_SPOOL"] == made.spool


@pytest.mark.parametrize(
    "image", ["", "shop", "shop:1", f"@{DIGEST}", f"shop@{DIGEST[:-1]}", f"{IMAGE} ", f"{IMAGE}\n"]
)
def test_only_a_digest_is_released(image: str) -> None:
    """A tag can be moved between two pulls; one sentence says what is missing."""
    with pytest.raises(DriftError, match="names no image by its digest"):
        release.read(FOLDER, image)


def test_an_image_that_listens_nowhere_is_no_release(folder: Path) -> None:
    """An artifact whose Dockerfile tells no port cannot be put behind anything."""
    file = folder / "Dockerfile"
    file.write_text(file.read_text("utf-8").replace("EXPOSE 8080\n", ""), "utf-8")
    with pytest.raises(DriftError, match="EXPOSE"):
        release.read(folder, IMAGE)
