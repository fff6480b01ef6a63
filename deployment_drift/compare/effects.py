"""Folds effects under their causes: what a version, or something missing, brings with it."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from deployment_drift.compare import ranking
from deployment_drift.compare.finding import LINES, Finding, bare, told_last
from deployment_drift.compare.ranking import Weight
from deployment_drift.records import Observation, Status, Verdict

WORDS = re.compile(r"[a-z0-9]+")
PERMISSIONS = "configuration_permissions"
BROUGHT = {LINES, PERMISSIONS, "configuration_links", "jobs", "timers"}  # also by packages
DATABASE = re.compile(r"maria|mysql|postgres|redis|valkey|memcached")
WEB_SERVERS = frozenset({"apache", "nginx"})
OF_SERVICE = {  # checks of what a service has while it runs
    *("php_environment", "runtimes", "job_settings", "job_extensions"),
    *("service_limits", "ports", "database_settings"),
}
OF_RUNTIME = {"every_setting", "every_extension", "php_environment", "pools", "runtimes"}
Fact = tuple[str, str]  # a bare name and what was seen, of which the first row tells


@dataclass(frozen=True)
class Causes:
    """The rows that explain others, where there are such."""

    php: Finding | None
    distribution: Finding | None
    gone: Sequence[Finding]  # a PHP that a host does not have at all
    running: frozenset[str]  # hosts that have one nonetheless, which answers browsers
    missing: Mapping[str, Finding]  # extensions that a host does not have, by name
    first: Mapping[Fact, Finding]  # the first row that tells the same of another runtime
    unasked: Mapping[str, Finding]  # the first row of those with the same reason
    packages: Sequence[Finding]  # that somebody asked for, and a host does not have
    files: Mapping[str, Finding]  # of configuration, that a host does not have, by path
    stopped: Sequence[Finding]  # services that do not run on a host
    composer: Mapping[str, Finding]  # Composer's packages, as their entries are called


def folded(
    found: Sequence[Finding],
    story: Sequence[str] = (),
    running: frozenset[str] = frozenset(),
) -> list[Finding]:
    """Put effects under their causes; a whole check of a story is never folded.

    running: the hosts on which a PHP runs, be it another than the command line's.
    """
    causes = causes_of(found, running)
    effects: dict[int, list[Finding]] = defaultdict(list)
    rows = []
    for row in found:
        cause = None if story and not row.entry else _first_cause(row, causes)
        if cause is None or cause is row or _is_accepted_alone(cause, row):
            rows.append(row)
        else:
            effects[id(cause)].append(row)
    return [replace(row, effects=tuple(effects.get(id(row), ()))) for row in rows]


def _is_accepted_alone(cause: Finding, row: Finding) -> bool:
    """Whether somebody accepted the cause and not this effect, which then needs a row."""
    return cause.verdict is Verdict.ALLOWED and row.verdict is not Verdict.ALLOWED


def _first_cause(row: Finding, causes: Causes) -> Finding | None:
    """Follow a row's cause to the one that has none but itself."""
    cause = cause_of(row, causes)
    for _ in Weight:  # a chain is short, and must not be a ring
        above = cause_of(cause, causes) if cause else None
        if above is None or above is cause:
            break
        cause = above
    return cause


def causes_of(found: Sequence[Finding], running: frozenset[str] = frozenset()) -> Causes:
    """Pick the rows that explain others."""
    drifts = [row for row in found if row.verdict is not Verdict.UNKNOWN]
    versions = [row for row in drifts if ranking.PHP_VERSION.fullmatch(row.check.name)]
    both = [row for row in versions if not row.lacking]
    systems = [row for row in drifts if ranking.is_distribution(row.check)]
    unknown = [row for row in found if row.verdict is Verdict.UNKNOWN]
    lacking = [row for row in drifts if _is_missing_extension(row)]
    return Causes(
        php=both[0] if both else None,
        distribution=systems[0] if systems else None,
        gone=[row for row in versions if row.lacking and not row.entry],
        running=running,
        missing={extension(row): row for row in reversed(lacking)},
        first={_fact(row): row for row in sorted(drifts, key=told_last) if row.fact},
        unasked={_reasons(row): row for row in reversed(unknown)},
        packages=[row for row in drifts if _is_wanted_package(row)],
        files={row.key: row for row in drifts if row.check.name == LINES and row.lacking},
        stopped=[row for row in drifts if row.check.name == "services" and row.lacking and row.key],
        composer={row.entry: row for row in drifts if row.check.name == "composer_packages"},
    )


def _is_missing_extension(row: Finding) -> bool:
    return ranking.lists_extensions(row.check) and row.weight is Weight.BY_HAND


def _is_wanted_package(row: Finding) -> bool:
    return ranking.lists_packages(row.check) and bool(row.own and row.lacking)


def extension(row: Finding) -> str:
    """Return the name of the extension that a row is about."""
    return (row.fact or row.check.name.rpartition("_")[2]).lower()


def _fact(row: Finding) -> Fact:
    return bare(row.fact), row.told


