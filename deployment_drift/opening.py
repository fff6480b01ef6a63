"""Draws the picture with which the READMEs open: two shops that drift, and two that do not."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from deployment_drift.compare.comparison import Comparison, Verdict
from deployment_drift.errors import DriftError
from deployment_drift.events import Report
from deployment_drift.report.language import load
from deployment_drift.values import plain, sanitized

LAYERS = {"php_version": "php", "distribution": "system"}
"""The checks that are drawn below a shop, and as what."""
DIGITS = 7  # of an image's id


def opening(reports: Sequence[Report], code: str) -> str:
    """Return the picture as SVG, from what two scenes have shown: the drift, and the cure."""
    language = load(code)
    drawer = Environment(
        loader=PackageLoader("deployment_drift.report", ""),
        autoescape=True,
        undefined=StrictUndefined,
    )
    halves = [_half(sanitized(report), code) for report in reports]
    title = language.say("opening.title")
    return drawer.get_template("opening.svg").render(title=title, halves=halves) + "\n"


def _half(report: Report, code: str) -> dict[str, Any]:
    """Return what one scene has shown, by the names that the drawing has for it."""
    language, made = load(code), _made(report)
    offer = made["offer"]
    return {
        "title": language.say(f"opening.{report.scene}"),
        "offer": language.title(offer.check),
        "drifts": report.verdict is Verdict.DRIFT,
        "told": language.say(f"opening.{report.scene}_told"),
        "shops": [
            {
                "name": host.name,
                "price": language.say("opening.price", price=_value(offer, host.name)),
                "layers": list(_layers(made, host.name)),
                "image": language.say("opening.image", image=_digits(host.image)),
            }
            for host in report.hosts
        ],
    }


def _made(report: Report) -> Mapping[str, Comparison]:
    made = {each.check.name: each for each in report.comparisons}
    if lacking := {"offer", *LAYERS} - set(made):
        raise DriftError(f"{report.scene} has not asked what is drawn: {', '.join(lacking)}")
    return made


def _layers(made: Mapping[str, Comparison], host: str) -> Iterator[dict[str, Any]]:
    """Yield what a shop stands on, from above, and whether the other one stands on another."""
    for name, kind in LAYERS.items():
        found = made[name]
        said = _value(found, host)
        differs = found.verdict is Verdict.DRIFT
        yield {
            "kind": kind,
            "text": f"PHP {said}" if kind == "php" else said.capitalize(),
            "differs": differs,
        }


def _value(comparison: Comparison, host: str) -> str:
    return plain(comparison.observations[host].value)


def _digits(image: str) -> str:
    return image.partition(":")[2][:DIGITS]
