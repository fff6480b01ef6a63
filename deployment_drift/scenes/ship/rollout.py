"""Releases a new version while customers order, and takes it back."""

import csv
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from urllib.request import Request, urlopen

from deployment_drift.build import images
from deployment_drift.compare import checks
from deployment_drift.compare.comparison import Comparison, Verdict
from deployment_drift.engine import engines
from deployment_drift.errors import HostError
from deployment_drift.probe import shell
from deployment_drift.report.figures import amount
from deployment_drift.run import Run
from deployment_drift.scenes.ship import orders
from deployment_drift.scenes.ship.orders import Answers
from deployment_drift.scenes.ship.places import Service, measure, open_proxy, places
from deployment_drift.scenes.ship.shipping import ARTIFACT, FIRST, begin, of, pull, push
from deployment_drift.ship import container
from deployment_drift.targets import throwaway
from deployment_drift.waiting import until

NEXT = "next"
FILE, BEFORE, AFTER = "app/data/teas.php", "'price' => 380", "'price' => 420"
"""The one file that the new version changes: a tea gets dearer."""
CHANGES = {"every_deployed_file", "find"}
"""The checks that may see it; every other has to find what it found before."""
PAGES = (orders.PAGE, "/offer.php?price=45&off=30", "/delivery.php")
MACHINE = 400 * 2**20
"""Bytes that go from here to there when a whole machine is moved, as demo-drift measures."""
MOST = 50 * 2**10
"""Bytes that one changed file may cost."""
_LIMIT = 20.0
_PAUSE = 0.05


class Traffic:
    """The customers' answers, and what the pages said before, which the steps hand on."""

    answers: Answers
    before: tuple[str, ...]


def open_shop(run: Run) -> None:
    """Put the release into service behind the proxy, and let customers come."""
    open_proxy(run)
    _tell(run, f"set server versions/{places(run).now.place} state ready")
    traffic = run.handed(Traffic)
    traffic.before = pages(run)
    address = places(run).proxy.url.partition("://")[2]
    traffic.answers = run.running.enter_context(orders.coming(address))


def update(run: Run) -> None:
    """Change one file, ship it, ask the new version everything, and let it take over."""
    start = perf_counter()
    with changed(run.root, FILE, BEFORE, AFTER) as root:
        image = images.build(run.engine, ARTIFACT, run.progress, root=root)
    _, pushed = push(run, NEXT, image.id)
    _, pulled = pull(run, NEXT)
    values = {"pushed": amount(pushed, "B"), "pulled": amount(pulled, "B")}
    holds = max(pushed, pulled) <= MOST
    run.show("only_what_changed", holds=holds, **values, machine=amount(MACHINE, "B"))
    fresh = begin(run, NEXT, "next", places(run).now.other)
    _ask_first(run, fresh)
    _take_over(run, fresh)
    seconds = perf_counter() - start
    measure(run, NEXT, "in_service", seconds, "s")
    run.show("updated", holds=pages(run) != run.handed(Traffic).before, seconds=round(seconds, 1))


def roll_back(run: Run) -> None:
    """Start the old version again by its digest: it is there, and answers as before."""
    start = perf_counter()
    old = begin(run, FIRST, "back", places(run).now.other)
    _take_over(run, old)
    seconds = perf_counter() - start
    measure(run, "back", "in_service", seconds, "s")
    same = pages(run) == run.handed(Traffic).before
    digest = places(run).versions[FIRST].name.digest
    run.show(
        "rolled_back",
        holds=same and old.host.image == digest,
        seconds=round(seconds, 1),
        digest=digest[:19],
    )


def count_orders(run: Run) -> None:
    """Wait until enough has been asked; see that all was answered, and that no order is lost."""
    answers = close_shop(run)
    with shell.connected(places(run).now.host.address, timeout=shell.PATIENT) as shop:
        kept = set(shop.check_output(f"ls {of(run, places(run).there(FIRST)).spool}").split())
    show_kept(run, answers, kept)


def close_shop(run: Run) -> Answers:
    """Wait until enough has been asked, let nobody come any more, and see that all was answered."""
    answers = run.handed(Traffic).answers
    until(answers.is_enough, limit=orders.LIMIT, pause=_PAUSE)
    answers.close()
    count, failed = len(answers.seconds), len(answers.failed)
    measure(run, "customers", "requests", count, "count")
    run.show(
        "all_answered",
        holds=not failed and count >= orders.ENOUGH,
        count=count,
        failed=failed,
        slowest=f"{max(answers.seconds):.1f}",
    )
    return answers


def show_kept(run: Run, answers: Answers, kept: set[str]) -> None:
    """See that each order that was taken is among the files that are kept."""
    lost = [order for order in answers.orders if f"{order}.json" not in kept]
    holds = bool(answers.orders) and not lost
    run.show("no_order_lost", holds=holds, count=len(answers.orders), lost=len(lost))


@contextmanager
def changed(root: Path, name: str, before: str, after: str) -> Iterator[Path]:
    """Yield a copy of what the artifact is built from, in which one line of a file is another."""
    with TemporaryDirectory() as folder:
        for each in ("app", ARTIFACT):
            shutil.copytree(root / each, Path(folder) / each)
        file = Path(folder) / name
        file.write_text(file.read_text("utf-8").replace(before, after), "utf-8")
        yield Path(folder)


def _ask_first(run: Run, fresh: Service) -> None:
    """Ask the new version all that the old one was asked: nothing but the change may differ."""
    old = places(run).now
    made: list[Comparison] = []
    checks.run([old.host.address, fresh.host.address], made.append, patience=shell.PATIENT)
    differ = {each.check.name for each in made if each.verdict is Verdict.DRIFT}
    unknown = [each for each in made if each.verdict is Verdict.UNKNOWN]
    same = sum(each.verdict is Verdict.PARITY for each in made)
    is_another = old.version != fresh.version
    holds = bool(differ) is is_another and differ <= CHANGES and not unknown
    named = ", ".join(sorted(differ))
    run.show("asked_first", holds=holds, same=same, changed=len(differ), differ=named)
    if not holds:
        what = f"the new version differs in what was not changed: {named}"
        raise HostError(what, hint="nothing has been released; the old version still answers")


def _take_over(run: Run, fresh: Service) -> None:
    """Let the proxy send new customers to one place; stop the other when its last have gone."""
    old = places(run).now
    server = "set server versions"
    _tell(run, f"{server}/{fresh.place} state ready; {server}/{old.place} state drain")
    answered = until(lambda: not _sessions(run, old.place), limit=_LIMIT, pause=_PAUSE)
    _tell(run, f"{server}/{old.place} state maint")
    places(run).now = fresh
    patience = 0 if answered else container.PATIENCE
    container.stop(places(run).second.engine, old.host, patience)


def _sessions(run: Run, place: str) -> int:
    rows = csv.DictReader(_tell(run, "show stat").removeprefix("# ").splitlines())
    return sum(int(row["scur"]) for row in rows if row["svname"] == place)


def _tell(run: Run, words: str) -> str:
    with engines.opened(run.engine) as client:
        return throwaway.ask(throwaway.of(client, places(run).proxy), f"tell '{words}'").text


def pages(run: Run) -> tuple[str, ...]:
    """Return what the shop says now to whoever asks through the proxy."""
    return tuple(_get(f"{places(run).proxy.url}{page}") for page in PAGES)


def _get(url: str) -> str:
    request = Request(url, headers={"Accept": "application/json"})  # noqa: S310 -- our own address
    with urlopen(request, timeout=_LIMIT) as answer:  # noqa: S310
        return str(answer.read().decode())
