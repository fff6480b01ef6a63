"""What stands between the browser and PHP."""

from deployment_drift.compare.plugin import Same
from deployment_drift.probe.facts import Page, pages

pages(health=Page("/health.php"))


def test_apache(same: Same) -> None:
    """Apache version: rewrite rules and security fixes differ."""
    assert same(lambda host: host.packages.version("apache2"))


def test_server_header(same: Same) -> None:
    """Server header: attackers learn versions from it."""
    assert same(lambda host: host.web.header("health", "Server"))


def test_content_type(same: Same) -> None:
    """Type of a page: the browser guesses the character set."""
    assert same(lambda host: host.web.header("health", "Content-Type"))


def test_port(same: Same) -> None:
    """Port of the web server: the load balancer knocks at the wrong door."""
    assert same(lambda host: host.web.port)


def test_keep_alive(same: Same) -> None:
    """Keep-alive: every picture opens a connection of its own."""
    assert same(lambda host: host.web.header("health", "Connection"))
