"""What PHP can do beyond its core."""

from deployment_drift import Same


def test_extension_mbstring(same: Same) -> None:
    """Extension mbstring: Japanese text is cut in the middle of a letter."""
    assert same(lambda host: host.web.has("mbstring"))


def test_extension_intl(same: Same) -> None:
    """Extension intl: sorting, dates and currencies fall back to English."""
    assert same(lambda host: host.web.has("intl"))


def test_extension_curl(same: Same) -> None:
    """Extension curl: payment providers cannot be called."""
    assert same(lambda host: host.web.has("curl"))


def test_extension_bcmath(same: Same) -> None:
    """Extension bcmath: amounts are calculated with floats."""
    assert same(lambda host: host.web.has("bcmath"))


def test_extension_openssl(same: Same) -> None:
    """Extension openssl: nothing can be encrypted."""
    assert same(lambda host: host.web.has("openssl"))


def test_extension_opcache(same: Same) -> None:
    """Extension opcache: every request compiles the whole shop again."""
    assert same(lambda host: host.web.has("Zend OPcache"))


def test_extension_sodium(same: Same) -> None:
    """Extension sodium: modern password hashes and signatures are missing."""
    assert same(lambda host: host.web.has("sodium"))
