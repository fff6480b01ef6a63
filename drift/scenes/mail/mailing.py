"""Orders in both set-ups of containers, and shows that their mails arrive: caught, delivered."""

from drift import steps
from drift.ask import processes, shell
from drift.compare.inventory import difference
from drift.engine import engines
from drift.events import Found
from drift.records import Host
from drift.scenes.mail import customer, letters, mailhosts
from drift.scenes.mail.letters import Letter
from drift.scenes.mail.mailhosts import find
from drift.stage import Stage

SERVER = {"apache2"}
"""The one application of the shop's container: Apache, with PHP as a module of it."""


def develop(stage: Stage) -> None:
    """Start the shop beside a mock mail server, order, and show the mail that it caught."""
    steps.leave_nothing(stage)
    mailhosts.connect(stage, "develop")
    recipes = (mailhosts.shop(stage, "develop"), mailhosts.catcher(stage))
    shop, catcher = mailhosts.start(stage, *recipes)
    order = customer.order(shop.url)
    (letter,) = letters.wait(lambda: letters.caught(catcher.url), {order.id})
    stage.tell(Found("page", f"{catcher.url}/"))
    show(stage, letter)
    stage.show("mail_caught", holds=order.mail == "accepted", to=letter.to)


def release(stage: Stage) -> None:
    """Start the same image beside a real mail server, order, and show the customer's mailbox."""
    mailhosts.connect(stage, "release")
    recipes = (mailhosts.relay(stage), mailhosts.mailbox(stage))
    shop, *_ = mailhosts.start(stage, mailhosts.shop(stage, "release"), *recipes)
    order = customer.order(shop.url)
    (letter,) = inbox(stage, {order.id})
    show(stage, letter)
    stage.show("mail_delivered", holds=order.mail == "accepted", to=letter.to)
    (caught,) = letters.caught(find(stage, "catcher").url)
    alike = (caught.words, caught.to) == (letter.words, letter.to)
    stage.show("same_mail", holds=alike and caught.order != letter.order, words=letter.words)
    _same_image(stage, find(stage, "shop-develop"), shop)
    _one_application(stage)


def show(stage: Stage, letter: Letter) -> None:
    """Show a mail as its reader sees it."""
    stage.tell(Found("To", letter.to))
    stage.tell(Found("Subject", letter.subject))
    for line in filter(str.strip, letter.body.splitlines()):
        stage.tell(Found(" ", line.strip()))


def inbox(stage: Stage, orders: set[str]) -> list[Letter]:
    """Return the mails in the customer's mailbox, once those of these orders are there."""
    owner = f"docker://customer@{mailhosts.identity(find(stage, 'mailbox'))}"
    with shell.connected(owner) as mailbox:
        return letters.wait(lambda: letters.delivered(mailbox), orders)


def _same_image(stage: Stage, develop: Host, release: Host) -> None:
    changed = variables(stage, develop, release)
    files = (stage.root / mailhosts.SHOP / name for name in mailhosts.ENV.values())
    named = {name for file in files for name in steps.env_file(file)}
    holds = develop.image == release.image and set(changed) == named
    stage.show("same_image", holds=holds, image=develop.image[:19], names=", ".join(changed))


def variables(stage: Stage, here: Host, there: Host) -> tuple[str, ...]:
    """Return the names of the environment variables by which two containers differ."""
    with engines.opened(stage.engine) as client:
        found = [client.containers.get(mailhosts.identity(host)) for host in (here, there)]
    lines = (container.attrs["Config"]["Env"] for container in found)
    one, other = (dict(line.split("=", 1) for line in each) for each in lines)
    apart = difference(one, other)
    return apart.names if apart else ()


def _one_application(stage: Stage) -> None:
    """State what runs in the shop's container, and what in the mail servers'."""
    names = ("shop-release", "mail", "catcher")
    shop, relay, catcher = (set(processes.of(find(stage, name).address)) for name in names)
    apart = shop == SERVER and not SERVER & (relay | catcher)
    values = {"shop": shop, "relay": relay, "catcher": catcher}
    words = {name: ", ".join(sorted(each)) for name, each in values.items()}
    stage.show("one_application", holds=apart, **words)
