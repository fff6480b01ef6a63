"""Asks hosts the checks: this project's own, which are plain functions, or those of a folder."""

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache, partial
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import FunctionType, ModuleType

from deployment_drift import notes, paths
from deployment_drift.compare.asking import Setup, connecting, described, same_servers, write
from deployment_drift.compare.comparison import Comparison, Same
from deployment_drift.compare.project import Project, allowances, asked
from deployment_drift.errors import DriftError
from deployment_drift.probe.connections import opening, secret_of
from deployment_drift.probe.observe import Question
from deployment_drift.probe.questions import Questions, WebPage, gather
from deployment_drift.records import Check
from deployment_drift.waiting import PATIENCE

Test = Callable[[Same], None]


def run(  # noqa: PLR0913 -- one argument an option of the command
    addresses: Sequence[str],
    heard: Callable[[Comparison], None],
    *,
    folder: Path | None = None,
    allowed: Path | None = None,
    snapshot: Path | None = None,
    said: Project | None = None,
    patience: float = PATIENCE,
) -> dict[str, str]:
    """Compare hosts, the first with all others, by this project's checks or those in `folder`.

    Returns the hosts that turned out to be the same server as an earlier one, with its name.

    allowed: a TOML file of accepted differences. snapshot: where to write what the first
    host is; then one host is enough. said: what a project says of the hosts. patience: seconds
    that this project's checks give a host whose address says nothing else.

    Raises DriftError when a check is broken, or where Python has been told to leave out what
    checks are made of; a host that does not answer is an unknown observation.
    """
    if sys.flags.optimize:
        raise DriftError(
            "Python leaves out assertions here (-O or PYTHONOPTIMIZE), and checks are made of them",
            hint="unset PYTHONOPTIMIZE",
        )
    said = said or Project()
    if not folder:
        return _run(addresses, heard, said, allowed, snapshot, patience)
    with opening(addresses) as early:  # while pytest is imported and finds the checks
        from deployment_drift.compare import suite

        suite.run(addresses, heard, folder, said, early, allowed=allowed, snapshot=snapshot)
    return {}


def _run(  # noqa: PLR0913, PLR0917 -- as of `run`
    addresses: Sequence[str],
    heard: Callable[[Comparison], None],
    said: Project,
    allowed: Path | None,
    snapshot: Path | None,
    patience: float,
) -> dict[str, str]:
    """Compare hosts by this project's checks."""
    accepted = allowances(allowed) if allowed else ()
    made: list[Comparison] = []

    def tell(comparison: Comparison) -> None:
        made.append(comparison)
        heard(comparison)

    wanted = gather(modules(), patience=patience, **asked(said), **secret_of(addresses))
    with (
        opening(addresses, wanted) as early,
        connecting(addresses, early, allowances=accepted, left_out=said.ignore) as setup,
    ):
        for check, test in own(said.pages):
            seen = len(made)
            failed = _fails(test, partial(_same, setup, check, tell))
            if failed is not any(not each for each in made[seen:]) or len(made) == seen:
                raise DriftError(
                    f"the check {check.name} is broken: it does not say what it compared"
                )
        if snapshot:
            write(snapshot, addresses[0], made, setup.hosts[0].sections(), wanted.secret)
        return same_servers(setup.hosts)


def _fails(test: Test, same: Same) -> bool:
    """Make a check, and tell whether it fails, as pytest would."""
    try:
        test(same)
    except AssertionError:
        return True
    return False


def _same(
    setup: Setup, check: Check, tell: Callable[[Comparison], None], question: Question
) -> Comparison:
    """Give this project's checks what the fixture `same` gives to those that pytest runs."""
    comparison = setup.compare(check, question)
    tell(comparison)
    return comparison


def questions(folder: Path | None = None) -> Questions:
    """Return what this project's checks, or those in a folder, ask; no host is asked."""
    if not folder:
        return gather(modules())
    from deployment_drift.compare import suite

    return suite.questions(folder)


def own(pages: Sequence[WebPage] = ()) -> Iterator[tuple[Check, Test]]:
    """Yield this project's checks, in the order in which pytest finds them."""
    for module in modules():
        subject = module.__name__.rpartition(".test_")[2]
        for name, test in vars(module).items():
            if name.startswith("test_"):
                yield from _cases(test, subject, pages)


def _cases(
    test: FunctionType, subject: str, pages: Sequence[WebPage]
) -> Iterator[tuple[Check, Test]]:
    """Yield a check, or one for each page where it asks for pages."""
    name = test.__name__.removeprefix("test_")
    check = described(test, name, subject, notes(test).get("entry", ""))
    if "drift_page" not in test.__annotations__:
        yield check, test
        return
    for page in pages:
        case = replace(check, name=f"{name}_{page.slug}", test=name, case=page.label)
        yield case, partial(test, drift_page=page)


@cache
def modules() -> tuple[ModuleType, ...]:
    """Return the files of this project's checks, imported."""
    return tuple(_imported(file) for file in sorted(paths.checks().rglob("test_*.py")))


def _imported(file: Path) -> ModuleType:
    spec = spec_from_file_location(f"deployment_drift.checks.{file.stem}", file)
    if not spec or not spec.loader:
        raise ImportError(file)
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
