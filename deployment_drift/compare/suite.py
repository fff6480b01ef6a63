"""Runs pytest on a project's own checks, and hands every comparison on as it is made."""

import os
import re
import shlex
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, redirect_stderr
from io import StringIO
from pathlib import Path

import pytest

from deployment_drift import output, paths
from deployment_drift.compare import project
from deployment_drift.compare.comparison import Comparison
from deployment_drift.compare.project import Project
from deployment_drift.compare.same import early_key, heard_key, name_of, pages_of
from deployment_drift.errors import DriftError
from deployment_drift.probe.connections import Early
from deployment_drift.probe.questions import Questions, gather
from deployment_drift.values import nameless

QUIET = ("-p", "deployment_drift", "--import-mode=importlib", "--assert=plain")
UNHEARD = ("terminalreporter", "lfplugin", "nfplugin")
"""Plugins of pytest that print or write; their options stay, which a project may have set."""
PAGES = "test_web_pages.py"  # of this project's checks, those of pages that a project names
LAST = 500  # characters of what went wrong that are told
PLAYED = (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED)
CHECKS = re.compile(r"(.*\.)?(test_[^.]*|[^.]*_test|conftest)")  # modules that pytest imports


class Silencer:
    """Takes the plugins away that would print, or write into the project's folder."""

    def pytest_plugin_registered(
        self, plugin_name: str, manager: pytest.PytestPluginManager
    ) -> None:
        """Do so as soon as one is there."""
        if plugin_name in UNHEARD:
            manager.unregister(name=plugin_name)


class Recorder:
    """Listens to pytest, and keeps what goes wrong besides the comparisons."""

    def __init__(self, heard: Callable[[Comparison], None], early: Early | None) -> None:
        self.heard, self.early = heard, early
        self.compared: dict[str, bool] = {}  # whether all that a check compared holds
        self.unasked: set[str] = set()  # pages that were not compared yet
        self.faults: list[str] = []

    def pytest_configure(self, config: pytest.Config) -> None:
        """Say that nobody reads what failed: to make a report of that takes long."""
        config.stash[heard_key] = True
        self.unasked = {page.label for page in pages_of(config)}
        if self.early:
            config.stash[early_key] = self.early

    def pytest_compared(self, comparison: Comparison) -> None:
        """Hand a comparison on."""
        name = comparison.check.name
        self.compared[name] = self.compared.get(name, True) and bool(comparison)
        self.unasked.discard(comparison.check.case)
        self.heard(comparison)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep the failure of a check that no comparison explains: it is broken itself."""
        name = name_of(report.nodeid.rpartition("::")[2])
        if report.failed and self.compared.get(name, True):
            self.faults.append(f"{report.nodeid}: {_why(report)}")

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Keep a file of checks that could not be read."""
        if report.failed:
            self.faults.append(f"{report.nodeid}: {_why(report)}")

    def pytest_internalerror(self, excinfo: pytest.ExceptionInfo[BaseException]) -> bool:
        """Keep a fault of pytest or of a plugin, and say that it needs no further words."""
        self.faults.append(_short(excinfo.exconly()))
        return True

    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        """Keep what has ended pytest, unless it was somebody's Ctrl-C."""
        if not isinstance(excinfo.value, KeyboardInterrupt):
            self.faults.append(f"pytest was ended: {excinfo.value}")


def _why(report: pytest.TestReport | pytest.CollectReport) -> str:
    """Return in one line why a report is a failure: the place and the error, without the way."""
    crash = getattr(report.longrepr, "reprcrash", None)
    if crash:
        return f"{os.path.relpath(crash.path)}, line {crash.lineno}: {_short(crash.message)}"
    lines = [line[1:].strip() for line in report.longreprtext.splitlines() if line[:2] == "E "]
    return _short(" ".join(lines) or report.longreprtext)


def _short(text: str) -> str:
    return nameless(text)[-LAST:].strip()


class Gatherer:
    """Takes what the constants of collected checks ask for."""

    questions = Questions()

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Look at the modules, before any check would be run."""
        modules = {item.module: None for item in session.items if hasattr(item, "module")}
        self.questions = gather(modules)


def questions(folder: Path) -> Questions:
    """Return what the checks in a folder ask of a PHP and of the shop; no host is asked."""
    gatherer = Gatherer()
    nobody = ["--collect-only", *_own("--local=local://", "--release=local://")]
    code, said = _main([str(folder), *QUIET, *nobody], gatherer)
    if code != pytest.ExitCode.OK:
        what = f"the checks in {folder} could not be read"
        raise DriftError(what, hint=f"pytest {folder}", detail=said)
    return gatherer.questions


def _main(given: Sequence[str], plugin: object) -> tuple[int, str]:
    """Run pytest; return its exit code, and what it has to say of how it was started."""
    with _forgetting(), redirect_stderr(StringIO()) as said:
        try:
            code = int(pytest.main([*given], plugins=[plugin, Silencer()]))
        except SystemExit as error:
            return pytest.ExitCode.INTERNAL_ERROR, f"conftest.py ends the process: {error!r}"
    if code in PLAYED:
        output.say(said.getvalue().rstrip())
    return code, _short(said.getvalue().replace("ERROR: ", ""))


@contextmanager
def _forgetting() -> Iterator[None]:
    """Forget files of checks: by name, pytest takes one half read or of another folder for read."""
    known = set(sys.modules)
    try:
        yield
    finally:
        for name in filter(CHECKS.fullmatch, set(sys.modules) - known):
            del sys.modules[name]


def _own(*options: str) -> list[str]:
    """Return options of the plugin by the names that no option of a project takes."""
    return [option.replace("--", "--drift-", 1) for option in options]


def run(
    addresses: Sequence[str],
    heard: Callable[[Comparison], None],
    folder: Path,
    said: Project,
    early: Early | None,
    **files: Path | None,
) -> None:
    """Compare hosts by the checks in a folder; the parameters are those of `checks.run`.

    Raises DriftError when a check is broken; a host that does not answer is no error
    but an unknown observation in its comparison.
    """
    local, *releases = addresses
    recorder = Recorder(heard, early)
    hosts = [f"--local={local}", *(f"--release={release}" for release in releases)]
    named = [f"--{name}={path}" for name, path in files.items() if path]
    options = _own(*hosts, *named, *project.options(said))
    where = [str(folder), *([str(paths.checks() / PAGES)] if said.pages else [])]
    code, told = _main([*where, *QUIET, *options], recorder)
    if code == pytest.ExitCode.INTERRUPTED and not recorder.faults:
        raise KeyboardInterrupt
    if recorder.unasked:
        recorder.faults.append(f"pages that were not asked: {', '.join(sorted(recorder.unasked))}")
    if code == pytest.ExitCode.NO_TESTS_COLLECTED:
        recorder.faults.append("there is no check in it")
    if recorder.faults or code not in PLAYED:
        raise DriftError(
            f"the checks in {os.path.relpath(folder)} could not be run",
            hint=shlex.join(["pytest", os.path.relpath(folder), *options]),
            detail="\n".join(recorder.faults) or told,
        )
