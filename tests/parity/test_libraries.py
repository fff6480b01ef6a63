"""The libraries that PHP was linked with."""

from deployment_drift import Same


def test_library_icu(same: Same) -> None:
    """ICU: dates, sorting and currencies follow another year's rules."""
    assert same(lambda host: host.php.library("ICU"))


def test_library_openssl(same: Same) -> None:
    """OpenSSL: old partners refuse the connection, or weak ciphers are accepted."""
    assert same(lambda host: host.php.library("OpenSSL"))


def test_library_pcre(same: Same) -> None:
    """PCRE: the same pattern matches other text."""
    assert same(lambda host: host.php.library("PCRE"))


def test_library_libxml(same: Same) -> None:
    """libxml: an invoice's XML is parsed differently."""
    assert same(lambda host: host.php.library("libxml"))


def test_library_curl(same: Same) -> None:
    """cURL: HTTP/2 and certificates behave differently."""
    assert same(lambda host: host.php.library("cURL"))


def test_library_zlib(same: Same) -> None:
    """zlib: compressed files differ byte by byte."""
    assert same(lambda host: host.php.library("zlib"))
