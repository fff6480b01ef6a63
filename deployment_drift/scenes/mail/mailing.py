"""Orders in both set-ups of containers, and reads the mails that arrive: caught, or delivered."""

import json
from base64 import b64decode
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass
from email import message_from_bytes
from email.policy import default
from typing import Any
from urllib.request import urlopen

from deployment_drift import steps
from deployment_drift.compare.inventory import difference
from deployment_drift.engine import engines
from deployment_drift.errors import HostError
from deployment_drift.events import Found
from deployment_drift.paths import typed
from deployment_drift.probe import inside, shell
from deployment_drift.records import Host
from deployment_drift.run import Run
from deployment_drift.scenes.mail import customer, mailhosts
from deployment_drift.scenes.mail.mailhosts import find
from deployment_drift.targets.target import env_file
from deployment_drift.waiting import until

LIMIT = 60.0
"""Seconds that a mail may be on its way: it takes one, but not on a busy computer."""
INBOX = "/var/mail/inbox/new"
_PAUSE = 0.05
_ANSWER_LIMIT = 20.0
SERVER = {"apache2"}
"""The one application of the shop's container: Apache, with PHP as a module of it."""


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail as its reader sees it; `order` is the number of the order that it confirms."""

    order: str
    to: str
    subject: str
    body: str

    @property
    def words(self) -> str:
        """The subject without the order's number, which no two orders share."""
        return self.subject.replace(self.order, "…")


def caught(url: str) -> list[Mail]:
    """Return what the mock mail server at this address has caught."""
    with urlopen(f"{url}/email", timeout=_ANSWER_LIMIT) as answer:  # noqa: S310 -- our own address
        return [from_maildev(mail) for mail in json.load(answer)]


def from_maildev(mail: dict[str, Any]) -> Mail:
    """Return a mail of MailDev's REST API."""
    to = mail["to"][0]["address"]
    return Mail(_order(mail["messageId"]), to, mail["subject"], mail["text"])


def delivered(mailbox: Any) -> list[Mail]:  # noqa: ANN401 -- testinfra's host
    """Return what lies in the mailbox of a host, which is asked as the mailbox's owner."""
    lines = mailbox.check_output(f"for f in {INBOX}/*; do base64 -w0 $f; echo; done").split()
    return [from_message(b64decode(line)) for line in lines]


def from_message(raw: bytes) -> Mail:
    """Return a mail as it came over SMTP, with everything decoded."""
    message = message_from_bytes(raw, policy=default)
    order, to, subject = (str(message[name]) for name in ("Message-ID", "To", "Subject"))
    return Mail(_order(order), to, subject, message.get_content())


def _order(message_id: str) -> str:
    return message_id.strip("<>").partition("@")[0]


def wait(read: Callable[[], list[Mail]], orders: Collection[str]) -> list[Mail]:
    """Return all mails as soon as those of these orders are among them; HostError if too late."""
    found: list[Mail] = []

    def missing() -> set[str]:
        with suppress(OSError):  # a mail server that is too busy to answer
            found[:] = read()
        return set(orders) - {mail.order for mail in found}

    until(lambda: not missing(), limit=LIMIT, pause=_PAUSE, late=lambda: _late(missing()))
    return found


def _late(missing: Collection[str]) -> HostError:
    what = f"No mail for {', '.join(sorted(missing))} arrived within {LIMIT:.0f} s."
    return HostError(what, hint=typed("doctor"))


def develop(run: Run) -> None:
    """Start the shop beside a mock mail server, order, and show the mail that it caught."""
    steps.leave_nothing(run)
    mailhosts.connect(run, "develop")
    targets = (mailhosts.shop(run, "develop"), mailhosts.catcher(run))
    shop, catcher = mailhosts.start(run, *targets)
    order = customer.order(shop.url)
    (mail,) = wait(lambda: caught(catcher.url), {order.id})
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
    (other,) = caught(find(run, "catcher").url)
    alike = (other.words, other.to) == (mail.words, mail.to)
    run.show("same_mail", holds=alike and other.order != mail.order, words=mail.words)
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
    with shell.connected(owner, timeout=shell.PATIENT) as mailbox:
        return wait(lambda: delivered(mailbox), orders)


def _same_image(run: Run, develop: Host, release: Host) -> None:
    changed = variables(run, develop, release)
    files = (run.root / mailhosts.SHOP / name for name in mailhosts.ENV.values())
    named = {name for file in files for name in env_file(file)}
    holds = develop.image == release.image and set(changed) == named
    run.show("same_image", holds=holds, image=develop.image[:19], names=list(changed))


def variables(run: Run, here: Host, there: Host) -> tuple[str, ...]:
    """Return the names of the environment variables by which two containers differ.

    Podman adds each container's own name to what they were started with.
    """
    with engines.opened(run.engine) as client:
        found = [client.containers.get(mailhosts.identity(host)) for host in (here, there)]
    lines = (container.attrs["Config"]["Env"] for container in found)
    one, other = (dict(line.split("=", 1) for line in each) for each in lines)
    for each in (one, other):
        each.pop("HOSTNAME", None)
    apart = difference(one, other)
    return apart.names if apart else ()


def _one_application(run: Run) -> None:
    """State what runs in the shop's container, and what in the mail servers'."""
    names = ("shop-release", "mail", "catcher")
    shop, relay, catcher = (set(inside.running(find(run, name).address)) for name in names)
    apart = shop == SERVER and not SERVER & (relay | catcher)
    values = {"shop": shop, "relay": relay, "catcher": catcher}
    words = {name: sorted(each) for name, each in values.items()}
    run.show("one_application", holds=apart, **words)
