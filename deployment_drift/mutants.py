"""Says which small changes of the code no unit test notices, for `./invoke dev.mutants`."""

import shutil
from collections import Counter, defaultdict
from pathlib import Path

EVERYTHING = "deployment_drift/*"  # in pyproject.toml
LEFT_OUT = shutil.ignore_patterns(".*", "__pycache__", "mutants")
UNNOTICED = ("survived", "no tests", "suspicious")  # in mutmut's words


def copy(root: Path, folder: Path, module: str) -> None:
    """Copy a checkout, in which only modules whose names begin so are going to be changed."""
    shutil.copytree(root, folder, ignore=LEFT_OUT, dirs_exist_ok=True)
    file = folder / "pyproject.toml"
    chosen = f"deployment_drift/{module.replace('.', '/')}*"
    file.write_text(file.read_text("utf-8").replace(EVERYTHING, chosen), "utf-8")


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
