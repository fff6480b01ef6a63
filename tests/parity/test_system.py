"""What PHP stands on."""

import pytest

from deployment_drift.compare.plugin import Same


def test_distribution(same: Same) -> None:
    """Distribution: packages of one do not fit the other."""
    assert same(lambda host: f"{host.system_info.distribution} {host.system_info.release}")


def test_c_library(same: Same) -> None:
    """C library: a binary built here does not start there."""
    assert same(lambda host: host.packages.version("libc6"))


def test_openssl_package(same: Same) -> None:
    """OpenSSL package: security fixes come from it."""
    assert same(lambda host: host.packages.version("openssl"))


def test_certificates(same: Same) -> None:
    """Trusted certificates: a partner's certificate is refused."""
    assert same(lambda host: host.packages.version("ca-certificates"))


def test_tzdata(same: Same) -> None:
    """Time zone rules: summer time begins on another day."""
    assert same(lambda host: host.packages.version("tzdata"))


def test_system_time_zone(same: Same) -> None:
    """The system's time zone: logs of two servers cannot be laid side by side."""
    assert same(lambda host: host.check_output("date +%Z"))


@pytest.mark.beyond_image("environment")
def test_locale(same: Same) -> None:
    """Locale: sorting and number formats of programs differ."""
    assert same(lambda host: host.environment().get("LANG", ""))


def test_shell(same: Same) -> None:
    """Shell: a script with bashisms fails."""
    assert same(lambda host: host.check_output("readlink -f /bin/sh"))


def test_web_user(same: Same) -> None:
    """Number of the web user: files on a shared disk belong to somebody else."""
    assert same(lambda host: host.user("www-data").uid if host.user("www-data").exists else None)


@pytest.mark.beyond_image("CPU")
def test_architecture(same: Same) -> None:
    """CPU architecture: an image for one does not start on the other."""
    assert same(lambda host: host.system_info.arch)


@pytest.mark.beyond_image("kernel")
def test_kernel(same: Same) -> None:
    """Kernel: containers share the host's; machines have their own."""
    assert same(lambda host: host.check_output("uname -r"))


def test_packages(same: Same) -> None:
    """Number of packages: whatever is installed can be attacked, and must be updated."""
    assert same(lambda host: len(host.packages.versions or ()))
