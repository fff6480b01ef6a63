"""The steps that scenes share: from an engine over images and hosts to answers."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from importlib import import_module
from threading import Thread
from types import TracebackType

from deployment_drift import stopping
from deployment_drift.build import bases, images
from deployment_drift.compare.comparison import Check, Comparison
from deployment_drift.engine import engines, leftovers, ownership
from deployment_drift.events import Compared, Found
from deployment_drift.parallel import Cancel
from deployment_drift.records import Observation, Status
from deployment_drift.run import Run, environment
from deployment_drift.targets import start
from deployment_drift.targets.target import Target, env_file
from deployment_drift.waiting import PATIENT

LATE = 0.3
"""Seconds in which an engine finishes what it was asked for by somebody who has hung up."""
IMAGE = Check("image", "image", "Image", "what runs here is, byte for byte, what is released.")


def find_engine(run: Run) -> None:
    """Find a container engine, and clear away what a killed scene left there."""
    run.engine = engines.connect(lambda line: run.progress("engine", line))
    run.running.enter_context(environment(run.engine.environment))
    run.session = run.running.enter_context(ownership.session())
    run.running.push(partial(_leave_after_failure, run))
    leftovers.sweep(run.engine)
    run.tell(Found("engine", f"{run.engine.version}, {run.engine.url}"))


def prepare_bases(run: Run) -> None:
    """See that the images on which the scene's folders build are there."""
    folders = list(run.scene.images)
    if run.scene.machines:
        from deployment_drift.targets import disks

        folders.append(disks.FOLDER)
    wanted = [base for each in folders for base in images.bases_of(each, root=run.root)]
    for base in bases.prepare(run.engine, list(dict.fromkeys(wanted)), run.progress):
        run.tell(Found(base.name, base.origin, {"digest": base.digest}))


def build_images(run: Run, folders: Sequence[str] = ()) -> None:
    """Build the scene's folders, or these, unless their content is what was built before."""
    wanted = folders or run.scene.images
    for image in images.build_all(run.engine, wanted, run.progress, root=run.root):
        run.built[image.folder] = image
        run.tell(Found(f"{image.folder}/", image.id))


def start_hosts(run: Run, targets: Sequence[Target]) -> None:
    """Start the scene's hosts side by side, whatever they run on, and wait until each answers."""
    Thread(target=_import_next).start()
    ready = [resolved(run, target) for target in targets]
    started = start(run.engine, run.session, ready, keep=run.keep)
    run.serve(run.running.enter_context(started))


def _import_next() -> None:
    """Import what the checks need, while there is nothing to do but wait."""
    for module in ("compare.checks", "probe.shell", "report.table"):
        import_module(f"deployment_drift.{module}")


def resolved(run: Run, target: Target) -> Target:
    """Return a target of a scene with the image that was built, and its env file read."""
    folder = f"machine-{target.image}" if target.kind == "machine" else target.image
    env = env_file(run.root / target.image / target.env_file) if target.env_file else {}
    return replace(target, image=run.built[folder].id, env={**env, **target.env}, env_file="")


def make_disks(run: Run) -> None:
    """Make a machine of each image that is to be one, unless it has been made before."""
    from deployment_drift.targets import disks

    sources = [run.built[folder] for folder in run.scene.machines]
    made = disks.build_all(run.engine, run.session, sources, run.progress, root=run.root)
    for image in made:
        run.built[image.folder] = image
        run.tell(Found(image.folder, image.id))


def compare_images(run: Run) -> None:
    """Compare what the engine says it runs: two builds are never one image."""
    seen = {host.name: Observation(Status.VALUE, host.image) for host in run.servers}
    run.tell(Compared(Comparison(IMAGE, seen)))


def run_checks(run: Run) -> list[Comparison]:
    """Ask every check of every host, and return what was compared."""
    return run.compare([host.address for host in run.servers], patience=PATIENT)


def stop_hosts(run: Run) -> None:
    """Remove whatever was started."""
    run.close()


def leave_nothing(run: Run) -> None:
    """See that networks and volumes go in the end, even if no host ever starts."""
    run.running.push(partial(_leave, run))


def _leave_after_failure(
    run: Run,
    kind: type[BaseException] | None,
    _error: BaseException | None,
    _trace: TracebackType | None,
) -> None:
    """Remove what was being made when a step was stopped: nobody has got its name.

    The engine may finish that only now, so it is looked twice.
    """
    if kind:
        stopping.shielded(partial(_remove_twice, run))


def _remove_twice(run: Run) -> None:
    leftovers.remove_session(run.engine, run.session.id)
    Cancel().pause(LATE)
    leftovers.remove_session(run.engine, run.session.id)


def _leave(
    run: Run,
    kind: type[BaseException] | None,
    _error: BaseException | None,
    _trace: TracebackType | None,
) -> None:
    if kind or not run.keep:
        leftovers.remove_session(run.engine, run.session.id)
