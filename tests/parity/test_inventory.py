"""Everything that can be listed, compared name by name."""

from deployment_drift import Same, outside_image


@outside_image("environment")
def test_every_setting(same: Same) -> None:
    """Every setting under the web server: the one that nobody thought of is in here."""
    assert same(lambda host: host.web.settings)


def test_every_setting_origin(same: Same) -> None:
    """Which file sets what, web server: a setting is looked for in the wrong file."""
    assert same(lambda host: host.web.origins)


@outside_image("environment")
def test_every_cli_setting(same: Same) -> None:
    """Every setting on the command line: cron jobs live by these."""
    assert same(lambda host: host.php.settings)


def test_every_cli_setting_origin(same: Same) -> None:
    """Which file sets what, command line: a setting is looked for in the wrong file."""
    assert same(lambda host: host.php.origins)


def test_every_extension(same: Same) -> None:
    """Every extension with its version: what is loaded decides what code can run."""
    assert same(lambda host: host.web.extensions)


def test_every_package(same: Same) -> None:
    """Every package with its version: whatever is installed can fail, and be attacked."""
    assert same(lambda host: host.packages.items)


def test_programs(same: Same) -> None:
    """Program that applications call: a picture, a document or a mail is never made."""
    assert same(lambda host: host.packages.programs)


def test_package_states(same: Same) -> None:
    """Packages held back or not finished: one misses its updates, or its set-up."""
    assert same(lambda host: host.packages.states)
