"""The steps that scenes share: from an engine over images and hosts to answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from pathlib import Path
from threading import Thread
from types import TracebackType

from drift.compare import checks
from drift.compare.comparison import Check, Comparison
from drift.engine import engines, leftovers, ownership
from drift.events import Compared, Found
from drift.make import bases, images
from drift.records import Observation, Status
from drift.run import disks, hosts, machines
from drift.run.access import access
from drift.stage import Stage, environment

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


def find_engine(stage: Stage) -> None:
    """Find a container engine, and clear away what a killed scene left there."""
    stage.engine = engines.connect(lambda line: stage.progress("engine", line))
    stage.running.enter_context(environment(stage.engine.environment))
    stage.session = stage.running.enter_context(ownership.session())
    leftovers.sweep(stage.engine)
    stage.tell(Found("engine", f"{stage.engine.version}, {stage.engine.url}"))


def prepare_bases(stage: Stage) -> None:
    """See that the images on which the scene's folders build are there."""
    folders = [*stage.scene.images, *[disks.FOLDER] * bool(stage.scene.machines)]
    wanted = [base for each in folders for base in images.bases_of(each, root=stage.root)]
    for base in bases.prepare(stage.engine, list(dict.fromkeys(wanted)), stage.progress):
        stage.tell(Found(base.name, f"{base.origin} {base.digest}".strip()))


def build_images(stage: Stage, folders: Sequence[str] = ()) -> None:
    """Build the scene's folders, or these, unless their content is what was built before."""
    wanted = folders or stage.scene.images
    for image in images.build_all(stage.engine, wanted, stage.progress, root=stage.root):
        stage.built[image.folder] = image
        stage.tell(Found(f"{image.folder}/", image.id))


def start_hosts(stage: Stage, parts: Sequence[Part]) -> None:
    """Start the hosts side by side and wait until each answers."""
    Thread(target=import_module, args=("drift.ask.shell",)).start()  # needed next
    recipes = [recipe(stage, part) for part in parts]
    started = hosts.start(stage.engine, stage.session, recipes, keep=stage.keep)
    stage.servers = list(stage.running.enter_context(started))
    for host in stage.servers:
        stage.tell(Found(host.name, f"{host.url}  {host.image}"))


def recipe(stage: Stage, part: Part) -> hosts.Recipe:
    """Say how a part of the scene is started."""
    env = env_file(stage.root / part.folder / part.env) if part.env else {}
    image = stage.built[part.folder].id
    return hosts.Recipe(part.name, image, hardened=part.hardened, env=env, port=part.port)


def env_file(path: Path) -> dict[str, str]:
    """Read `NAME=value` lines as `docker run --env-file` does."""
    lines = [line.strip() for line in path.read_text().splitlines()]
    pairs = [line.partition("=") for line in lines if line and not line.startswith("#")]
    return {name: value for name, _, value in pairs}


def make_disks(stage: Stage) -> None:
    """Make a machine of each image that is to be one, unless it has been made before."""
    sources = [stage.built[folder] for folder in stage.scene.machines]
    made = disks.build_all(stage.engine, stage.session, sources, stage.progress, root=stage.root)
    for image in made:
        stage.built[image.folder] = image
        stage.tell(Found(image.folder, image.id))


def start_machines(
    stage: Stage, parts: Sequence[Part], volumes: Mapping[str, str] | None = None
) -> None:
    """Boot the machines side by side and wait until each one's web server answers.

    volumes: where the disks of machines lie that are not to forget, by the parts' names.
    """
    lasting = volumes or {}
    recipes = [
        machines.Recipe(
            part.name,
            stage.built[f"machine-{part.folder}"].id,
            web=part.port,
            volume=lasting.get(part.name, ""),
        )
        for part in parts
    ]
    kept_on = stage.engine.url if stage.keep else ""
    way = stage.running.enter_context(access(stage.session, kept_on=kept_on))
    started = machines.start(stage.engine, stage.session, way, recipes, keep=stage.keep)
    stage.servers = [each.host for each in stage.running.enter_context(started)]
    for host in stage.servers:
        stage.tell(Found(host.name, f"{host.url}  {host.image}"))


def compare_images(stage: Stage) -> None:
    """Compare what the engine says it runs: two builds are never one image."""
    seen = tuple(Observation("image", h.name, Status.VALUE, h.image) for h in stage.servers)
    stage.tell(Compared(Comparison(IMAGE, seen)))


def run_checks(stage: Stage, allowed: str = "") -> None:
    """Ask every check of every host."""
    addresses = [host.address for host in stage.servers]
    accepted = stage.root / allowed if allowed else None
    checks.run(addresses, lambda made: stage.tell(Compared(made)), allowed=accepted)


def stop_hosts(stage: Stage) -> None:
    """Take everything away again that was started."""
    stage.running.close()


def leave_nothing(stage: Stage) -> None:
    """See that networks and volumes go in the end, even if no host ever starts."""
    stage.running.push(partial(_leave, stage))


def _leave(
    stage: Stage,
    kind: type[BaseException] | None,
    _error: BaseException | None,
    _trace: TracebackType | None,
) -> None:
    if kind or not stage.keep:
        leftovers.remove_session(stage.engine, stage.session.id)
