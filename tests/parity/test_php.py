"""Which PHP it is."""

from deployment_drift import Same
from deployment_drift.probe.questions import Expression

INTEGER_SIZE = Expression("PHP_INT_SIZE")
THREAD_SAFETY = Expression("(bool) PHP_ZTS")
DEBUG_BUILD = Expression("(bool) PHP_DEBUG")


def test_php_version(same: Same) -> None:
    """PHP version: code for a newer PHP is a blank page on an older one."""
    assert same(lambda host: host.php.version)


def test_web_php_version(same: Same) -> None:
    """PHP version under the web server: one machine can hold two PHPs, and cron runs the other."""
    assert same(lambda host: host.web.version)


def test_web_interface(same: Same) -> None:
    """How the web server runs PHP: headers, permissions and restarts work differently."""
    assert same(lambda host: host.web.interface)


def test_php_ini(same: Same) -> None:
    """Main php.ini: without one, errors are shown to customers with status 200."""
    assert same(lambda host: host.web.ini)


def test_drop_in_files(same: Same) -> None:
    """Further ini files: a forgotten file overrides what php.ini says."""
    assert same(lambda host: host.web.drop_ins)


def test_integer_size(same: Same) -> None:
    """Size of an integer: large numbers become floats on 32 bits."""
    assert same(lambda host: host.php.evaluate(INTEGER_SIZE))


def test_thread_safety(same: Same) -> None:
    """Thread-safe build: extensions of one build do not load in the other."""
    assert same(lambda host: host.php.evaluate(THREAD_SAFETY))


def test_debug_build(same: Same) -> None:
    """Debug build: a debug build is several times slower."""
    assert same(lambda host: host.php.evaluate(DEBUG_BUILD))
