"""What PHP stands on."""

from deployment_drift import Same, outside_image


def test_distribution(same: Same) -> None:
    """Distribution: packages of one do not fit the other."""
    assert same(lambda host: host.system.distribution)


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
    assert same(lambda host: host.system.zone)


@outside_image("environment")
def test_locale(same: Same) -> None:
    """Locale: sorting and number formats of programs differ."""
    assert same(lambda host: host.system.language)


def test_shell(same: Same) -> None:
    """Shell: a script with bashisms fails."""
    assert same(lambda host: host.system.shell)


def test_web_user(same: Same) -> None:
    """Number of the web user: files on a shared disk belong to somebody else."""
    assert same(lambda host: host.system.web_user)


@outside_image("CPU")
def test_architecture(same: Same) -> None:
    """CPU architecture: an image for one does not start on the other."""
    assert same(lambda host: host.system.architecture)


@outside_image("kernel")
def test_kernel(same: Same) -> None:
    """Kernel: containers share the host's; machines have their own."""
    assert same(lambda host: host.system.kernel)


def test_packages(same: Same) -> None:
    """Number of packages: whatever is installed can be attacked, and must be updated."""
    assert same(lambda host: len(host.packages.versions or ()))


def test_time_zone_files(same: Same) -> None:
    """Where the time zone is set: programs that read another file live at another time."""
    assert same(lambda host: host.system.time_zone)


def test_locales(same: Same) -> None:
    """Locales: without one of them, dates and sorting fall back to English."""
    assert same(lambda host: host.system.locales)


def test_system_character_sets(same: Same) -> None:
    """Character sets that iconv knows: text of customers and partners cannot be read."""
    assert same(lambda host: host.system.character_sets)


def test_trusted_authorities(same: Same) -> None:
    """Trusted authorities: a connection that is safe here is refused there."""
    assert same(lambda host: host.system.certificates)


def test_host_names(same: Same) -> None:
    """Names in /etc/hosts: a name leads to another server."""
    assert same(lambda host: host.system.host_names)


def test_resolver(same: Same) -> None:
    """How names are looked up: a short name is found here only."""
    assert same(lambda host: host.system.resolver)


def test_jobs(same: Same) -> None:
    """Cron jobs: one runs at another time, with another PHP, or not at all."""
    assert same(lambda host: host.system.jobs)


def test_user_jobs(same: Same) -> None:
    """Users' own cron jobs: nobody remembers what somebody once typed into crontab."""
    assert same(lambda host: host.system.user_jobs)


def test_timers(same: Same) -> None:
    """Timers of systemd: what one server does by itself, the other never does."""
    assert same(lambda host: host.system.timers)


def test_accounts(same: Same) -> None:
    """Service accounts: one may not read what belongs to a group."""
    assert same(lambda host: host.system.accounts)


@outside_image("kernel")
def test_kernel_parameters(same: Same) -> None:
    """Kernel parameters and routes: connections are refused, or hang, when many arrive."""
    assert same(lambda host: host.system.kernel_parameters)


@outside_image("environment")
def test_disk_room(same: Same) -> None:
    """Disk space: uploads and sessions cannot be written."""
    assert same(lambda host: host.system.disks)


@outside_image("kernel")
def test_memory(same: Same) -> None:
    """Memory and processors: a large process is killed on the smaller one, or all is slow."""
    assert same(lambda host: host.system.memory)


@outside_image("environment")
def test_mounts(same: Same) -> None:
    """How folders are mounted: one of them is read-only, or no program starts from it."""
    assert same(lambda host: host.system.mounts)


@outside_image("environment")
def test_cgroup(same: Same) -> None:
    """Memory and CPU limits: a process that works elsewhere is killed."""
    assert same(lambda host: host.system.cgroup)
