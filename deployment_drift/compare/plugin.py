"""Makes pytest compare hosts: `--local`, `--release`, and the fixture `same` for a check."""

import argparse
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

from deployment_drift import files, notes, stopping
from deployment_drift.compare import allowed
from deployment_drift.compare.allowed import Allowance
from deployment_drift.compare.asking import write
from deployment_drift.compare.comparison import Comparison, Verdict
from deployment_drift.compare.coverage import coverage, kinds, sentence, unmet
from deployment_drift.compare.project import absolute, allowances, read, secret_pattern
from deployment_drift.compare.same import (
    comparison_key,
    heard_key,
    pages_of,
    said_key,
    sentences,
    usage,
)
from deployment_drift.errors import DriftError
from deployment_drift.probe import addresses, snapshot
from deployment_drift.probe.connections import secret_of
from deployment_drift.values import harmless

MARKERS = (
    "outside_image(what): a check that sees more than the image: kernel, CPU or environment",
    "entry(name): a check that is one entry of a list's check, as every_setting.memory_limit",
)
WHOLE = ("snapshot", "expect", "pages")  # options that need every check in one process

made_key = pytest.StashKey[list[Comparison]]()
taken_key = pytest.StashKey[list[str]]()


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
    early_config.stash[taken_key] = _add_options(parser.getgroup("drift", "comparing hosts"))


def _add_options(group: pytest.OptionGroup) -> list[str]:
    """Add each option under a short name and a long one; return the short ones that others have."""
    taken: list[str] = []

    def add(name: str, metavar: str, what: str, **more: Any) -> None:  # noqa: ANN401 -- argparse's
        dest = f"drift_{name.replace('-', '_')}"
        more = {"dest": dest, "metavar": metavar, "help": what, **more}
        try:
            group.addoption(f"--{name}", f"--drift-{name}", **more)
        except (ValueError, argparse.ArgumentError):
            taken.append(name)
            group.addoption(f"--drift-{name}", **more)

    def add_list(name: str, metavar: str, what: str, kind: Callable[[str], str] = str) -> None:
        add(name, metavar, f"{what}; can be repeated", type=kind, action="append", default=[])

    add("local", "ADDRESS", "the reference, as docker://NAME")
    add_list("release", "ADDRESS", "a host to compare with it, as ssh://user@server")
    add("allowed", "FILE", "a TOML file of differences that are accepted", type=Path)
    add("snapshot", "FILE", "write down what --local is, as JSON", type=Path)
    add_list("app", "PATH", "a folder of the application on the hosts", absolute)
    hidden = "a further part of names whose values never leave a host"
    add_list("secret", "NAME", hidden, secret_pattern)
    add_list("leave-out", "PATTERN", "paths on the hosts not to compare, as /srv/app/cache/*")
    add("expect", "KINDS", "what has to be found on every host, as php,web", default="")
    asked = "a drift.toml whose pages are asked of each host's own web server"
    add("pages", "FILE", asked, type=Path)
    return taken


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make a check of each page that the project names."""
    if "drift_page" in metafunc.fixturenames:
        found = pages_of(metafunc.config)
        metafunc.parametrize("drift_page", found, ids=[page.slug for page in found])


def pytest_configure(config: pytest.Config) -> None:
    """Declare the markers that checks carry, and refuse what needs every check in one process."""
    whole = [name for name in WHOLE if config.getoption(f"drift_{name}", None)]
    several = config.getoption("numprocesses", None) or config.getoption("dist", "no") != "no"
    if whole and several:
        what = f"--{whole[0]} needs every check in one process: leave out -n and --dist"
        raise pytest.UsageError(what)
    for marker in MARKERS:
        config.addinivalue_line("markers", marker)


def pytest_itemcollected(item: pytest.Item) -> None:
    """Give an item the markers that are noted on its function, as those of this project are."""
    for name, value in notes(getattr(item, "obj", None)).items():
        item.add_marker(getattr(pytest.mark, name)(value))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Refuse to run checks when it was not said which hosts they compare."""
    if not any("drift_hosts" in getattr(item, "fixturenames", ()) for item in items):
        return
    option = config.option
    if not option.drift_local or not (option.drift_release or option.drift_snapshot):
        raise pytest.UsageError(f"give the hosts to compare: {_wanted(config)}")
    if sys.flags.optimize and option.assertmode == "plain":
        what = (
            "Python leaves out assertions here (-O or PYTHONOPTIMIZE), and checks are made of them"
        )
        raise pytest.UsageError(f"{what}: leave out --assert=plain")
    try:
        _judge(option)
    except DriftError as error:
        raise usage(error) from error


