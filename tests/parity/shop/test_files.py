"""What was deployed."""

from deployment_drift.compare.plugin import Same
from deployment_drift.probe.facts import access


def test_file_owner(same: Same) -> None:
    """Owner of the files: the web server can overwrite its own code."""
    assert same(lambda host: access(host.file("/var/www/shop/public/index.php")))


def test_stray_files(same: Same) -> None:
    """Files beside the shop: a forgotten test page is open to the world."""
    folder = "/var/www"
    assert same(lambda host: host.file(folder).listdir() if host.file(folder).exists else None)
