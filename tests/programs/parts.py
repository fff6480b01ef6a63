"""Parts of the program for hosts, run in a shell of this machine."""

import os
import subprocess
from pathlib import Path

from deployment_drift.probe import collect as collecting
from deployment_drift.probe.collect import Section, program, split
from deployment_drift.probe.questions import Expression, Questions

SH = Path(collecting.__file__).parent / "sh"
COMMON = "".join(path.read_text("utf-8") for path in sorted(SH.glob("_*.sh")))
ANSWER = (
    '@@facts@@{"facts":{"version":"8.4.1","sapi":"cli","settings":{},"files":'
    '{"loaded":null,"scanned":[]},"extensions":{},"libraries":{}},"lines":[],"answers":{"1":1}}'
)


def run(shell: list[str], text: str, path: Path | None = None) -> dict[str, Section]:
    """Run a program in a shell, with made up programs first on the PATH; return its sections."""
    paths = f"{path}:{os.environ['PATH']}" if path else os.environ["PATH"]
    ended = subprocess.run(
        shell,
        input=f"{text}\nmasked_sections",
        capture_output=True,
        check=False,
        timeout=60,
        encoding="utf-8",
        env={**os.environ, "PATH": paths},
    )
    return split(ended.stdout.encode(), "F", "cut")


def parts(*names: str) -> str:
    """Return the program of these parts only."""
    text = program("F", Questions(patience=1, expressions=(Expression("1"),)))
    values = text[: text.index("# Starts the program")]
    return values + COMMON + "".join((SH / name).read_text("utf-8") for name in names)


TABLE = """
processes="9000007 php-fpm: master process ($conf)
9000009 /usr/bin/php{}artisan{}queue:work
9000010 $fake/php{}-d{}memory_limit=1G{}artisan"
here() {{ :; }}
""".replace("{}", "\x1f")


def write(folder: Path, *paths: str) -> None:
    """Put files into a folder."""
    for path in paths:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text("<?php\n", "utf-8")
