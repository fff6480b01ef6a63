"""Makes pytest compare hosts: `--local`, `--release`, and the fixture `same` for a check."""

import argparse
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from itertools import repeat
from pathlib import Path
from typing import Any

import pytest

from deployment_drift.compare import allowed, project
from deployment_drift.compare.allowed import Allowance
from deployment_drift.compare.comparison import Check, Comparison, Verdict
from deployment_drift.compare.coverage import coverage, kinds, sentence, unmet
from deployment_drift.compare.project import allowances, without
from deployment_drift.errors import DriftError, UnknownError
from deployment_drift.probe import snapshot
from deployment_drift.probe.addresses import names
from deployment_drift.probe.collect import Section
from deployment_drift.probe.hosts import Asked, connected, secret_of
from deployment_drift.probe.observe import Memory, Question
from deployment_drift.probe.pages import WebPage
from deployment_drift.probe.questions import gather
from deployment_drift.records import Observation

MARKERS = (
    "outside_image(what): a check that sees more than the image: kernel, CPU or environment",
    "entry(name): a check that is one entry of a list's check, as every_setting.memory_limit",
)
WHOLE = ("snapshot", "expect")  # options that need every check in one process
MANY = 6  # hosts from which on it pays to look up what others with the same facts answered
CAP = 16  # hosts that are asked at the same moment; engines slow down beyond that

Same = Callable[[Question], Comparison]
comparison_key = pytest.StashKey[Comparison]()
made_key = pytest.StashKey[list[Comparison]]()
taken_key = pytest.StashKey[str]()
said_key = pytest.StashKey[tuple[Mapping[str, Section], str]]()


class Hooks:
    """The hook through which a scene follows the checks."""

    @pytest.hookspec
    def pytest_compared(self, config: pytest.Config, comparison: Comparison) -> None:
        """Take note of one comparison, as soon as it is made."""


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(
    early_config: pytest.Config, parser: pytest.Parser
) -> Iterator[None]:
    """Add the options after the conftest.py files, so that one of theirs is never refused."""
    yield
    try:
        _add_options(parser.getgroup("drift", "comparing hosts"))
    except (ValueError, argparse.ArgumentError) as error:
        early_config.stash[taken_key] = str(error)


