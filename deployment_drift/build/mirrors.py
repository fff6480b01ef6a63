"""Reads from the machine's own apt where Debian's packages come from, and through which proxy."""

import re
import shutil
import subprocess
from collections.abc import Iterable

_FIELDS = "$(ORIGIN)|$(CODENAME)|$(RELEASE)|$(COMPONENT)|$(REPO_URI)"
_LIMIT = 60
_CARRIED = re.compile(
    r'Acquire::((https?|ftp)::Proxy(::[^ ]+)?|Check-Valid-Until|Check-Date) "[^"]'
)
_PROXY = re.compile(r'Acquire::(https?)::Proxy(?:::([^ ]+))? "([^"]+)"')


def sources(suite: str) -> list[str]:
    """Return apt's source lines for a Debian suite, or [] if this machine is no Debian."""
    release = _release()
    if release.get("ID") != "debian" or not shutil.which("apt-get"):
        return []
    # apt tells who publishes only what it has fetched; the rest it names when not asked for that
    targets = [*_targets(), *_targets("--no-release-info")]
    return translate(targets, release.get("VERSION_CODENAME", ""), suite)


def _targets(*options: str) -> list[str]:
    wanted = ("--format", _FIELDS, "Created-By: Packages")
    return _run("apt-get", "indextargets", *options, *wanted).splitlines()


def translate(targets: Iterable[str], codename: str, suite: str) -> list[str]:
    """Return source lines for `suite` with the mirrors that serve `codename` to this machine.

    targets: lines of `apt-get indextargets`, with the fields of this module's format.
    """
    mirrors = _mirrors(targets)
    main = mirrors.get(codename)
    if not main:
        return []
    found = {
        suite: main,
        f"{suite}-updates": mirrors.get(f"{codename}-updates", main),
        f"{suite}-security": mirrors.get(f"{codename}-security", ""),
    }
    return [f"deb {uri} {name} main" for name, uri in found.items() if uri]


def _mirrors(targets: Iterable[str]) -> dict[str, str]:
    """Return the address of each suite's mirror; what is known to be Debian's own goes first."""
    split = (line.split("|") for line in targets if line.count("|") == _FIELDS.count("|"))
    rows = [row for row in split if "@" not in row[4]]  # a password would be in every image
    known = {row[4] for row in rows if not row[0].startswith("$")}
    rows = [row for row in rows if not row[0].startswith("$") or row[4] not in known]
    rows.sort(key=lambda row: row[0] != "Debian")
    mirrors: dict[str, str] = {}
    for origin, codename, release, component, uri in rows:
        # of what apt has not fetched yet, it knows no origin and no code name
        if component == "main" and (origin == "Debian" or origin.startswith("$")):
            mirrors.setdefault(release if codename.startswith("$") else codename, uri.rstrip("/"))
    return mirrors


def options() -> list[str]:
    """Return the apt options that making another root needs: proxies, and whether dates count."""
    if not shutil.which("apt-config"):
        return []
    dump = _run("apt-config", "dump", "--format", '%f "%v";%n', "Acquire")
    return [line for line in dump.splitlines() if _CARRIED.match(line)]


def proxies() -> dict[str, str]:
    """Return apt's proxies as the variables of the environment by which a build has them."""
    found = [match.groups() for match in map(_PROXY.match, options()) if match]
    used = {f"{scheme}_proxy": proxy for scheme, host, proxy in found if not host}
    direct = ",".join(host for _, host, proxy in found if host and proxy == "DIRECT")
    chosen = {name: proxy for name, proxy in used.items() if proxy != "DIRECT"}
    return {**chosen, "no_proxy": direct} if chosen and direct else chosen


def _release() -> dict[str, str]:
    import platform

    try:
        return platform.freedesktop_os_release()
    except OSError:
        return {}


def _run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=_LIMIT, check=False)
    return done.stdout
