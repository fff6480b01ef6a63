"""How the shop's web server answers."""

from deployment_drift import Same
from deployment_drift.probe.questions import Page

HEALTH = Page("/health.php")


def test_server_header(same: Same) -> None:
    """Server header: attackers learn versions from it."""
    assert same(lambda host: host.shop.header(HEALTH, "Server"))


def test_content_type(same: Same) -> None:
    """Type of a page: the browser guesses the character set."""
    assert same(lambda host: host.shop.header(HEALTH, "Content-Type"))


def test_port(same: Same) -> None:
    """Port of the web server: the load balancer knocks at the wrong door."""
    assert same(lambda host: host.shop.port)


def test_keep_alive(same: Same) -> None:
    """Keep-alive: every picture opens a connection of its own."""
    assert same(lambda host: host.shop.header(HEALTH, "Connection"))
