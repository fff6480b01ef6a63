"""The fixture `same`: one question to every host of the setup, and the answers compared."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial

import pytest

from deployment_drift.compare import allowed, project
from deployment_drift.compare.allowed import Allowance
from deployment_drift.compare.comparison import Check, Comparison, Verdict
from deployment_drift.compare.project import allowances, without
from deployment_drift.errors import DriftError, UnknownError
from deployment_drift.probe.addresses import names
from deployment_drift.probe.collect import Section
from deployment_drift.probe.connections import CAP, Early, connected, nobody, secret_of
from deployment_drift.probe.hosts import Asked
from deployment_drift.probe.observe import Question
from deployment_drift.probe.questions import WebPage, gather
from deployment_drift.records import JSON, Observation, Status
from deployment_drift.values import harmless

Same = Callable[[Question], Comparison]
comparison_key = pytest.StashKey[Comparison]()
heard_key = pytest.StashKey[bool]()  # whether somebody hears of comparisons, and reads no report
early_key = pytest.StashKey[Early]()  # where somebody has begun with the hosts before
said_key = pytest.StashKey[tuple[Mapping[str, Section], str]]()


def usage(error: DriftError) -> pytest.UsageError:
    """Return the error by which pytest says in one line what was given wrongly."""
    return pytest.UsageError(_line(error))


def _line(error: DriftError) -> str:
    return harmless(f"{error.what}; {error.hint}".removesuffix("; "))


@contextmanager
def sentences(config: pytest.Config) -> Iterator[None]:
    """End pytest in one sentence where something is wrong that nobody else tells."""
    try:
        yield
    except DriftError as error:
        if config.stash.get(heard_key, False):
            raise
        pytest.exit(_line(error), returncode=2)


def pages_of(config: pytest.Config) -> tuple[WebPage, ...]:
    """Return the pages that the project names."""
    file = config.getoption("drift_pages", None)
    try:
        return project.read(file).pages if file else ()
    except DriftError as error:
        raise usage(error) from error


def check_of(item: pytest.Item) -> Check:
    """Read a check off its test, whose docstring starts with `Title: why it matters`."""
    line = (getattr(item, "obj", item).__doc__ or "").strip().partition("\n")[0]
    title, _, why = line.partition(": ")
    name = name_of(item.name)
    entry = item.get_closest_marker("entry")
    subject = item.path.stem.removeprefix("test_")
    check = Check(name, subject, title or name, why, entry.args[0] if entry else "")
    page = getattr(getattr(item, "callspec", None), "params", {}).get("drift_page")
    test = name_of(getattr(item, "originalname", name))
    return replace(check, test=test, case=page.label) if page else check


def name_of(test: str) -> str:
    """Return what the check of a test is called: `page_health` of `test_page[health]`."""
    return re.sub(r"\[(.*)]$", r"_\1", test.removeprefix("test_"))


@dataclass(frozen=True, slots=True)
class Setup:
    """The hosts to compare, the first as the reference, and what all checks have in common.

    `pool` has the threads in which hosts are asked side by side. It is one fixture because each
    takes its time in each check.
    """

    hosts: Sequence[Asked]
    pool: ThreadPoolExecutor
    allowances: Sequence[Allowance]


@pytest.fixture(scope="session")
def drift_hosts(request: pytest.FixtureRequest) -> Iterator[Setup]:
    """Connect the hosts to compare, side by side."""
    option = request.config.option
    addresses = [option.drift_local, *option.drift_release]
    modules = {item.module: None for item in request.session.items if hasattr(item, "module")}
    named = {
        "folders": tuple(option.drift_app),
        "secrets": tuple(option.drift_secret),
        "web_pages": pages_of(request.config),
    }
    early = request.config.stash.get(early_key, None) or nobody(addresses)
    key = {"secret": early.questions.secret, **secret_of(addresses)}
    questions = gather(modules, **named, **key)
    accepted = allowances(option.drift_allowed) if option.drift_allowed else ()
    with ThreadPoolExecutor(CAP) as threads:
        asked = partial(connected, questions=questions, early=early)
        with sentences(request.config):
            hosts = list(threads.map(asked, names(addresses), addresses))
        yield Setup(hosts, threads, accepted)
        if option.drift_snapshot:
            request.config.stash[said_key] = (hosts[0].sections(), questions.secret)
        for host in hosts:
            host.close()


def _observed(
    hosts: Sequence[Asked], question: Question, check: str, pool: ThreadPoolExecutor
) -> Iterator[Observation]:
    """Put one question to every host; those are waited for side by side that have to be asked."""
    known = [host.recall(check, question) for host in hosts]
    live = [host for host, seen in zip(hosts, known, strict=True) if seen is None]
    asked = pool.map(lambda host: host.observe(check, question), live) if live else iter(())
    for seen in known:
        yield seen or next(asked)


def _shortened(seen: Sequence[Observation], left_out: Sequence[str]) -> list[Observation]:
    """Leave out the paths that are not compared; what is one observation stays one."""
    if not left_out:
        return list(seen)
    found = {id(each): _left(each, without(each.value, left_out)) for each in seen}
    return [found[id(each)] for each in seen]


def _left(seen: Observation, value: JSON) -> Observation:
    """Return what is left of an observation; where nothing is, there is nothing to compare."""
    emptied = value in ([], {}) and seen.value != value
    return Observation(Status.ABSENT) if emptied else replace(seen, value=value)


@pytest.fixture
def same(request: pytest.FixtureRequest, drift_hosts: Setup) -> Same:
    """Give a function that puts one question to every host and compares the answers.

    `assert same(lambda host: host.php.version)` holds when all hosts gave the same answer, or
    when the difference is allowed. A host that could not be asked makes the check an error:
    its answer is unknown, neither the same nor different. What no host has is skipped.
    """
    check, called = check_of(request.node), [host.name for host in drift_hosts.hosts]

    left_out = request.config.option.drift_leave_out

    def compare(question: Question) -> Comparison:
        seen = list(_observed(drift_hosts.hosts, question, check.name, drift_hosts.pool))
        observations = _shortened(seen, left_out)
        comparison = Comparison(check, dict(zip(called, observations, strict=True)))
        comparison = allowed.apply(comparison, drift_hosts.allowances, datetime.now(UTC).date())
        request.node.stash[comparison_key] = comparison
        request.config.hook.pytest_compared(config=request.config, comparison=comparison)
        if comparison.verdict is Verdict.UNKNOWN:
            raise UnknownError(repr(comparison))
        if comparison.verdict is Verdict.NOT_APPLICABLE:
            pytest.skip("not applicable: absent on every host")
        return comparison

    return compare
