"""What was deployed."""

from deployment_drift import Same


def test_file_owner(same: Same) -> None:
    """Owner of the files: the web server can overwrite its own code."""
    assert same(lambda host: host.facts.line("shop-owner"))


def test_stray_files(same: Same) -> None:
    """Files beside the shop: a forgotten test page is open to the world."""
    assert same(lambda host: host.facts.lines("shop-neighbours"))
