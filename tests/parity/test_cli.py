"""PHP's settings on the command line, where cron jobs and workers run."""

from deployment_drift import Same, entry, outside_image


@entry("every_cli_setting.memory_limit")
def test_cli_memory_limit(same: Same) -> None:
    """Memory limit, command line: the nightly import is killed."""
    assert same(lambda host: host.php.setting("memory_limit"))


@entry("every_cli_setting.date.timezone")
def test_cli_time_zone(same: Same) -> None:
    """Time zone, command line: the nightly job runs on the wrong day."""
    assert same(lambda host: host.php.setting("date.timezone"))


@entry("every_cli_setting.display_errors")
def test_cli_error_display(same: Same) -> None:
    """Error display, command line: cron mails errors, or keeps quiet."""
    assert same(lambda host: host.php.setting("display_errors"))


@entry("every_cli_setting.short_open_tag")
def test_cli_short_tags(same: Same) -> None:
    """Short tags, command line: a script prints its own source."""
    assert same(lambda host: host.php.setting("short_open_tag"))


@outside_image("environment")
@entry("every_cli_setting.sendmail_path")
def test_cli_mail_program(same: Same) -> None:
    """Mail program, command line: the worker's mails take another way."""
    assert same(lambda host: host.php.setting("sendmail_path"))
