"""Writes recorded scenes as one page that is looked at in any browser, stop by stop."""

import json
import math
import re
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

from deployment_drift import files, paths
from deployment_drift.errors import DriftError
from deployment_drift.report.language import SPOKEN, load
from deployment_drift.stage import talk
from deployment_drift.stage.beamer import Beamer
from deployment_drift.stage.keys import NEXT
from deployment_drift.stage.recording import Recording, last
from deployment_drift.stage.replay import tell
from deployment_drift.stage.serve import FOLDER

LINKED = re.compile(r'<link rel="stylesheet" href="/page/([^"]+)">\n')
CALLED = re.compile(r'<script defer src="/page/([^"]+)"></script>\n')
ICON = re.compile(r'<link rel="icon" [^>]+>\n')
WHERE = re.compile(r'unix://[^\s"\\]+')
"""Where an engine answered: a path of the machine on which it was recorded."""


class Forward:
    """The keys of whoever goes through everything."""

    def read(self, limit: float | None = None) -> str:
        """Return "next"."""
        return NEXT if limit is None else ""

    def forget(self) -> None:
        """Forget nothing."""

    @contextmanager
    def lent(self) -> Iterator[None]:
        """Lend nothing."""
        yield


def write(path: Path, minutes: int = 10) -> None:
    """Write what the scenes of a talk of so many minutes have shown last.

    Raises DriftError where one of them has not shown yet what it claims.
    """
    shown = []
    for scene in talk.chosen(minutes):
        if not (recorded := last(scene.name)):
            hint = paths.typed(f"stage --minutes {minutes}")
            raise DriftError(f"{scene.name} has not shown yet what it claims", hint=hint)
        shown.append(recorded)
    files.write(path, page(shown))


def page(shown: Sequence[Recording]) -> str:
    """Return the page of these scenes as HTML that needs nothing else."""
    html = (FOLDER / "index.html").read_text("utf-8").replace("live.js", "film.js")
    style = "".join(map(_file, LINKED.findall(html)))
    script = "".join(map(_file, CALLED.findall(html)))
    told = json.dumps(list(frames(shown)), ensure_ascii=False).replace("<", "\\u003c")
    parts = [
        f'<meta http-equiv="Content-Security-Policy" content="{policy(style, script)}">',
        f"<style>{style}</style>",
    ]
    last = [
        f'<script type="application/json" id="film">{WHERE.sub("unix://…", told)}</script>',
        f"<script>{script}</script>",
    ]
    for each in (LINKED, CALLED, ICON):
        html = each.sub("", html)
    html = html.replace("</title>\n", "</title>\n" + "\n".join(parts) + "\n", 1)
    return html.replace("</body>", "\n".join(last) + "\n</body>", 1)


def policy(style: str, script: str) -> str:
    """Return what the page may do: nothing but what is written in it."""
    allowed = {"style-src": style, "script-src": script}
    hashes = [
        f"{kind} 'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
        for kind, text in allowed.items()
    ]
    return "; ".join(["default-src 'none'", *hashes])


def frames(shown: Sequence[Recording]) -> Iterator[Mapping[str, Any]]:
    """Yield what the pages are told of these scenes, one after the other."""
    told: list[Mapping[str, Any]] = []
    beamer = Beamer(
        lambda kind, content: told.append({"kind": kind, **content}), load(SPOKEN), Forward(), {}
    )
    for recorded in shown:
        beamer.recorded = recorded.when
        tell(recorded, beamer, gate=beamer.gate, speed=math.inf)
    kept = {"keys": {code: load(code).sentences["page.film"] for code in told[0]["words"]["keys"]}}
    yield {"kind": "words", "words": {**told[0]["words"], **kept}}
    yield from (each for each in told[1:] if each["kind"] not in {"progress", "begun"})


def _file(name: str) -> str:
    return (FOLDER / name).read_text("utf-8")
