"""What runs beside PHP, and how far it may go."""

from deployment_drift import Same, outside_image


def test_services(same: Same) -> None:
    """Running services: a queue, a cache or cron is not there."""
    assert same(lambda host: host.services.names)


def test_stale_configuration(same: Same) -> None:
    """Configuration that is not in effect: it was changed, and the service not restarted."""
    assert same(lambda host: host.services.stale)


@outside_image("environment")
def test_service_limits(same: Same) -> None:
    """Service limits: too many open files at noon."""
    assert same(lambda host: host.services.limits)


def test_ports(same: Same) -> None:
    """Ports that answer: a program finds nobody, or everybody finds a database."""
    assert same(lambda host: host.services.ports)


def test_database_settings(same: Same) -> None:
    """Database and cache settings: a query that works here is an error there."""
    assert same(lambda host: host.services.databases)


def test_written_folders(same: Same) -> None:
    """Folders that PHP writes to: logins and uploads are lost."""
    assert same(lambda host: host.services.folders)


def test_base_access(same: Same) -> None:
    """Devices and folders of the system: what every program uses is closed to some."""
    assert same(lambda host: host.services.base)
