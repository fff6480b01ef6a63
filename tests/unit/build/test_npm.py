import io
import shutil
import tarfile
from pathlib import Path

import pytest

from deployment_drift.build import builder, context
from deployment_drift.build.builder import CERTIFICATES, REGISTRY, Order


@pytest.fixture(autouse=True)
def _no_npm(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Let this machine have no npm, and a certificate of its own."""
    monkeypatch.setattr(shutil, "which", lambda _: None)
    monkeypatch.setenv(REGISTRY, "https://packages.example")
    (tmp_path / "own.pem").write_text("trust me")
    monkeypatch.delenv("NPM_CONFIG_CAFILE", raising=False)
    monkeypatch.setenv("NODE_EXTRA_CA_CERTS", str(tmp_path / "own.pem"))


def order(root: Path, dockerfile: str) -> Order:
    """Return the order to build a folder with this Dockerfile."""
    (root / "mail").mkdir()
    (root / "mail/Dockerfile").write_text(dockerfile)
    return Order("mail", "mail:1", context.pack("mail", root))


def test_build_that_asks_gets_registry_and_certificates(tmp_path: Path) -> None:
    """A Dockerfile that mentions the file finds it beside itself, and the registry's name."""
    equipped = builder.equipped(order(tmp_path, f"FROM scratch\nCOPY {CERTIFICATES} ./\n"))
    assert equipped.arguments == {REGISTRY: "https://packages.example"}
    with tarfile.open(fileobj=io.BytesIO(equipped.context)) as tar:
        file = tar.extractfile(CERTIFICATES)
        assert file
        assert file.read() == b"trust me"


def test_other_builds_are_left_alone(tmp_path: Path) -> None:
    """A Dockerfile that does not ask is built from the repository alone."""
    plain = order(tmp_path, "FROM scratch\n")
    assert builder.equipped(plain) is plain


def test_machine_without_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing is configured, npm's own defaults hold."""
    monkeypatch.delenv(REGISTRY)
    monkeypatch.delenv("NODE_EXTRA_CA_CERTS")
    assert (builder.configured("registry"), builder.certificates()) == ("", b"")
