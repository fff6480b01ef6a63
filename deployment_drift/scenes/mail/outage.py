"""Takes the mail server away while orders come in, and shows that none is lost or sent twice."""

from collections import Counter
from collections.abc import Collection

from deployment_drift.probe import shell
from deployment_drift.run import Run
from deployment_drift.scenes.mail import customer, mailhosts, mailing
from deployment_drift.scenes.mail.customer import Order
from deployment_drift.scenes.mail.mailhosts import SPOOL, find

PROGRAMS = 2
"""Orders by programs, which are told what became of the mail; one by a person comes on top."""


def play(run: Run) -> None:
    """Order without a mail server, replace the shop meanwhile, and wait for every mail."""
    mailhosts.remove(run, "mail")
    orders = _order(run)
    _replace_shop(run, orders)
    mailhosts.start(run, mailhosts.relay(run))
    _deliver(run, orders)


def _order(run: Run) -> list[str]:
    """Order three times; state that each waits, and what a person reads."""
    url = find(run, "shop-release").url
    taken = [customer.order(url) for _ in range(PROGRAMS)]
    run.show("order_waits", holds=_all_wait(taken), count=len(taken), seconds=slowest(taken))
    person = customer.order_by_hand(url)
    run.show("kind_words", holds=bool(person.id and person.said), said=person.said)
    return [order.id for order in (*taken, person)]


def _all_wait(taken: Collection[Order]) -> bool:
    return all(order.mail == "waiting" for order in taken)


def slowest(taken: Collection[Order]) -> str:
    """Return the longest wait of a customer, as people say it."""
    return f"{max(order.seconds for order in taken):.2f}"


def _replace_shop(run: Run, orders: list[str]) -> None:
    """Remove the shop's container and start another; state that every order still waits."""
    mailhosts.remove(run, "shop-release")
    mailhosts.start(run, mailhosts.shop(run, "release"))
    waiting = spooled(run)
    run.show("orders_kept", holds=waiting == sorted(orders), count=len(waiting))


def spooled(run: Run) -> list[str]:
    """Return the orders whose mails wait in the release's spool."""
    with shell.connected(find(run, "shop-release").address, timeout=shell.PATIENT) as shop:
        names = shop.check_output(f"ls {SPOOL}").split()
    return sorted(name.removesuffix(".json") for name in names)


def _deliver(run: Run, orders: list[str]) -> None:
    """Order once more, which sends what waits; state that each order has exactly one mail."""
    last = customer.order(find(run, "shop-release").url)
    before = [mail.order for mail in mailing.inbox(run, set())]
    everything = {*orders, *before, last.id}
    arrived = Counter(mail.order for mail in mailing.inbox(run, everything))
    once = set(arrived) == everything and set(arrived.values()) == {1}
    holds = once and last.mail == "accepted" and spooled(run) == []
    run.show("sent_once", holds=holds, count=len(everything), mails=arrived.total())
