"""What was deployed, wherever it is."""

from deployment_drift import Same


def test_revision(same: Same) -> None:
    """Deployed revision: an old release gives old answers."""
    assert same(lambda host: host.application.revision)


def test_application_settings(same: Same) -> None:
    """Application settings: it talks to another service, or in another way."""
    assert same(lambda host: host.application.settings)


def test_composer_packages(same: Same) -> None:
    """Composer packages: a method that was called is not there."""
    assert same(lambda host: host.application.packages)


def test_permissions(same: Same) -> None:
    """Application permissions: an upload or a cache cannot be written."""
    assert same(lambda host: host.application.permissions)


def test_links(same: Same) -> None:
    """Application links: they lead to another file, or nowhere."""
    assert same(lambda host: host.application.links)


def test_application_folder(same: Same) -> None:
    """Application folder: a script names a path that is not there."""
    assert same(lambda host: host.application.folders)


def test_names_by_case(same: Same) -> None:
    """Names that differ only by case: on a Mac one file overwrites the other."""
    assert same(lambda host: host.application.twins)


def test_every_deployed_file(same: Same) -> None:
    """Every deployed file: other code gives other answers."""
    assert same(lambda host: host.application.files)


def test_unread_files(same: Same) -> None:
    """Files that were not looked at: they may differ."""
    assert same(lambda host: host.application.unread)