def _add_options(group: pytest.OptionGroup) -> None:
    group.addoption(
        "--local", dest="drift_local", metavar="ADDRESS", help="the reference, as docker://NAME"
    )
    group.addoption(
        "--release",
        dest="drift_release",
        metavar="ADDRESS",
        action="append",
        default=[],
        help="a host to compare with it, as ssh://user@server; can be repeated",
    )
    group.addoption(
        "--allowed",
        dest="drift_allowed",
        metavar="FILE",
        type=Path,
        help="a TOML file of differences that are accepted",
    )
    group.addoption(
        "--snapshot",
        dest="drift_snapshot",
        metavar="FILE",
        type=Path,
        help="write down what --local is, as JSON",
    )
    group.addoption(
        "--app",
        dest="drift_app",
        metavar="PATH",
        action="append",
        default=[],
        help="a folder of the application on the hosts; can be repeated",
    )
    group.addoption(
        "--leave-out",
        dest="drift_leave_out",
        metavar="PATTERN",
        action="append",
        default=[],
        help="paths on the hosts that are not compared, as /srv/app/cache/*; can be repeated",
    )
    group.addoption(
        "--expect",
        dest="drift_expect",
        metavar="KINDS",
        default="",
        help="what has to be found on every host, as php,web",
    )
    group.addoption(
        "--pages",
        dest="drift_pages",
        metavar="FILE",
        type=Path,
        help="a drift.toml whose pages are asked of each host's own web server",
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make a check of each page that the project names."""
    if "drift_page" in metafunc.fixturenames:
        found = _pages(metafunc.config)
        metafunc.parametrize("drift_page", found, ids=[page.slug for page in found])


def _pages(config: pytest.Config) -> tuple[WebPage, ...]:
    file: Path | None = config.getoption("drift_pages", None)
    return project.read(file).pages if file else ()


def pytest_configure(config: pytest.Config) -> None:
    """Declare the markers that checks carry, and refuse what needs every check in one process."""
    whole = [name for name in WHOLE if config.getoption(f"drift_{name}", None)]
    if whole and config.getoption("numprocesses", None):
        raise pytest.UsageError(f"--{whole[0]} needs every check in one process: leave out -n")
    for marker in MARKERS:
        config.addinivalue_line("markers", marker)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Refuse to run checks when it was not said which hosts they compare."""
    if not any("drift_hosts" in getattr(item, "fixturenames", ()) for item in items):
        return
    if taken := config.stash.get(taken_key, ""):
        raise pytest.UsageError(
            f"an option of your conftest.py or of a plugin is in the way: {taken}"
        )
    option = config.option
    _expected(config)
    if not option.drift_local or not (option.drift_release or option.drift_snapshot):
        raise pytest.UsageError("give the hosts to compare: --local ADDRESS --release ADDRESS")
    try:
        secret_of([option.drift_local, *option.drift_release])
    except DriftError as error:
        raise pytest.UsageError(f"{error.what}; {error.hint}") from error


def _expected(config: pytest.Config) -> tuple[str, ...]:
    try:
        return kinds(config.getoption("drift_expect", None) or "")
    except DriftError as error:
        raise pytest.UsageError(f"{error.what}; {error.hint}") from error


def pytest_addhooks(pluginmanager: pytest.PytestPluginManager) -> None:
    """Declare `pytest_compared`."""
    pluginmanager.add_hookspecs(Hooks)


def pytest_compared(config: pytest.Config, comparison: Comparison) -> None:
    """Keep the comparisons for what is told at the end of the run."""
    config.stash.setdefault(made_key, []).append(comparison)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write the snapshot that was asked for, and fail where something expected was not found."""
    if session.exitstatus == pytest.ExitCode.OK and _unfound(session.config):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
    path: Path | None = session.config.getoption("drift_snapshot", None)
    made = session.config.stash.get(made_key, None)
    if path and made:
        # what was answered to a page is among the sections, where it is known what was asked
        kept = [each for each in made if not each.check.case]
        seen = {each.check.name: next(iter(each.observations.values())) for each in kept}
        taken = datetime.now(UTC).replace(microsecond=0)
        said = session.config.stash.get(said_key, ({}, ""))
        address = session.config.option.drift_local
        snapshot.write(path, snapshot.Snapshot(address, taken, seen, *said))


def _unfound(config: pytest.Config) -> str:
    """Return in a sentence what was expected but not found."""
    made = config.stash.get(made_key, [])
    missing = coverage(made).missing(_expected(config))
    return sentence({**missing, **unmet(made, _pages(config))})


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Name what was expected but not found, and allowances that are of no use."""
    if unfound := _unfound(config):
        terminalreporter.write_line(unfound, red=True)
    file: Path | None = config.getoption("drift_allowed", None)
    made = config.stash.get(made_key, None)
    if not file or not made:
        return
    accepted = allowances(file)
    for unneeded in allowed.unneeded(made, accepted):
        terminalreporter.write_line(f"{file}: {unneeded.check} is no longer needed")
    for each, near in allowed.misspelt(made, accepted).items():
        likely = f": {near}?" if near else ""
        terminalreporter.write_line(f"{file}: there is no check called {each.check}{likely}")


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


@pytest.fixture(scope="session")
def drift_hosts(request: pytest.FixtureRequest) -> Iterator[list[Asked]]:
    """Connect the hosts to compare, side by side; the first is the reference."""
    option = request.config.option
    addresses = [option.drift_local, *option.drift_release]
    modules = {item.module: None for item in request.session.items if hasattr(item, "module")}
    named = {"folders": tuple(option.drift_app), "web_pages": _pages(request.config)}
    questions = gather(modules, **named, **secret_of(addresses))
    with ThreadPoolExecutor(CAP) as threads:
        memory = Memory() if len(addresses) >= MANY else None
        each = names(addresses), addresses, repeat(questions), repeat(memory)
        hosts = list(threads.map(connected, *each))
    yield hosts
    if option.drift_snapshot:
        request.config.stash[said_key] = (hosts[0].sections(), questions.secret)
    for host in hosts:
        host.close()


@pytest.fixture(scope="session")
def drift_allowances(pytestconfig: pytest.Config) -> Sequence[Allowance]:
    """Read which differences are accepted."""
    file = pytestconfig.option.drift_allowed
    return allowances(file) if file else ()


@pytest.fixture(scope="session")
def drift_pool() -> Iterator[ThreadPoolExecutor]:
    """Give the threads in which hosts are asked side by side."""
    with ThreadPoolExecutor(CAP) as threads:
        yield threads


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
    found = {id(each): replace(each, value=without(each.value, left_out)) for each in seen}
    return [found[id(each)] for each in seen]


@pytest.fixture
def same(
    request: pytest.FixtureRequest,
    drift_hosts: list[Asked],
    drift_pool: ThreadPoolExecutor,
    drift_allowances: Sequence[Allowance],
) -> Same:
    """Give a function that puts one question to every host and compares the answers.

    `assert same(lambda host: host.php.version)` holds when all hosts gave the same answer, or
    when the difference is allowed. A host that could not be asked makes the check an error:
    its answer is unknown, neither the same nor different. What no host has is skipped.
    """
    check, called = check_of(request.node), [host.name for host in drift_hosts]

    left_out = request.config.option.drift_leave_out

    def compare(question: Question) -> Comparison:
        seen = list(_observed(drift_hosts, question, check.name, drift_pool))
        observations = _shortened(seen, left_out)
        comparison = Comparison(check, dict(zip(called, observations, strict=True)))
        comparison = allowed.apply(comparison, drift_allowances, datetime.now(UTC).date())
        request.node.stash[comparison_key] = comparison
        request.config.hook.pytest_compared(config=request.config, comparison=comparison)
        if comparison.verdict is Verdict.UNKNOWN:
            raise UnknownError(repr(comparison))
        if comparison.verdict is Verdict.NOT_APPLICABLE:
            pytest.skip("not applicable: absent on every host")
        return comparison

    return compare


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:  # noqa: ANN401
    """Let a failed check say what differs, and a host that could not be asked be an error."""
    comparison = item.stash.get(comparison_key, None)
    if comparison is None or comparison:  # what holds explains no failure
        return (yield)
    if call.when != "call" or call.excinfo is None:
        return (yield)
    sentence = pytest.fail.Exception(f"{comparison!r}\n{comparison.check.why}", pytrace=False)
    sentence.__traceback__ = call.excinfo.tb
    call.excinfo = pytest.ExceptionInfo.from_exception(sentence)
    report = yield
    if comparison.verdict is Verdict.UNKNOWN:
        report.when = "setup"  # what pytest calls an error, in the terminal and in JUnit
    return report
