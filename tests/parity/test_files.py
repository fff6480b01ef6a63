"""What was deployed."""

from drift.plugin import Same


def test_file_owner(same: Same) -> None:
    """Owner of the files: the web server can overwrite its own code."""
    assert same(lambda host: host.check_output("stat -c %U:%G:%a /var/www/shop/public/index.php"))


def test_stray_files(same: Same) -> None:
    """Files beside the shop: a forgotten test page is open to the world."""
    assert same(lambda host: host.check_output("ls -A /var/www"))
