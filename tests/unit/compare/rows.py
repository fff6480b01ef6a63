"""Comparisons in the shortest words, and what the rows made of them say."""

from deployment_drift.compare.comparison import Comparison
from deployment_drift.compare.finding import Finding
from deployment_drift.records import JSON, Check
from tests.unit.conftest import observation

PHP, SYSTEM = ("8.4.24", "8.2.36"), ("debian 13", "debian 12")


def made(name: str, *values: JSON, subject: str = "inventory", entry: str = "") -> Comparison:
    """Return a comparison; None is absent, `?why` is unknown."""
    hosts = ("local", "release", "web-2", "web-3")[: len(values)]
    seen = {host: observation(value) for host, value in zip(hosts, values, strict=True)}
    return Comparison(Check(name, subject, name, "it matters.", entry), seen)


def php(*versions: JSON) -> Comparison:
    """Return the comparison of PHP's versions."""
    return made("php_version", *(versions or PHP), subject="php")


def debian(*versions: JSON) -> Comparison:
    """Return the comparison of distributions."""
    return made("distribution", *(versions or SYSTEM), subject="system")


def names(found: list[Finding]) -> list[str]:
    """Return what the rows are called, in their order."""
    return [row.name for row in found]


def effects(found: list[Finding], cause: str) -> list[str]:
    """Return what is folded under a row."""
    return [each.name for row in found if row.name == cause for each in row.effects]


def values(row: Finding) -> list[JSON]:
    """Return what the hosts have; None for absent."""
    return [seen.value for seen in row.observations.values()]
