"""Looks at what a machine has, runs and listens on, to tell one with from one without."""

from dataclasses import asdict, dataclass

from deployment_drift.compare.inventory import Difference, difference
from deployment_drift.probe import facts, hosts, processes, shell
from deployment_drift.probe.questions import Questions
from deployment_drift.probe.runtimes import bare
from deployment_drift.records import JSON

# What the engine, the kernel and every start make anew.
FILES = r"""
find / -xdev \( -path /proc -o -path /sys -o -path /dev -o -path /run -o -path /tmp \
    -o -path /etc -o -path /var/lib/dpkg -o -name __pycache__ \) -prune \
    -o \( -type f -o -type l \) -print
"""
SETTINGS = r"""
find /etc -type f ! -path /etc/hosts ! -path /etc/hostname ! -path /etc/resolv.conf \
    -exec sha256sum {} +
"""


@dataclass(frozen=True, slots=True)
class Contents:
    """Packages and PHP's settings by name, files outside of /etc by path, those in it by content.

    `ports` are those on which somebody listens, `processes` the names of all that run.
    """

    packages: dict[str, str]
    files: list[str]
    settings: dict[str, str]
    php_settings: dict[str, JSON]
    ports: list[int]
    processes: list[str]


KINDS = tuple(Contents.__dataclass_fields__)


def look(address: str) -> Contents:
    """Ask a host for what it has; UnreachableError if it does not answer."""
    with shell.connected(address) as host:
        asked = hosts.equip(host, Questions())
        listed = host.run(SETTINGS).stdout.splitlines()
        return Contents(
            packages=asked.packages.versions or {},
            files=host.run(FILES).stdout.splitlines(),
            settings={path: digest for digest, path in (line.split("  ", 1) for line in listed)},
            php_settings={name: bare(value) for name, value in (asked.web.settings or {}).items()},
            ports=sorted(facts.listening(host)),
            processes=processes.on(host),
        )


def apart(there: Contents, without: Contents) -> dict[str, Difference]:
    """Return, for each kind, what one machine has and the other has not, or has otherwise."""
    here, other = asdict(there), asdict(without)
    return {kind: difference(here[kind], other[kind]) or Difference((), (), ()) for kind in KINDS}
