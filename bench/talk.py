"""What a talk costs on a terminal: keys, waiting, and beside its scenes: python -m bench.talk."""

import json
import os
import pty
import resource
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from deployment_drift import paths
from deployment_drift.stage.talk import chosen
from tests import staged

PROGRAM = [sys.executable, "-m", "deployment_drift"]
TIMES = 3
QUIET = 0.3
"""Seconds in which nothing more is written when a page is whole."""
KEYS = 12
SHOWN = {"LANG": "C.UTF-8", "TERM": "xterm", "COLUMNS": "100", "LINES": "40"}


def whole(terminal: int, quiet: float = QUIET) -> None:
    """Read what is written until nothing follows."""
    while select.select([terminal], [], [], quiet)[0]:
        os.read(terminal, 65536)


def answers(file: Path) -> Iterator[float]:
    """Yield the milliseconds from each key to the first new text, in a talk of many ideas."""
    speaker, program = pty.openpty()
    words = [*PROGRAM, "replay", "--file", str(file), "--step", "--speed", "1000"]
    process = subprocess.Popen(
        words,
        cwd=paths.root(),
        env={**os.environ, **SHOWN},
        stdin=program,
        stdout=program,
        stderr=program,
    )
    os.close(program)
    whole(speaker, 5)
    for _ in range(KEYS):
        pressed = time.perf_counter()
        os.write(speaker, b" ")
        select.select([speaker], [], [], 10)
        yield (time.perf_counter() - pressed) * 1000
        whole(speaker)
    process.terminate()
    process.wait()


def spent(*commands: list[str]) -> tuple[float, float]:
    """Return the seconds, and those of the processor, that commands take one after the other."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    for words in commands:
        subprocess.run([*PROGRAM, *words], cwd=paths.root(), stdout=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.perf_counter() - began, used


def waiting(file: Path) -> float:
    """Return the seconds of all steps of a recorded talk: a speaker waits no longer in all."""
    told = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    return sum(float(each["seconds"]) for each in told if each["event"] == "step_done")


def main() -> None:
    """Print the figures."""
    with TemporaryDirectory() as folder:
        found = list(answers(staged.written(Path(folder) / "talk.jsonl", 200)))
        print(f"key to new text: median {median(found):.0f} ms, longest {max(found):.0f} ms")
        events = Path(folder) / "events.jsonl"
        talk = ["talk", "--auto", "0", "--events", str(events)]
        scenes = [[scene.typed] for scene in chosen(10)]
        spent(*scenes)  # everything is warm from now on
        pairs = [(spent(*scenes), spent(talk)) for _ in range(TIMES)]
        alone, whole_talk = (
            [median(each) for each in zip(*one, strict=True)] for one in zip(*pairs, strict=True)
        )
        print(f"scenes alone: {alone[0]:.1f} s, {alone[1]:.2f} s of CPU")
        print(f"talk --auto 0: {whole_talk[0]:.1f} s, {whole_talk[1]:.2f} s of CPU")
        print(f"waiting in a talk of ten minutes: {waiting(events):.1f} s")


if __name__ == "__main__":
    main()
