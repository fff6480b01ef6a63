"""Picks mail and PHP apart: on servers that have both, and in containers that have one each."""

from dataclasses import asdict, dataclass

from deployment_drift import parallel
from deployment_drift.compare.inventory import Difference, difference, first, folded
from deployment_drift.events import Measured
from deployment_drift.probe import inside, observe, shell
from deployment_drift.probe.php import bare
from deployment_drift.probe.questions import Questions
from deployment_drift.records import JSON, Host
from deployment_drift.run import Run
from deployment_drift.scenes.mail import mailhosts, mailing
from deployment_drift.scenes.mail.mailhosts import find
from deployment_drift.targets.target import Target

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
SERVERS = ("local", "release")
SUBJECTS = (*SERVERS, "container")
COUNTED = ("packages", "files", "settings", "php_settings")
NAMED = ("ports", "processes")
FIGURES = (*COUNTED, *NAMED, "variables")

Apart = dict[str, Difference]


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
    with shell.connected(address, timeout=shell.PATIENT) as host:
        asked = observe.equip(host, Questions())
        listed = host.run(SETTINGS).stdout.splitlines()
        return Contents(
            packages=asked.packages.versions or {},
            files=host.run(FILES).stdout.splitlines(),
            settings={path: digest for digest, path in (line.split("  ", 1) for line in listed)},
            php_settings={name: bare(value) for name, value in (asked.web.settings or {}).items()},
            ports=sorted(inside.listening(host)),
            processes=inside.running_on(host),
        )


def differences(there: Contents, without: Contents) -> dict[str, Difference]:
    """Return, for each kind, what one machine has and the other has not, or has otherwise."""
    here, other = asdict(there), asdict(without)
    return {kind: difference(here[kind], other[kind]) or Difference((), (), ()) for kind in KINDS}


def play(run: Run) -> None:
    """Compare each server with itself without mail, and the shop with the shop elsewhere."""
    pairs = {name: _pair(run, name) for name in SERVERS}
    mailhosts.start(run, *(target for pair in pairs.values() for target in pair))
    shown = {name: tuple(find(run, target.name) for target in pairs[name]) for name in SERVERS}
    shown["container"] = (find(run, "shop-develop"), find(run, "shop-release"))
    apart = compare(shown)
    for name in SERVERS:
        _together(run, name)
        _picked(run, name, apart[name])
    _nothing(run, apart["container"], mailing.variables(run, *shown["container"]))


def _pair(run: Run, name: str) -> tuple[Target, Target]:
    """Return a server with mail, and the stage of its Dockerfile that has none yet."""
    whole, alone = run.built[name], run.built[f"{name}:php"]
    return Target(name, whole.id), Target(f"{name}-php", alone.id)


def compare(pairs: dict[str, tuple[Host, ...]]) -> dict[str, Apart]:
    """Return what the first host of each pair has that the second has not, or has otherwise."""
    addresses = [host.address for pair in pairs.values() for host in pair]
    seen = parallel.each(lambda address, _: look(address), addresses)
    return {
        name: differences(*both)
        for name, both in zip(pairs, zip(seen[::2], seen[1::2], strict=True), strict=True)
    }


def _together(run: Run, server: str) -> None:
    """State that web server and mail run side by side on a server."""
    running = inside.running(find(run, server).address)
    holds = set(running) > mailing.SERVER
    run.show("both_on_server", holds=holds, server=server, processes=first(running))


def _picked(run: Run, server: str, apart: Apart) -> None:
    """State what of a server belongs to mail, and would have to go, or stay behind."""
    counts = {kind: len(apart[kind].names) for kind in COUNTED}
    names = {kind: apart[kind].only_here for kind in NAMED}
    holds = all((counts["packages"], counts["files"], counts["settings"], *names.values()))
    _measure(run, server, {**counts, **{kind: folded(each) for kind, each in names.items()}})
    words = {kind: first(each) for kind, each in names.items()}
    run.show("picked_apart", holds=holds, server=server, **counts, **words)


def _nothing(run: Run, apart: Apart, variables: tuple[str, ...]) -> None:
    """State that another mail server is another address for the shop, and nothing else."""
    counts = {kind: len(apart[kind].names) for kind in (*COUNTED, *NAMED)}
    # the one setting of PHP that the address becomes a part of
    same = not any(counts[kind] for kind in counts if kind != "php_settings")
    holds = same and apart["php_settings"].names == ("sendmail_path",)
    words = {"php_settings": folded(apart["php_settings"].names), "variables": folded(variables)}
    _measure(run, "container", {**counts, **words})
    run.show("nothing_apart", holds=holds, names=list(variables))


def _measure(run: Run, subject: str, figures: dict[str, int | str]) -> None:
    for figure, value in figures.items():
        unit = "" if isinstance(value, str) else "count"
        run.tell(Measured(f"mail_{subject}", f"mail_{figure}", value, unit))
