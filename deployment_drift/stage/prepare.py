"""Gets a talk ready: builds what it needs, and plays it with no network before it is said so."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from deployment_drift import files, paths
from deployment_drift.build import builder
from deployment_drift.build import images as built
from deployment_drift.cli import Telling
from deployment_drift.engine import engines, private
from deployment_drift.errors import DriftError
from deployment_drift.paths import typed
from deployment_drift.report.language import speak
from deployment_drift.report.terminal import console
from deployment_drift.stage import needed, talk
from deployment_drift.values import as_json

NOWHERE = "http://127.0.0.1:9"
"""A proxy at which nobody answers."""
ALONE = """
"$@" talk --auto 0 --minutes "$0"
status=$?
"$@" engine-stop
exit $status
"""
LAST = 15
"""Lines that are told of a talk that failed."""


@dataclass(frozen=True, slots=True)
class Ready:
    """That a talk was played with no network: when, how long it is, and on which images."""

    day: str
    minutes: int
    images: dict[str, str]


def prepare(how: Telling, minutes: int) -> int:
    """Build all that a talk needs, play it with no network, remember that, and say so."""
    language, screen = speak(how.lang), console()
    scenes = talk.chosen(minutes)
    if status := talk.talk(Telling(lang=how.lang, auto="0"), minutes):
        raise DriftError("the talk does not show what it claims", hint=typed(scenes[0].typed))
    screen.print(f"\n{language.say('ready.again')}")
    played = _alone(minutes)
    if played.returncode:
        detail = "\n".join(played.stdout.splitlines()[-LAST:])
        raise DriftError("with no network, the talk cannot be played", detail=detail)
    found = images(minutes)
    remember(Ready(datetime.now().astimezone().isoformat(timespec="seconds"), minutes, found))
    screen.print(language.say("ready.ready", count=len(scenes)), style="bold green")
    return status


def images(minutes: int) -> dict[str, str]:
    """Return the names of what a talk needs on the engine, with the images' ids."""
    engine = engines.find()
    if engine is None:
        return {}
    with engines.opened(engine) as client:
        tags = needed.needed(client, talk.chosen(minutes), paths.root())
        return {name: built.find(client, tag) if tag else "" for name, tag in tags.items()}


def _alone(minutes: int) -> "subprocess.CompletedProcess[str]":
    """Play a talk where nothing outside of this machine can be reached, and nothing is fetched.

    As root with our own engine, both get a network of their own, which leads nowhere. Another
    engine keeps its network, and is asked to pull or to build nothing.
    """
    proxies = dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), NOWHERE)
    program = [sys.executable, "-P", "-m", "deployment_drift", "--search-root", str(paths.root())]
    words = ["sh", "-c", ALONE, str(minutes), *program]
    if own_network():
        private.stop()  # the next scene starts it, in the new network
        words = ["unshare", "--net", "sh", "-c", f"ip link set lo up\n{ALONE}", *words[3:]]
    return subprocess.run(
        words,
        env={**os.environ, **proxies, builder.OFFLINE: "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


def own_network() -> bool:
    """Whether the engine is ours, and can be started in a network of its own."""
    ours = private.running() is not None and os.geteuid() == 0
    return ours and shutil.which("unshare") is not None


def _file() -> Path:
    return paths.state() / "ready.json"


def remember(ready: Ready) -> None:
    """Note that a talk was played with no network."""
    files.write(_file(), as_json(asdict(ready), indent=1))


def remembered() -> Ready | None:
    """Return what was noted last, None where nothing was, or it cannot be read."""
    try:
        return Ready(**json.loads(_file().read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def holds(ready: Ready) -> bool:
    """Whether all is still there with which the talk was played."""
    return images(ready.minutes) == ready.images
