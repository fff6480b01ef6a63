"""Orders in both set-ups of containers, and shows that their mails arrive: caught, delivered."""

from deployment_drift import steps
from deployment_drift.compare.inventory import difference
from deployment_drift.engine import engines
from deployment_drift.events import Found
from deployment_drift.probe import processes, shell
from deployment_drift.records import Host
from deployment_drift.run import Run
from deployment_drift.scenes.mail import customer, mailhosts, mails
from deployment_drift.scenes.mail.mailhosts import find
from deployment_drift.scenes.mail.mails import Mail

SERVER = {"apache2"}
"""The one application of the shop's container: Apache, with PHP as a module of it."""


def develop(run: Run) -> None:
    """Start the shop beside a mock mail server, order, and show the mail that it caught."""
    steps.leave_nothing(run)
    mailhosts.connect(run, "develop")
    targets = (mailhosts.shop(run, "develop"), mailhosts.catcher(run))
    shop, catcher = mailhosts.start(run, *targets)
    order = customer.order(shop.url)
    (mail,) = mails.wait(lambda: mails.caught(catcher.url), {order.id})
    run.tell(Found("page", f"{catcher.url}/"))
    show(run, mail)
    run.show("mail_caught", holds=order.mail == "accepted", to=mail.to)


def release(run: Run) -> None:
    """Start the same image beside a real mail server, order, and show the customer's mailbox."""
    mailhosts.connect(run, "release")
    targets = (mailhosts.relay(run), mailhosts.mailbox(run))
    shop, *_ = mailhosts.start(run, mailhosts.shop(run, "release"), *targets)
    order = customer.order(shop.url)
    (mail,) = inbox(run, {order.id})
    show(run, mail)
    run.show("mail_delivered", holds=order.mail == "accepted", to=mail.to)
    (caught,) = mails.caught(find(run, "catcher").url)
    alike = (caught.words, caught.to) == (mail.words, mail.to)
    run.show("same_mail", holds=alike and caught.order != mail.order, words=mail.words)
    _same_image(run, find(run, "shop-develop"), shop)
    _one_application(run)


def show(run: Run, mail: Mail) -> None:
    """Show a mail as its reader sees it."""
    run.tell(Found("To", mail.to))
    run.tell(Found("Subject", mail.subject))
    for line in filter(str.strip, mail.body.splitlines()):
        run.tell(Found(" ", line.strip()))


def inbox(run: Run, orders: set[str]) -> list[Mail]:
    """Return the mails in the customer's mailbox, once those of these orders are there."""
    owner = f"docker://customer@{mailhosts.identity(find(run, 'mailbox'))}"
    with shell.connected(owner) as mailbox:
        return mails.wait(lambda: mails.delivered(mailbox), orders)


def _same_image(run: Run, develop: Host, release: Host) -> None:
    changed = variables(run, develop, release)
    files = (run.root / mailhosts.SHOP / name for name in mailhosts.ENV.values())
    named = {name for file in files for name in steps.env_file(file)}
    holds = develop.image == release.image and set(changed) == named
    run.show("same_image", holds=holds, image=develop.image[:19], names=", ".join(changed))


def variables(run: Run, here: Host, there: Host) -> tuple[str, ...]:
    """Return the names of the environment variables by which two containers differ."""
    with engines.opened(run.engine) as client:
        found = [client.containers.get(mailhosts.identity(host)) for host in (here, there)]
    lines = (container.attrs["Config"]["Env"] for container in found)
    one, other = (dict(line.split("=", 1) for line in each) for each in lines)
    apart = difference(one, other)
    return apart.names if apart else ()


def _one_application(run: Run) -> None:
    """State what runs in the shop's container, and what in the mail servers'."""
    names = ("shop-release", "mail", "catcher")
    shop, relay, catcher = (set(processes.of(find(run, name).address)) for name in names)
    apart = shop == SERVER and not SERVER & (relay | catcher)
    values = {"shop": shop, "relay": relay, "catcher": catcher}
    words = {name: ", ".join(sorted(each)) for name, each in values.items()}
    run.show("one_application", holds=apart, **words)
