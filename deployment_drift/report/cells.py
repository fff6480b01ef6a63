"""What hosts answered, as the cells of a table: short, harmless, and folded unless asked for."""

from collections.abc import Mapping, Sequence

from rich.text import Text

from deployment_drift.compare.comparison import Comparison, answer, groups
from deployment_drift.compare.inventory import Difference, difference, folded
from deployment_drift.records import JSON, Observation, Status
from deployment_drift.report.language import Language
from deployment_drift.values import harmless, plain

CELL = 60  # characters of a value that are shown; the JSON document has them all
FEW = 3  # names of a long list that are shown, unless all of them are asked for
ALL = 1_000_000


def cells(comparison: Comparison, language: Language, *, full: bool = False) -> list[Text]:
    """Return a cell for each host or, of a fleet, one cell of groups; `full` unfolds lists."""
    most = ALL if full else FEW
    here, *others = comparison.observations.values()
    if len(others) > 1:
        return [crowd(comparison, language, most)]
    listed = difference(here.value, others[0].value) if others else None
    if listed is None:
        return [coloured(seen, here, language) for seen in (here, *others)]
    sides = ((here, listed.only_here), (others[0], listed.only_there))
    return [listing(seen, only, listed, language, most) for seen, only in sides]


def coloured(seen: Observation, reference: Observation, language: Language) -> Text:
    """Return one host's answer, in red where it is not the reference's."""
    text = cell(seen, language)
    if answer(seen) != answer(reference):
        text.stylize("red")
    return text


def crowd(comparison: Comparison, language: Language, most: int) -> Text:
    """Return a fleet's answers: how many gave the most common one, and who gave another."""
    usual, *others = groups(comparison)
    seen, total = comparison.observations, len(comparison.observations)
    head = cell(seen[usual[0]], language).plain
    lines = [Text(language.say("table.most", count=len(usual), total=total, value=head))]
    for group in others:
        hosts = harmless(folded(group, most=max(most, 5)))
        lines.append(Text(f"{hosts}: {odd(seen[group[0]], seen[usual[0]], language, most)}", "red"))
    return Text("\n").join(lines)


def odd(seen: Observation, usual: Observation, language: Language, most: int) -> str:
    """Return another answer than the usual one; of a whole list, only where it differs."""
    listed = difference(usual.value, seen.value)
    if listed is None:
        return cell(seen, language).plain
    return language.say("table.different_names", names=harmless(folded(listed.names, most)))


def listing(
    seen: Observation, only: Sequence[str], listed: Difference, language: Language, most: int
) -> Text:
    """Return what only this host has, and what it has with another value."""
    parts = []
    if only:
        parts.append(language.say("table.only", names=harmless(folded(only, most))))
    if listed.different:
        own = seen.value if isinstance(seen.value, Mapping) else {}
        names = folded([f"{name} {short(own.get(name))}" for name in listed.different], most)
        count = len(listed.different)
        parts.append(language.say("table.different", count=count, names=harmless(names)))
    return Text("\n".join(parts) or language.say("table.identical"))


def cell(seen: Observation, language: Language) -> Text:
    """Return what one host answered."""
    if seen.status is not Status.VALUE:
        return Text(language.say(f"table.{seen.status}"), "yellow")
    if isinstance(seen.value, dict | list):
        return Text(language.say("table.entries", count=len(seen.value)))
    return Text(short(seen.value))


def short(value: JSON) -> str:
    """Return a value as text, cut where it is long."""
    text = plain(value)
    return text if len(text) <= CELL else f"{text[: CELL - 1]}…"
