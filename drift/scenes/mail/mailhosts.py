"""Starts and stops the containers of the mail scene: shop, mock mail server, MTA, mailbox."""

from dataclasses import replace

from drift import steps
from drift.engine import engines, leftovers
from drift.records import Host
from drift.run import hosts
from drift.run.hosts import Recipe
from drift.stage import Stage

SHOP = "container"
ENV = {"develop": "local.env", "release": "release.env"}
SPOOL = "/var/spool/shop"
QUEUE = "/var/spool/smtpd"
INBOX = "/var/mail/inbox"
# An MTA is several users that cannot touch each other's mails: this is what becoming them takes.
MTA = ("CHOWN", "FOWNER", "SETUID", "SETGID", "SYS_CHROOT", "NET_BIND_SERVICE")


def connect(stage: Stage, setup: str) -> None:
    """Make the network of a set-up."""
    hosts.network(stage.engine, stage.session, setup, keep=stage.keep)


def start(stage: Stage, *recipes: Recipe) -> list[Host]:
    """Start hosts side by side; they run until the scene stops, or until they are removed."""
    started = hosts.start(stage.engine, stage.session, recipes, keep=stage.keep)
    fresh = stage.running.enter_context(started)
    stage.servers += fresh
    return fresh


def remove(stage: Stage, name: str) -> None:
    """Take one host away while the others go on."""
    gone = find(stage, name)
    stage.servers.remove(gone)
    with engines.opened(stage.engine) as client:
        leftovers.remove_container(client.api, identity(gone))


def find(stage: Stage, name: str) -> Host:
    """Return a host that runs by its name."""
    return next(host for host in stage.servers if host.name == name)


def identity(host: Host) -> str:
    """Return the id of a host's container."""
    return host.address.removeprefix("docker://")


def shop(stage: Stage, setup: str) -> Recipe:
    """Say how the shop is started: an env file, and a volume for the orders that wait."""
    env = steps.env_file(stage.root / SHOP / ENV[setup])
    return Recipe(
        f"shop-{setup}",
        stage.built[SHOP].id,
        hardened=True,
        env={**env, "SHOP_SPOOL": SPOOL},
        port=8080,
        network=hosts.full_name(stage.session, setup),
        volumes=_lasting(stage, f"spool-{setup}", SPOOL),
    )


def catcher(stage: Stage) -> Recipe:
    """Say how the mock mail server is started."""
    return Recipe(
        "catcher",
        stage.built["mail/catcher"].id,
        hardened=True,
        port=1080,
        path="/healthz",
        network=hosts.full_name(stage.session, "develop"),
    )


def mta(stage: Stage, name: str, folder: str) -> Recipe:
    """Say how a real mail server is started: its queue is on a volume."""
    return Recipe(
        name,
        stage.built[folder].id,
        hardened=True,
        port=25,
        scheme="smtp",
        network=hosts.full_name(stage.session, "release"),
        volumes=_lasting(stage, f"queue-{name}", QUEUE),
        capabilities=MTA,
    )


def relay(stage: Stage) -> Recipe:
    """Say how the release's mail server is started: the shop knows it as `mail`."""
    return mta(stage, "mail", "mail/relay")


def mailbox(stage: Stage) -> Recipe:
    """Say how the customer's mail server is started."""
    recipe = mta(stage, "mailbox", "mail/mailbox")
    return replace(recipe, volumes={**recipe.volumes, **_lasting(stage, "inbox", INBOX)})


def _lasting(stage: Stage, name: str, path: str) -> dict[str, str]:
    return {hosts.volume(stage.engine, stage.session, name, keep=stage.keep): path}
