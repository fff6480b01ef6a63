"""The fixture `same`: one question to every host of the setup, and the answers compared."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

import pytest

from deployment_drift.compare import project
from deployment_drift.compare.asking import Setup, connecting, described
from deployment_drift.compare.comparison import Check, Comparison, Same, Verdict
from deployment_drift.errors import DriftError, UnknownError
from deployment_drift.probe.collect import Section
from deployment_drift.probe.connections import Early, nobody, secret_of
from deployment_drift.probe.observe import Question
from deployment_drift.probe.questions import WebPage, gather
from deployment_drift.values import harmless

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
    """Return the check that a test of pytest's is."""
    name = name_of(item.name)
    entry = item.get_closest_marker("entry")
    subject = item.path.stem.removeprefix("test_")
    check = described(getattr(item, "obj", item), name, subject, entry.args[0] if entry else "")
    page = getattr(getattr(item, "callspec", None), "params", {}).get("drift_page")
    test = name_of(getattr(item, "originalname", name))
    return replace(check, test=test, case=page.label) if page else check


def name_of(test: str) -> str:
    """Return what the check of a test is called: `page_health` of `test_page[health]`."""
    return re.sub(r"\[(.*)]$", r"_\1", test.removeprefix("test_"))


@pytest.fixture(scope="session")
def drift_hosts(request: pytest.FixtureRequest) -> Iterator[Setup]:
    """Connect the hosts to compare, side by side."""
    option, stash = request.config.option, request.config.stash
    addresses = [option.drift_local, *option.drift_release]
    modules = {item.module: None for item in request.session.items if hasattr(item, "module")}
    named = {
        "folders": tuple(option.drift_app),
        "secrets": tuple(option.drift_secret),
        "web_pages": pages_of(request.config),
    }
    early = stash.get(early_key, None) or nobody(addresses)
    key = {"secret": early.questions.secret, **secret_of(addresses)}
    questions = gather(modules, **named, **key)
    allowances = project.allowances(option.drift_allowed) if option.drift_allowed else ()
    options = {"allowances": allowances, "left_out": option.drift_leave_out}
    with sentences(request.config), connecting(addresses, early, questions, **options) as setup:
        yield setup
        if option.drift_snapshot:
            stash[said_key] = setup.hosts[0].sections(), questions.secret


@pytest.fixture
def same(request: pytest.FixtureRequest, drift_hosts: Setup) -> Same:
    """Give a function that puts one question to every host and compares the answers.

    `assert same(lambda host: host.php.version)` holds when all hosts gave the same answer, or
    when the difference is allowed. A host that could not be asked makes the check an error:
    its answer is unknown, neither the same nor different. What no host has is skipped.
    """
    check = check_of(request.node)

    def compare(question: Question) -> Comparison:
        comparison = drift_hosts.compare(check, question)
        request.node.stash[comparison_key] = comparison
        request.config.hook.pytest_compared(config=request.config, comparison=comparison)
        if comparison.verdict is Verdict.UNKNOWN:
            raise UnknownError(repr(comparison))
        if comparison.verdict is Verdict.NOT_APPLICABLE:
            pytest.skip("not applicable: absent on every host")
        return comparison

    return compare