def _seen(row: Finding) -> list[tuple[str, Observation]]:
    return [(host, seen) for host, seen in row.observations.items()]


def _reasons(row: Finding) -> str:
    return str([(host, seen.reason) for host, seen in _seen(row) if seen.status is Status.UNKNOWN])


def cause_of(row: Finding, causes: Causes) -> Finding | None:
    """Return the row that explains this one; itself, if it is a cause; None without one."""
    if row.verdict is Verdict.UNKNOWN:
        return causes.unasked[_reasons(row)]
    if ranking.is_distribution(row.check):
        return causes.distribution
    return (
        _without_php(row, causes)
        or next((each for each in causes.stopped if _is_of_service(row, each)), None)
        or next((each for each in causes.stopped if _is_of_web_server(row, each, causes)), None)
        or (causes.php if ranking.is_php_version(row.check, row.observations) else None)
        or _missing(row, causes.missing)
        or _by_version(row, causes)
        or _with_package(row, causes)
        or _with_composer(row, causes.composer)
        or causes.first.get(_fact(row))
    )


def _without_php(row: Finding, causes: Causes) -> Finding | None:
    """Return the PHP that is gone where everything of it is gone, too."""
    if row.check.subject not in ranking.OF_PHP | {"libraries"} or not row.lacking:
        return None
    if row.lacking & causes.running and _is_of_runtime(row):
        return None
    return next((each for each in causes.gone if each.lacking == row.lacking), None)


def _is_of_runtime(row: Finding) -> bool:
    """Whether this is asked of a PHP that runs, and not of the command line's alone."""
    asked = row.check.name in OF_RUNTIME or row.check.subject in ("settings", "extensions")
    return asked and "command line" not in f"{row.entry} {row.told}"


def _is_of_service(row: Finding, stopped: Finding) -> bool:
    """Whether a service that does not run would have had this: its variables, limits, ports."""
    if row.check.name not in OF_SERVICE or row.lacking != stopped.lacking:
        return False
    program = stopped.key.split()[0]
    told = row.check.name == "ports" or row.key in (program, stopped.key)
    database = row.check.name == "database_settings" and DATABASE.match(program) is not None
    if database and row.entry != row.key:  # there are several, and it says of which it is
        database = program[:5] in row.entry.lower()
    return told or database or stopped.key in f"{row.entry} {row.told}"


def _is_of_web_server(row: Finding, stopped: Finding, causes: Causes) -> bool:
    """Whether a row is of a web server in whose place another host has another one.

    Directives stay rows: what one of the two is told, the other may have to be told as well.
    """
    if stopped.key not in WEB_SERVERS or row.lacking != stopped.lacking:
        return False
    if row.check.name == "every_web_server_module":
        others = set(row.observations) - row.lacking
        return any(each.key in WEB_SERVERS and each.lacking == others for each in causes.stopped)
    of_apache = row.key.startswith("APACHE_") or row.key == "Apache module"
    return stopped.key == "apache" and row.check.name in OF_SERVICE and of_apache


def _missing(row: Finding, missing: Mapping[str, Finding]) -> Finding | None:
    """Return the missing extension that a row has in its name, if it is absent there, too."""
    if _is_missing_extension(row):
        return missing[extension(row)]
    found = [missing[word] for word in WORDS.findall(row.fact.lower()) if word in missing]
    return next((each for each in found if each.lacking == row.lacking), None)


def _with_package(row: Finding, causes: Causes) -> Finding | None:
    """Return the package, or the file, that is gone as a whole where a part of it is gone."""
    if row.check.name == PERMISSIONS and row.key in causes.files:
        return causes.files[row.key]
    needed = ranking.lists_packages(row.check) and not causes.distribution
    if row.own or not (needed or row.check.name in BROUGHT):
        return None
    alike = [each for each in causes.packages if each.lacking == row.lacking]
    return next((each for each in alike if each.key in row.key), alike[0] if alike else None)


def _with_composer(row: Finding, composer: Mapping[str, Finding]) -> Finding | None:
    """Return the package in another version; where that is the same, somebody edited its files."""
    if row.check.name != "every_deployed_file" or not row.key.startswith("vendor/"):
        return None
    called = row.entry.replace("vendor/", "", 1)
    return composer.get(called) or composer.get(row.key.removeprefix("vendor/"))


def _by_version(row: Finding, causes: Causes) -> Finding | None:
    """Return the version that explains a row which nobody made; None where somebody did."""
    check, seen = row.check, row.observations
    if ranking.lists_packages(check) and not row.lacking:
        return causes.distribution or (causes.php if "php" in row.key else None)
    if row.own or row.weight in (Weight.ANSWER, Weight.LIBRARY):
        return None
    if check.name == "character_sets" and row.entry.startswith("mbstring: "):
        return causes.php  # mbstring brings its own; those of iconv are the system's
    if causes.php and ranking.comes_with_php(check, row.fact, seen, traced=row.traced):
        return causes.php
    comes = ranking.comes_with_distribution(check, row.fact, seen, traced=row.traced)
    return causes.distribution if comes else None
