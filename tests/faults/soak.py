"""Plays scenes and comparisons at random, with faults in between, and looks at what is left.

`python -m tests.faults.soak --minutes 60`, or `--stops 50` for scenes that are stopped and nothing
else. It needs an engine; status 1 says that something went wrong, is left, or has grown.
"""

import argparse
import gc
import random
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil

from deployment_drift import paths, run, scenes
from deployment_drift.compare.comparison import Verdict
from deployment_drift.engine import daemon, engines, leftovers, private
from deployment_drift.engine.engines import Engine
from deployment_drift.errors import DriftError
from deployment_drift.scene import Scene
from deployment_drift.scenes import compare
from deployment_drift.waiting import until
from tests.faults.play import Place, Things, of_ours, things

SENT = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
LONGEST = 300.0
"""Seconds after which a command hangs."""
SETTLED = 20.0
"""Seconds in which an engine has done what it was asked for."""
MIB = 2**20
ALLOWED = {"MiB": 64, "": 3}
"""What a figure may grow by, by its unit: allocators and engines keep a little of what they had."""
TYPED = [scene.typed for scene in scenes.story() if not scene.command]

Process = subprocess.Popen[bytes]


@dataclass
class Soak:
    """What is played on an engine, and what was seen of it."""

    engine: Engine
    place: Place
    chance: random.Random
    before: Things = frozenset()
    played: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def scene(self, typed: str = "") -> None:
        """Play a scene in this very process: what one leaves here, the next one would have."""
        typed = typed or self.chance.choice(TYPED)
        self.play_here(f"played {typed}", scenes.typed(typed))

    def comparison(self) -> None:
        """Compare a snapshot with itself in this very process."""
        snapshot = str(self.place.work / "good.json")
        self.play_here("compared", compare.of([snapshot, snapshot]))

    def play_here(self, what: str, scene: Scene) -> None:
        """Play a scene in this process; one that fails is noted, and does not end everything."""
        try:
            report = run.play(scene)
        except DriftError as error:
            self.note(what, fine=False, said=f": {error.what} {error.detail}")
        else:
            refuted = [each.name for each in report.statements if each.holds is False]
            unknown = [each for each in report.comparisons if each.verdict is Verdict.UNKNOWN]
            why = ", ".join([*refuted, *map(repr, unknown[:1])])
            self.note(what, report.status == 0, f": {report.verdict}, {why}")

    def stop(self, typed: str = "") -> None:
        """Stop a scene by a signal at a random moment."""
        typed, sent = typed or self.chance.choice(TYPED), self.chance.choice(SENT)
        moment = self.chance.uniform(0, self.chance.choice([0.3, 3, 12]))
        with self.started(typed) as process:
            time.sleep(moment)
            process.send_signal(sent)
            # -SIGINT, 130 to shells, is Python's own where a KeyboardInterrupt left an exec(text)
            fine = {0, 130, -signal.SIGINT, -sent}
            self.ended(process, f"{sent.name} after {moment:.2f} s in {typed}", fine)

    def kill(self) -> None:
        """Kill a scene: what it leaves, the next one takes away."""
        with self.started("demo-drift") as process:
            time.sleep(self.chance.uniform(1, 6))
            process.kill()
            process.communicate()
        # a busy engine still makes what the killed scene has asked for, which a later sweep takes
        until(self.swept, limit=SETTLED, pause=1)
        self.note("SIGKILL, and the next scene's start", fine=True)

    def swept(self) -> bool:
        """Do what each scene begins with, and tell whether nothing is left then."""
        leftovers.sweep(self.engine)
        return things(self.place) <= self.before

    def die(self) -> None:
        """Let hosts die in the middle of a scene."""
        with self.started("demo-drift") as process:
            time.sleep(self.chance.uniform(1, 6))
            with engines.opened(self.engine) as client:
                for each in client.containers.list(filters=of_ours()):
                    leftovers.remove_container(client.api, str(each.id))
            self.ended(process, "hosts died in demo-drift", {0, 1, 2})

    def started(self, typed: str) -> Process:
        """Start a command of the project, as a user does."""
        return subprocess.Popen(
            [str(paths.root() / "invoke"), *typed.split()],
            env=self.place.environment,
            cwd=self.place.work,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )

    def ended(self, process: Process, what: str, statuses: set[int]) -> None:
        """Wait until a command has ended, and note whether it did so as it should."""
        try:
            _, err = process.communicate(timeout=LONGEST)
        except subprocess.TimeoutExpired:
            process.kill()
            _, err = process.communicate()
        fine = process.returncode in statuses and b"Traceback" not in err
        self.note(what, fine, f": {process.returncode} {err.decode()[-300:]}")

    def note(self, what: str, fine: bool, said: str = "") -> None:  # noqa: FBT001 -- what it is about
        """Note what was played, and what was wrong or is left of it."""
        self.played[what.partition(" after ")[0]] += 1
        left = sorted(name for name, _ in things(self.place) - self.before)
        if left or not fine:
            self.wrong.append(f"{what}{said} left: {', '.join(left) or 'nothing'}")
            tell(self.wrong[-1])

    def random_things(self, minutes: float) -> None:
        """Do this and that until the time is over."""
        end = time.monotonic() + minutes * 60
        usual = [self.scene, self.scene, self.comparison, self.stop, self.stop, self.kill, self.die]
        while time.monotonic() < end:
            self.chance.choice(usual)()

    def stops(self, times: int) -> None:
        """Stop every scene in turn."""
        for _, typed in zip(range(times), cycle(TYPED), strict=False):
            self.stop(typed)


