"""Starts and stops the containers of the mail scene: shop, mock mail server, MTA, mailbox."""

from dataclasses import replace

from deployment_drift.engine import engines, leftovers
from deployment_drift.records import Host
from deployment_drift.run import Run
from deployment_drift.targets import hosts
from deployment_drift.targets.target import Target, env_file

SHOP = "container"
ENV = {"develop": "local.env", "release": "release.env"}
SPOOL = "/var/spool/shop"
QUEUE = "/var/spool/smtpd"
INBOX = "/var/mail/inbox"
# An MTA is several users that cannot touch each other's mails: this is what becoming them takes.
MTA = ("CHOWN", "FOWNER", "SETUID", "SETGID", "SYS_CHROOT", "NET_BIND_SERVICE")


def connect(run: Run, setup: str) -> None:
    """Make the network of a set-up."""
    hosts.network(run.engine, run.session, setup, keep=run.keep)


def start(run: Run, *targets: Target) -> list[Host]:
    """Start hosts side by side; they run until the scene stops, or until they are removed."""
    started = hosts.start(run.engine, run.session, targets, keep=run.keep)
    fresh = run.running.enter_context(started)
    run.serve(fresh)
    return fresh


def remove(run: Run, name: str) -> None:
    """Take one host away while the others go on."""
    gone = find(run, name)
    run.servers.remove(gone)
    with engines.opened(run.engine) as client:
        leftovers.remove_container(client.api, identity(gone))


def find(run: Run, name: str) -> Host:
    """Return a host that runs by its name."""
    return next(host for host in run.servers if host.name == name)


def identity(host: Host) -> str:
    """Return the id of a host's container."""
    return host.address.removeprefix("docker://")


def shop(run: Run, setup: str) -> Target:
    """Say how the shop is started: an env file, and a volume for the orders that wait."""
    env = env_file(run.root / SHOP / ENV[setup])
    return Target(
        f"shop-{setup}",
        run.built[SHOP].id,
        hardened=True,
        env={**env, "SHOP_SPOOL": SPOOL},
        port=8080,
        network=hosts.full_name(run.session, setup),
        volumes=_lasting(run, f"spool-{setup}", SPOOL),
    )


def catcher(run: Run) -> Target:
    """Say how the mock mail server is started."""
    return Target(
        "catcher",
        run.built["images/catcher"].id,
        hardened=True,
        port=1080,
        path="/healthz",
        network=hosts.full_name(run.session, "develop"),
    )


def mta(run: Run, name: str, folder: str) -> Target:
    """Say how a real mail server is started: its queue is on a volume."""
    return Target(
        name,
        run.built[folder].id,
        hardened=True,
        port=25,
        scheme="smtp",
        network=hosts.full_name(run.session, "release"),
        volumes=_lasting(run, f"queue-{name}", QUEUE),
        capabilities=MTA,
    )


def relay(run: Run) -> Target:
    """Say how the release's mail server is started: the shop knows it as `mail`."""
    return mta(run, "mail", "images/relay")


def mailbox(run: Run) -> Target:
    """Say how the customer's mail server is started."""
    target = mta(run, "mailbox", "images/mailbox")
    return replace(target, volumes={**target.volumes, **_lasting(run, "inbox", INBOX)})


def _lasting(run: Run, name: str, path: str) -> dict[str, str]:
    return {hosts.volume(run.engine, run.session, name, keep=run.keep): path}
