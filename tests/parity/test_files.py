"""What was deployed."""

from drift.ask.facts import access
from drift.compare.plugin import Same


def test_file_owner(same: Same) -> None:
    """Owner of the files: the web server can overwrite its own code."""
    assert same(lambda host: access(host.file("/var/www/shop/public/index.php")))


def test_stray_files(same: Same) -> None:
    """Files beside the shop: a forgotten test page is open to the world."""
    folder = "/var/www"
    assert same(lambda host: host.file(folder).listdir() if host.file(folder).exists else None)
