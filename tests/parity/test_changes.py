"""What somebody changed: what no package brought, or what is no longer as it was brought."""

from deployment_drift import Same


def test_changed_configuration(same: Same) -> None:
    """Configuration files, line by line: the line that somebody forgot is one of these."""
    assert same(lambda host: host.changes.configuration)


def test_configuration_links(same: Same) -> None:
    """Links below /etc: a site is switched on here and off there."""
    assert same(lambda host: host.changes.links)


def test_files_outside_packages(same: Same) -> None:
    """Files that no package brought: they work here because somebody once copied them."""
    assert same(lambda host: host.changes.files)


def test_unread_configuration(same: Same) -> None:
    """Configuration that could not be read: what is hidden there may differ."""
    assert same(lambda host: host.changes.unread)


def test_configuration_permissions(same: Same) -> None:
    """Permissions of configuration and keys: cron or a database ignores the file."""
    assert same(lambda host: host.changes.permissions)
