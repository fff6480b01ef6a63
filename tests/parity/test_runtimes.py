"""Which PHPs run, what reaches them, and what they read."""

from deployment_drift import Same, outside_image


def test_runtimes(same: Same) -> None:
    """PHP that runs here: a job that another PHP runs has other settings and other extensions."""
    assert same(lambda host: host.runtimes.versions)


@outside_image("environment")
def test_php_environment(same: Same) -> None:
    """Variable that reaches PHP: without it the application takes its defaults."""
    assert same(lambda host: host.runtimes.environment)


def test_pools(same: Same) -> None:
    """php-fpm pool directive: requests wait, are ended, or lose their environment."""
    assert same(lambda host: host.runtimes.pools)


def test_job_settings(same: Same) -> None:
    """Setting of a PHP that runs jobs: cron jobs and workers live by these."""
    assert same(lambda host: host.runtimes.job_settings)


def test_job_extensions(same: Same) -> None:
    """Extension of a PHP that runs jobs: a job calls a function that is not there."""
    assert same(lambda host: host.runtimes.job_extensions)


def test_every_cli_extension(same: Same) -> None:
    """Extension on the command line: a worker lacks what the pages have."""
    assert same(lambda host: host.php.extensions)


def test_abilities(same: Same) -> None:
    """What PHP was built with: a picture cannot be opened, a password never fits."""
    assert same(lambda host: host.php.abilities)


def test_character_sets(same: Same) -> None:
    """Character set that PHP knows: text from partners is not converted, or is garbled."""
    assert same(lambda host: host.php.character_sets)