def _judge(option: argparse.Namespace) -> None:
    """Raise DriftError for what is wrong in what was given, before any host is asked."""
    given = [option.drift_local, *option.drift_release]
    kinds(option.drift_expect)
    secret_of(given)
    if option.drift_snapshot:
        others = [Path(address) for address in given]
        files.require(option.drift_snapshot, files.SNAPSHOT, others)
        snapshot.require(option.drift_snapshot)
    for address in given:
        _ = snapshot.is_snapshot(address) or addresses.parse(address)
    if option.drift_allowed:
        allowances(option.drift_allowed)
    if option.drift_pages:
        read(option.drift_pages)


def _wanted(config: pytest.Config) -> str:
    taken = config.stash.get(taken_key, [])
    names = [f"--{'drift-' * (name in taken)}{name}" for name in ("local", "release")]
    others = ", ".join(f"--{name}" for name in taken)
    why = f" ({others}: an option of your conftest.py or of a plugin)" if taken else ""
    return f"{names[0]} ADDRESS {names[1]} ADDRESS{why}"


def _expected(config: pytest.Config) -> tuple[str, ...]:
    try:
        return kinds(config.getoption("drift_expect", None) or "")
    except DriftError as error:
        raise usage(error) from error


@pytest.hookimpl(wrapper=True)
def pytest_runtestloop(session: pytest.Session) -> Any:  # noqa: ANN401 -- pytest's
    """End at once when Ctrl-C comes while a host is silent, also where no command of ours runs."""
    asks = session.config.getoption("drift_local", None)
    alone = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    with stopping.heeded() if asks and alone else nullcontext():
        return (yield)


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
        said = session.config.stash.get(said_key, ({}, ""))
        with sentences(session.config):
            write(path, session.config.option.drift_local, made, *said)


def _unfound(config: pytest.Config) -> str:
    """Return in a sentence what was expected but not found."""
    made = config.stash.get(made_key, [])
    missing = coverage(made).missing(_expected(config))
    return sentence({**missing, **unmet(made, pages_of(config))})


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Name what was expected but not found, and allowances that are of no use."""
    if unfound := _unfound(config):
        terminalreporter.write_line(harmless(unfound), red=True)
    file: Path | None = config.getoption("drift_allowed", None)
    made = config.stash.get(made_key, None)
    for line in _useless(made, allowances(file)) if file and made else ():
        terminalreporter.write_line(harmless(f"{file}: {line}"))


def _useless(made: Sequence[Comparison], accepted: Sequence[Allowance]) -> Iterator[str]:
    """Yield what is to be said of allowances that allow nothing."""
    for unneeded in allowed.unneeded(made, accepted):
        yield f"{unneeded.check} is no longer needed"
    for each, near in allowed.misspelt(made, accepted).items():
        yield f"there is no check called {each.check}{f': {near}?' if near else ''}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:  # noqa: ANN401
    """Let a failed check say what differs, and a host that could not be asked be an error."""
    comparison = item.stash.get(comparison_key, None)
    if comparison is None or comparison:  # what holds explains no failure
        return (yield)
    if call.when != "call" or call.excinfo is None:
        return (yield)
    if item.config.stash.get(heard_key, False):  # who has heard of it reads no report
        call.excinfo = None
        return (yield)
    sentence = pytest.fail.Exception(f"{comparison!r}\n{comparison.check.why}", pytrace=False)
    sentence.__traceback__ = call.excinfo.tb
    call.excinfo = pytest.ExceptionInfo.from_exception(sentence)
    report = yield
    if comparison.verdict is Verdict.UNKNOWN:
        report.when = "setup"  # what pytest calls an error, in the terminal and in JUnit
    return report
