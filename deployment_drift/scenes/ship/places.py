"""Where the artifact goes: a registry, an engine that knows nothing, and a proxy in front."""

from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field

from deployment_drift import steps
from deployment_drift.engine import engines
from deployment_drift.events import Measured
from deployment_drift.records import Host
from deployment_drift.run import Run
from deployment_drift.ship.registry import Moved, Name
from deployment_drift.targets import hosts, nested, throwaway
from deployment_drift.targets.nested import Nested
from deployment_drift.targets.target import Target

PATH = "deployment-drift/shop"
REGISTRY = "registry:5000"
"""What the second engine calls the registry; this machine knows it by a port of its own."""
SERVED = {"port": 5000, "scheme": "https", "path": "/v2/"}
"""Where a registry answers."""
ENGINE = "engine"
SUBJECTS = ("first", "next", "back", "customers")
FIGURES = ("push", "pushed", "pull", "pulled", "in_service", "requests")
IMAGES = {"registry": "images/registry", "engine": nested.FOLDER, "proxy": "images/proxy"}


@dataclass(frozen=True, slots=True)
class Service:
    """A version that runs on the second engine, in one of the proxy's places."""

    version: str
    place: str
    host: Host

    @property
    def other(self) -> str:
        """The place that is free while this one is in service."""
        return "green" if self.place == "blue" else "blue"


@dataclass
class Places:
    """What the steps have opened: the hosts, the second engine, and the versions by their names.

    ahead: a second engine that starts while there is something else to do, and what closes it.
    now: what is in service. running: what closes the versions that were started; any step may be
    played again, and finds what is in service then.
    """

    registry: Host = field(init=False)
    ahead: tuple[ExitStack, Future[Nested]] | None = None
    second: Nested = field(init=False)
    proxy: Host = field(init=False)
    now: Service = field(init=False)
    running: ExitStack = field(init=False)
    versions: dict[str, Moved] = field(default_factory=dict)

    def here(self, tag: str) -> Name:
        """Return what this machine calls the shop in the registry."""
        return Name(self.registry.url.partition("://")[2], PATH, tag)

    def there(self, version: str) -> Name:
        """Return what the second engine calls a version: the same digest."""
        return Name(REGISTRY, PATH, digest=self.versions[version].name.digest)


def places(run: Run) -> Places:
    """Return what the steps have opened so far."""
    return run.handed(Places)


def measure(run: Run, subject: str, figure: str, value: float, unit: str) -> None:
    """Tell a figure of a version, or of the customers."""
    run.tell(Measured(f"ship_{subject}", f"ship_{figure}", value, unit))


def open_registry(run: Run) -> None:
    """Start a registry that is empty, and meanwhile the second engine."""
    steps.leave_nothing(run)
    hosts.network(run.engine, run.session, "ship", keep=run.keep)
    opened, pool = run.running.enter_context(ExitStack()), ThreadPoolExecutor(1)
    run.running.callback(pool.shutdown)
    places(run).ahead = opened, pool.submit(opened.enter_context, _second(run))
    places(run).registry = serve(run, "registry", **SERVED)


def open_second(run: Run) -> None:
    """Show that the second engine has nothing; let it trust the registry's certificate."""
    second = places(run).second = _come(run)
    with engines.opened(second.engine) as client:
        images, containers = client.images.list(all=True), client.containers.list(all=True)
    run.show(
        "empty",
        holds=not images and not containers,
        count=len(images),
        version=second.engine.version,
    )
    with engines.opened(run.engine) as client:
        registry = throwaway.of(client, places(run).registry)
        nested.trust(second, REGISTRY, throwaway.ask(registry, "cat /tmp/certificate.pem").text)


def _come(run: Run) -> Nested:
    """Return the second engine that was started meanwhile, another one when this is played again.

    From now on the present step closes it.
    """
    ahead, places(run).ahead = places(run).ahead, None
    if not ahead:
        return run.running.enter_context(_second(run))
    opened, coming = ahead
    second = coming.result()
    run.running.enter_context(opened.pop_all())
    return second


def _second(run: Run) -> AbstractContextManager[Nested]:
    target = Target(ENGINE, run.built[IMAGES["engine"]].id, network=network(run))
    return nested.start(run.engine, run.session, target, keep=run.keep)


def open_proxy(run: Run) -> None:
    """Start the proxy, which sends nobody anywhere yet."""
    places(run).proxy = serve(run, "proxy", port=8000, path="/proxy")


def serve(run: Run, name: str, **settings: object) -> Host:
    """Start a host that is not part of the comparison."""
    image = run.built[IMAGES[name]].id
    target = Target(name, image, hardened=True, network=network(run), **settings)  # type: ignore[arg-type]
    started = hosts.start(run.engine, run.session, [target], keep=run.keep)
    return run.running.enter_context(started)[0]


def traffic(run: Run) -> tuple[int, int]:
    """Return the bytes that the registry's container has received and sent so far."""
    with engines.opened(run.engine) as client:
        counted = throwaway.ask(
            throwaway.of(client, places(run).registry), "cat /proc/net/dev"
        ).text
    rows = [line.partition(":") for line in counted.splitlines()]
    figures = [row.split() for name, colon, row in rows if colon and name.strip() != "lo"]
    return sum(int(each[0]) for each in figures), sum(int(each[8]) for each in figures)


def network(run: Run) -> str:
    """Return the network on which registry, second engine and proxy find each other."""
    return hosts.full_name(run.session, "ship")
