"""What contributors need: lint, tests, locks, mutants, and what the READMEs show."""

import json
import re
import shlex
import shutil
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

from invoke import Collection, Context, Promise, task

from deployment_drift import paths
from deployment_drift.cli import ends_with_status

LINT = "ruff check . && ruff format --check . && mypy"
COMPILED = {"PYTHONDONTWRITEBYTECODE": ""}  # else each command that is tested compiles all of ours
EVERYTHING = "deployment_drift/*"  # in pyproject.toml, as the next is
ASKED = re.compile(r"^(pytest_add_cli_args_test_selection = )\[.*?^]", re.DOTALL | re.MULTILINE)
LEFT_OUT = shutil.ignore_patterns(".*", "__pycache__", "mutants")
UNNOTICED = ("survived", "no tests", "suspicious")  # in mutmut's words


@task
@ends_with_status
def readme(_: Context) -> int:
    """Make the READMEs' pictures and tables from real runs."""
    from deployment_drift import readme as pages

    for path in pages.make(paths.root()):
        print(path.relative_to(paths.root()))
    return 0


@task
@ends_with_status
def film(_: Context) -> int:
    """Make docs/talk.html, the talk to be looked at in a browser, from the scenes' last runs."""
    from deployment_drift.stage import film as stage

    stage.write(paths.root() / "docs" / "talk.html")
    return 0


@task
def lock(context: Context) -> None:
    """Lock the newest versions that pyproject.toml allows, with hashes (needs uv)."""
    options = "--quiet --upgrade --universal --python-version 3.11 --generate-hashes"
    header = "--no-emit-index-url --custom-compile-command './invoke dev.lock'"
    how = f"uv pip compile {options} {header}"
    context.run(f"{how} pyproject.toml -o requirements.txt")
    context.run(f"{how} --group dev -c requirements.txt -o requirements-dev.txt")


@task(help={"fast": "only what takes seconds: lint, format, types, unit tests"})
def test(context: Context, fast: bool = False) -> None:  # noqa: PT028 -- a command, no check
    """Lint, format, types, and every test."""
    with cast("Promise", context.run(LINT, asynchronous=True)):
        unit(context)
    if not fast:
        programs(context)
        halves = (
            "--numprocesses=2 --dist=loadscope --no-loadscope-reorder"  # as tests/conftest.py says
        )
        context.run(
            f"pytest {halves} --durations=25 --deselect=tests/unit --deselect=tests/programs",
            env=COMPILED,
        )


@task
def lint(context: Context) -> None:
    """Lint, format and types."""
    context.run(LINT)


@task
def unit(context: Context) -> None:
    """Test the package, without an engine and without other programs than sh."""
    _side_by_side(context, "tests/unit")


@task
def programs(context: Context) -> None:
    """Test the programs for hosts in every shell, and the command and plugin as processes."""
    _side_by_side(context, "tests/programs")


def _side_by_side(context: Context, folder: str) -> None:
    context.run(f"pytest -q --numprocesses=auto --durations=25 {folder}", env=COMPILED)


@task(help={"only": "a part of a pair's name, as 01 or memory"})
def cases(context: Context, only: str = "") -> None:
    """Play pairs of servers from public reports, and say of each where its cause stands."""
    _play(context, only, "-q", "tests/cases")


@task(help={"only": "a part of a fault's name, as inputs or signal"})
def faults(context: Context, only: str = "") -> None:
    """Play what goes wrong, see that nothing is left, and write docs/faults.md."""
    _play(context, only, "-q", "--write-page", "tests/faults/test_faults.py::test_fault")


@task(
    help={
        "only": "a part of an engine's name or a scene's, as podman",
        "images": "a file of docker save, which each engine loads first",
        "go-on": "leave out what docs/engines.md has",
    }
)
def engines(context: Context, only: str = "", images: str = "", *, go_on: bool = False) -> None:
    """Play the scenes on engines that users have, and write docs/engines.md (needs root)."""
    options = [*(["--images", images] if images else []), *(["--go-on"] if go_on else [])]
    _play(context, only, "--write-engines", *options, "tests/engines")


def _play(context: Context, only: str, *words: str) -> None:
    chosen = ["-k", only] if only else []
    context.run(shlex.join(["pytest", "--tb=short", *words, *chosen]))


@task
def targets(context: Context) -> None:
    """Release on each kind of target, and write docs/ship/targets.md."""
    context.run("python -m bench.targets")


@task
def machines(context: Context) -> None:
    """Boot a machine of each format on its product's devices, and write docs/machines/README.md."""
    context.run("pytest -q --tb=short tests/machines && python -m bench.machines")


@task(help={"seconds": "how long each fuzzer plays"})
def fuzz(context: Context, seconds: int = 10) -> None:
    """Feed what is read, typed and answered with what it should not be, and count the inputs."""
    context.run(f"pytest -q --tb=short tests/fuzz --seconds {seconds}")


@task(
    help={
        "minutes": "how long scenes, comparisons and faults are played at random",
        "stops": "stop so many scenes by signals at random moments instead",
    }
)
def soak(context: Context, minutes: int = 10, stops: int = 0) -> None:
    """Play scenes and faults at random, and see that nothing is left and nothing grows."""
    context.run(f"python -m tests.faults.soak --minutes {minutes} --stops {stops}")


@task(
    help={
        "module": "what is changed, as compare, compare.ranking or run",
        "tests": "what is asked instead of all that pyproject.toml names, as tests/unit/probe",
    }
)
def mutants(context: Context, module: str, tests: str = "") -> None:
    """Change a copy of the code in many small ways, and name what no unit test notices."""
    compiled = {"PYTHONDONTWRITEBYTECODE": ""}
    with TemporaryDirectory() as folder, context.cd(folder):
        copy(paths.root(), Path(folder), module, tests.split())
        context.run("nice mutmut run --max-children 2", env=compiled)
        found = context.run("mutmut results --all true", hide="out")
        tell(found.stdout)


def copy(root: Path, folder: Path, module: str, tests: Sequence[str] = ()) -> None:
    """Copy a checkout, in which only modules whose names begin so are going to be changed.

    tests: what is asked instead of the tests that pyproject.toml names.
    """
    shutil.copytree(root, folder, ignore=LEFT_OUT, dirs_exist_ok=True)
    file = folder / "pyproject.toml"
    chosen = f"deployment_drift/{module.replace('.', '/')}*"
    text = file.read_text("utf-8").replace(EVERYTHING, chosen)
    if tests:
        text = ASKED.sub(rf"\g<1>{json.dumps(tests)}", text)
    file.write_text(text, "utf-8")


def tell(results: str) -> None:
    """Print each change that passed unnoticed, and how many were noticed by file.

    results: lines as `mutmut results --all true` prints them, `    a.b.x_f__mutmut_1: killed`.
    """
    counted: dict[str, Counter[str]] = defaultdict(Counter)
    for line in filter(None, map(str.strip, results.splitlines())):
        name, _, status = line.partition(": ")
        counted[name.rpartition(".")[0]][status] += 1
        if status in UNNOTICED:
            print(f"{status}: {name}")
    for file, found in counted.items():
        lost = sum(found[status] for status in UNNOTICED)
        print(f"{file}: {found.total() - lost} of {found.total()} noticed")


namespace = Collection(
    "dev",
    cases,
    engines,
    faults,
    film,
    fuzz,
    lint,
    lock,
    machines,
    mutants,
    programs,
    readme,
    soak,
    targets,
    unit,
)
