"""What stands between the browser and PHP."""

from deployment_drift.compare.plugin import Same


def test_apache(same: Same) -> None:
    """Apache version: rewrite rules and security fixes differ."""
    assert same(lambda host: host.packages.version("apache2"))
