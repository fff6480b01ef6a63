"""What stands between the browser and PHP."""

from deployment_drift import Same


def test_apache(same: Same) -> None:
    """Apache version: rewrite rules and security fixes differ."""
    assert same(lambda host: host.packages.version("apache2"))


def test_web_servers(same: Same) -> None:
    """Running web servers: another program answers, by other rules."""
    assert same(lambda host: host.webservers.running)


def test_nginx_directives(same: Same) -> None:
    """Directives of nginx: a request is routed, cut off or refused in another way."""
    assert same(lambda host: host.webservers.nginx)


def test_apache_directives(same: Same) -> None:
    """Directives of Apache: a request is routed, cut off or refused in another way."""
    assert same(lambda host: host.webservers.apache)


def test_other_web_servers(same: Same) -> None:
    """Files of other web servers: a request is routed, cut off or refused in another way."""
    assert same(lambda host: host.webservers.others)


def test_every_web_server_module(same: Same) -> None:
    """Every module of the web server: a rule of .htaccess is an error 500 without its module."""
    assert same(lambda host: host.webservers.modules)


def test_web_certificates(same: Same) -> None:
    """Certificates of web servers: browsers, or partners' programs, refuse the connection."""
    assert same(lambda host: host.webservers.certificates)
