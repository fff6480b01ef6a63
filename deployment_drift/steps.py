"""The steps that scenes share: from an engine over images and hosts to answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from pathlib import Path
from threading import Thread
from types import TracebackType

from deployment_drift.build import bases, images
from deployment_drift.compare import checks
from deployment_drift.compare.comparison import Check, Comparison
from deployment_drift.engine import engines, leftovers, ownership
from deployment_drift.events import Compared, Found
from deployment_drift.records import Observation, Status
from deployment_drift.run import Run, environment
from deployment_drift.targets import disks, hosts, machines
from deployment_drift.targets.access import access

IMAGE = Check("image", "image", "Image", "what runs here is, byte for byte, what is released.")


@dataclass(frozen=True, slots=True)
class Part:
    """One host of a scene: `folder` is built, `env` is a file in it that is passed at start.

    `port` is where its web server listens; a `hardened` one runs without privileges.
    """

    name: str
    folder: str
    env: str = ""
    port: int = 80
    hardened: bool = False


def find_engine(run: Run) -> None:
    """Find a container engine, and clear away what a killed scene left there."""
    run.engine = engines.connect(lambda line: run.progress("engine", line))
    run.running.enter_context(environment(run.engine.environment))
    run.session = run.running.enter_context(ownership.session())
    leftovers.sweep(run.engine)
    run.tell(Found("engine", f"{run.engine.version}, {run.engine.url}"))


def prepare_bases(run: Run) -> None:
    """See that the images on which the scene's folders build are there."""
    folders = [*run.scene.images, *[disks.FOLDER] * bool(run.scene.machines)]
    wanted = [base for each in folders for base in images.bases_of(each, root=run.root)]
    for base in bases.prepare(run.engine, list(dict.fromkeys(wanted)), run.progress):
        run.tell(Found(base.name, f"{base.origin} {base.digest}".strip()))


def build_images(run: Run, folders: Sequence[str] = ()) -> None:
    """Build the scene's folders, or these, unless their content is what was built before."""
    wanted = folders or run.scene.images
    for image in images.build_all(run.engine, wanted, run.progress, root=run.root):
        run.built[image.folder] = image
        run.tell(Found(f"{image.folder}/", image.id))


def start_hosts(run: Run, parts: Sequence[Part]) -> None:
    """Start the hosts side by side and wait until each answers."""
    Thread(target=import_module, args=("deployment_drift.probe.shell",)).start()  # needed next
    recipes = [recipe(run, part) for part in parts]
    started = hosts.start(run.engine, run.session, recipes, keep=run.keep)
    run.serve(run.running.enter_context(started))


def recipe(run: Run, part: Part) -> hosts.Recipe:
    """Say how a part of the scene is started."""
    env = env_file(run.root / part.folder / part.env) if part.env else {}
    image = run.built[part.folder].id
    return hosts.Recipe(part.name, image, hardened=part.hardened, env=env, port=part.port)


def env_file(path: Path) -> dict[str, str]:
    """Read `NAME=value` lines as `docker run --env-file` does."""
    lines = [line.strip() for line in path.read_text().splitlines()]
    pairs = [line.partition("=") for line in lines if line and not line.startswith("#")]
    return {name: value for name, _, value in pairs}


def make_disks(run: Run) -> None:
    """Make a machine of each image that is to be one, unless it has been made before."""
    sources = [run.built[folder] for folder in run.scene.machines]
    made = disks.build_all(run.engine, run.session, sources, run.progress, root=run.root)
    for image in made:
        run.built[image.folder] = image
        run.tell(Found(image.folder, image.id))


def start_machines(
    run: Run, parts: Sequence[Part], volumes: Mapping[str, str] | None = None
) -> None:
    """Boot the machines side by side and wait until each one's web server answers.

    volumes: where the disks of machines lie that are not to forget, by the parts' names.
    """
    lasting = volumes or {}
    recipes = [
        machines.Recipe(
            part.name,
            run.built[f"machine-{part.folder}"].id,
            web=part.port,
            volume=lasting.get(part.name, ""),
        )
        for part in parts
    ]
    kept_on = run.engine.url if run.keep else ""
    way = run.running.enter_context(access(run.session, kept_on=kept_on))
    started = machines.start(run.engine, run.session, way, recipes, keep=run.keep)
    run.serve([each.host for each in run.running.enter_context(started)])


def compare_images(run: Run) -> None:
    """Compare what the engine says it runs: two builds are never one image."""
    seen = {host.name: Observation(Status.VALUE, host.image) for host in run.servers}
    run.tell(Compared(Comparison(IMAGE, seen)))


def run_checks(run: Run) -> list[Comparison]:
    """Ask every check of every host, and return what was compared."""
    return compare(run, [host.address for host in run.servers])


def compare(run: Run, addresses: Sequence[str], folder: Path | None = None) -> list[Comparison]:
    """Ask the checks, those in a folder if it is given, of the hosts at these addresses."""
    made: list[Comparison] = []

    def tell(comparison: Comparison) -> None:
        made.append(comparison)
        run.tell(Compared(comparison))

    allowed = run.root / run.scene.allowed if run.scene.allowed else None
    checks.run(addresses, tell, folder=folder, allowed=allowed)
    return made


def stop_hosts(run: Run) -> None:
    """Remove whatever was started."""
    run.close()


def leave_nothing(run: Run) -> None:
    """See that networks and volumes go in the end, even if no host ever starts."""
    run.running.push(partial(_leave, run))


def _leave(
    run: Run,
    kind: type[BaseException] | None,
    _error: BaseException | None,
    _trace: TracebackType | None,
) -> None:
    if kind or not run.keep:
        leftovers.remove_session(run.engine, run.session.id)
