"""Releases on the swarm while customers order: a new version, back, a sick one, and a lost node."""

import io
import tarfile
from functools import partial
from pathlib import PurePath
from time import perf_counter

from deployment_drift.build import images
from deployment_drift.errors import HostError
from deployment_drift.report.figures import amount
from deployment_drift.run import Run
from deployment_drift.scenes.ship import orders, rollout
from deployment_drift.scenes.ship.places import measure, places, traffic
from deployment_drift.scenes.ship.rollout import AFTER, BEFORE, FILE, MOST, NEXT, Traffic, pages
from deployment_drift.scenes.ship.shipping import ARTIFACT, FIRST, push
from deployment_drift.scenes.swarm.nodes import COMPLETED, deploy, nodes, release, runs
from deployment_drift.targets import stack, swarm
from deployment_drift.targets.nested import Nested
from deployment_drift.targets.swarm import Swarm
from deployment_drift.waiting import Patience, until

SICK = "sick"
SETTINGS, RIGHT = "container/php.ini", "memory_limit        = 256M"
WRONG = f"{RIGHT}\nauto_prepend_file   = missing.php"
"""One line of the settings names a file that is not there: every page is an error."""
BACK = "rollback_completed"
SPOOL = f"/var/lib/docker/volumes/{swarm.STACK}_spool/_data"
"""Where a node keeps its orders, on the disk that outlives it."""
_PAUSE = 0.3


def open_shop(run: Run) -> None:
    """Let customers come through the proxy, as soon as it has found the replicas."""
    late = partial(HostError, "the proxy has found no replica that serves.")
    until(lambda: _is_open(run), limit=swarm.LIMIT, pause=_PAUSE, late=late)
    kept = run.handed(Traffic)
    kept.before = pages(run)
    address = places(run).proxy.url.partition("://")[2]
    kept.answers = run.running.enter_context(orders.coming(address, orders.CALM))


def _is_open(run: Run) -> bool:
    try:
        return bool(pages(run))
    except OSError:
        return False


def update(run: Run) -> None:
    """Change one file, push that, and let the swarm replace one replica after the other."""
    nodes(run).swarm = swarm.wake(nodes(run).swarm)
    start = perf_counter()
    pushed = _push(run, NEXT, FILE, BEFORE, AFTER)
    _, before = traffic(run)
    holds = deploy(run, release(run, NEXT)) == COMPLETED and runs(run, NEXT)
    seconds = perf_counter() - start
    pulled = (traffic(run)[1] - before) // release(run, NEXT).replicas
    measure(run, NEXT, "pulled", pulled, "B")
    measure(run, NEXT, "in_service", seconds, "s")
    moved = {"pushed": amount(pushed, "B"), "pulled": amount(pulled, "B")}
    run.show("only_the_change", holds=max(pushed, pulled) <= MOST, **moved)
    holds = holds and pages(run) != run.handed(Traffic).before
    run.show("replicas_renewed", holds=holds, seconds=round(seconds, 1))


def _push(run: Run, version: str, name: str, before: str, after: str) -> int:
    """Change one line of a file, build and push that; return the bytes that were sent."""
    with rollout.changed(run.root, name, before, after) as root:
        image = images.build(run.engine, ARTIFACT, run.progress, root=root)
    return push(run, version, image.id)[1]


def roll_back(run: Run) -> None:
    """Tell the swarm to run the first version again: its nodes have it."""
    nodes(run).swarm = swarm.wake(nodes(run).swarm)
    start = perf_counter()
    holds = deploy(run, release(run, FIRST)) == COMPLETED and runs(run, FIRST)
    seconds = perf_counter() - start
    measure(run, "back", "in_service", seconds, "s")
    holds = holds and pages(run) == run.handed(Traffic).before
    digest = places(run).versions[FIRST].name.digest
    run.show("rolled_back", holds=holds, seconds=round(seconds, 1), digest=digest[:19])


def release_sick(run: Run) -> None:
    """Ship a version of which every page is an error: the swarm takes it back by itself."""
    nodes(run).swarm = swarm.wake(nodes(run).swarm)
    _push(run, SICK, SETTINGS, RIGHT, WRONG)
    start = perf_counter()
    holds = deploy(run, release(run, SICK)) == BACK and runs(run, FIRST)
    seconds = perf_counter() - start
    measure(run, SICK, "in_service", seconds, "s")
    holds = holds and pages(run) == run.handed(Traffic).before
    run.show("sick_taken_back", holds=holds, seconds=round(seconds, 1))


def lose_node(run: Run) -> None:
    """Kill a node that serves, as a power cut would; its replica is moved to another one."""
    whole = nodes(run).swarm = swarm.wake(nodes(run).swarm)
    serving = {host.name for host in swarm.hosts(whole)}
    lost = next(each for each in whole.nodes[1:] if each.engine.context in serving)
    left = Swarm([each for each in whole.nodes if each is not lost])
    wanted = release(run, FIRST).replicas
    start = perf_counter()
    lost.outer.kill()
    patience = Patience(swarm.LIMIT, lambda: stack.progress(left.manager.engine))
    moved = until(lambda: len(swarm.hosts(left)) == wanted, limit=patience, pause=_PAUSE)
    seconds = perf_counter() - start
    measure(run, "lost", "in_service", seconds, "s")
    run.show("node_lost", holds=moved, node=lost.engine.context, seconds=round(seconds, 1))


def count_orders(run: Run) -> None:
    """See that all was answered, and that every order is on the disk of a node, a lost one too."""
    answers = rollout.close_shop(run)
    cut = len(answers.cut)
    run.show("orders_cut", holds=cut <= orders.CUSTOMERS, cut=cut)
    kept = [_kept(node) for node in nodes(run).swarm.nodes]
    rollout.show_kept(run, answers, set().union(*kept))


def _kept(node: Nested) -> set[str]:
    """Return the names of a node's orders, whether it runs or not."""
    import docker

    try:
        content, _ = node.outer.get_archive(SPOOL)
    except docker.errors.NotFound:  # no replica has ever been there
        return set()
    with tarfile.open(fileobj=io.BytesIO(b"".join(content))) as held:
        return {PurePath(name).name for name in held.getnames()}