def figures(place: Place) -> dict[str, tuple[float, str]]:
    """Return what must not grow: a figure and its unit by its name."""
    gc.collect()  # an error that was noted holds what its frames had open
    own, pid = psutil.Process(), daemon.pid(private.folder())
    seen = {
        "memory of this process": (own.memory_info().rss / MIB, "MiB"),
        "descriptors of this process": (own.num_fds(), ""),
        "threads of this process": (own.num_threads(), ""),
        "processes of this process": (len(own.children(recursive=True)), ""),
        "containers, networks, volumes, rules, files": (len(things(place)), ""),
        "mounts": (len(daemon.mounts(paths.state())), ""),
        "layers of images": (place.client.df()["LayersSize"] / MIB if place.client else 0, "MiB"),
    }
    if pid:
        engine = psutil.Process(pid)
        seen["memory of the engine"] = (engine.memory_info().rss / MIB, "MiB")
        seen["descriptors of the engine"] = (engine.num_fds(), "")
    return seen


def descriptors() -> Counter[str]:
    """Return what this process has open, by what it leads to: `socket`, or a file's name."""
    found: Counter[str] = Counter()
    for one in Path("/proc/self/fd").iterdir():
        with suppress(FileNotFoundError):  # the one that lists them
            found[re.sub(r":\[\d+\]$", "", str(one.readlink()))] += 1
    return found


def table(before: dict[str, tuple[float, str]], after: dict[str, tuple[float, str]]) -> list[str]:
    """Print the figures; return the names of those that have grown."""
    tell("| figure | at the start | in the end |\n| --- | --- | --- |")
    for name, (value, unit) in after.items():
        tell(f"| {name} | {before[name][0]:.0f} {unit} | {value:.0f} {unit} |")
    return [
        name for name, (value, unit) in after.items() if value - before[name][0] > ALLOWED[unit]
    ]


def tell(line: str) -> None:
    """Say something at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> int:
    """Play what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--stops", type=int, default=0)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    asked = parser.parse_args()
    tell(f"seed {asked.seed}")
    found = engines.connect(tell)
    with ExitStack() as opened:
        folder = Path(opened.enter_context(TemporaryDirectory()))
        client = opened.enter_context(engines.opened(found))
        opened.enter_context(run.environment(found.environment))
        snapshot = folder / "snapshot.json"
        compare.remember("local://", snapshot)
        place = Place(folder, snapshot, client, found.environment)
        place.make()
        soak = Soak(found, place, random.Random(asked.seed), things(place))  # noqa: S311 -- no secret
        for typed in TYPED:  # what is built once is no growth
            soak.scene(typed)
        soak.comparison()
        soak.before, start, opened_before = things(place), figures(place), descriptors()
        soak.stops(asked.stops) if asked.stops else soak.random_things(asked.minutes)
        grown = table(start, figures(place))
        for what, times in (descriptors() - opened_before).items():
            tell(f"{times:4}  more descriptors of {what}")
    for what, times in soak.played.most_common():
        tell(f"{times:4}  {what}")
    tell(f"{len(soak.wrong)} went wrong; grown: {', '.join(grown) or 'nothing'}")
    return int(bool(soak.wrong or grown))


if __name__ == "__main__":
    sys.exit(main())
