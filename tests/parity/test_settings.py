"""PHP's settings, as they take effect under the web server."""

from deployment_drift import Same, entry, outside_image


@entry("every_setting.memory_limit")
def test_memory_limit(same: Same) -> None:
    """Memory limit: a large import ends half-way."""
    assert same(lambda host: host.web.setting("memory_limit"))


@entry("every_setting.upload_max_filesize")
def test_upload_limit(same: Same) -> None:
    """Upload limit: a bigger photo is refused."""
    assert same(lambda host: host.web.setting("upload_max_filesize"))


@entry("every_setting.post_max_size")
def test_form_limit(same: Same) -> None:
    """Form limit: a bigger form arrives empty, without an error."""
    assert same(lambda host: host.web.setting("post_max_size"))


@entry("every_setting.max_input_vars")
def test_field_limit(same: Same) -> None:
    """Fields in a form: what is beyond the limit is silently cut off."""
    assert same(lambda host: host.web.setting("max_input_vars"))


@entry("every_setting.max_file_uploads")
def test_files_limit(same: Same) -> None:
    """Files in a form: the twenty-first photo disappears."""
    assert same(lambda host: host.web.setting("max_file_uploads"))


@entry("every_setting.max_execution_time")
def test_time_limit(same: Same) -> None:
    """Time limit: a long report ends in the middle."""
    assert same(lambda host: host.web.setting("max_execution_time"))


@entry("every_setting.max_input_time")
def test_input_time_limit(same: Same) -> None:
    """Time limit for uploads: a slow connection is cut off."""
    assert same(lambda host: host.web.setting("max_input_time"))


@entry("every_setting.date.timezone")
def test_time_zone(same: Same) -> None:
    """Time zone: every date and time that people see is off by hours."""
    assert same(lambda host: host.web.setting("date.timezone"))


@entry("every_setting.display_errors")
def test_error_display(same: Same) -> None:
    """Error display: customers read file names and passwords, or see nothing."""
    assert same(lambda host: host.web.setting("display_errors"))


@entry("every_setting.error_reporting")
def test_error_level(same: Same) -> None:
    """Error level: a warning that nobody sees is a bug that nobody finds."""
    assert same(lambda host: host.web.setting("error_reporting"))


@entry("every_setting.error_log")
def test_error_log(same: Same) -> None:
    """Error log: the trace of the failure is where nobody looks."""
    assert same(lambda host: host.web.setting("error_log"))


@entry("every_setting.log_errors")
def test_error_logging(same: Same) -> None:
    """Error logging: failures leave no trace at all."""
    assert same(lambda host: host.web.setting("log_errors"))


@entry("every_setting.short_open_tag")
def test_short_tags(same: Same) -> None:
    """Short tags: <? is run, or the source code is sent to the browser."""
    assert same(lambda host: host.web.setting("short_open_tag"))


@entry("every_setting.default_charset")
def test_character_set(same: Same) -> None:
    """Character set: Japanese text is garbled."""
    assert same(lambda host: host.web.setting("default_charset"))


@outside_image("environment")
@entry("every_setting.sendmail_path")
def test_mail_program(same: Same) -> None:
    """Mail program: mail() hands the mail to another program."""
    assert same(lambda host: host.web.setting("sendmail_path"))


@entry("every_setting.session.gc_maxlifetime")
def test_session_life(same: Same) -> None:
    """Session life: baskets are emptied earlier than expected."""
    assert same(lambda host: host.web.setting("session.gc_maxlifetime"))


@entry("every_setting.session.cookie_httponly")
def test_session_cookie(same: Same) -> None:
    """Cookie hidden from scripts: a script on the page can steal the login."""
    assert same(lambda host: host.web.setting("session.cookie_httponly"))


@entry("every_setting.session.use_strict_mode")
def test_session_strictness(same: Same) -> None:
    """Strict sessions: a stranger can choose the session's number."""
    assert same(lambda host: host.web.setting("session.use_strict_mode"))


@entry("every_setting.variables_order")
def test_variables(same: Same) -> None:
    """Which variables exist: $_ENV is empty, and the configuration with it."""
    assert same(lambda host: host.web.setting("variables_order"))


@entry("every_setting.output_buffering")
def test_output_buffering(same: Same) -> None:
    """Output buffering: header() after echo works, or is a warning."""
    assert same(lambda host: host.web.setting("output_buffering"))


@entry("every_setting.disable_functions")
def test_disabled_functions(same: Same) -> None:
    """Disabled functions: a call that worked is forbidden."""
    assert same(lambda host: host.web.setting("disable_functions"))


@entry("every_setting.allow_url_fopen")
def test_remote_files(same: Same) -> None:
    """Opening URLs: fetching exchange rates stops working."""
    assert same(lambda host: host.web.setting("allow_url_fopen"))


@entry("every_setting.zend.assertions")
def test_assertions(same: Same) -> None:
    """Assertions: assert() stops the page, or is never looked at."""
    assert same(lambda host: host.web.setting("zend.assertions"))


@entry("every_setting.opcache.enable")
def test_bytecode_cache(same: Same) -> None:
    """Bytecode cache: pages take several times as long."""
    assert same(lambda host: host.web.setting("opcache.enable"))


@entry("every_setting.opcache.validate_timestamps")
def test_cache_freshness(same: Same) -> None:
    """Cache looks for changes: a deployed file has no effect."""
    assert same(lambda host: host.web.setting("opcache.validate_timestamps"))


@entry("every_setting.default_socket_timeout")
def test_network_patience(same: Same) -> None:
    """Patience with other servers: a slow partner blocks every page."""
    assert same(lambda host: host.web.setting("default_socket_timeout"))


@entry("every_setting.serialize_precision")
def test_precision(same: Same) -> None:
    """Digits of a float: 0.1 + 0.2 is written with another number of digits."""
    assert same(lambda host: host.web.setting("serialize_precision"))


@entry("every_setting.expose_php")
def test_php_advertised(same: Same) -> None:
    """PHP in the headers: attackers are told which holes to try."""
    assert same(lambda host: host.web.setting("expose_php"))
