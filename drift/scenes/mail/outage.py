"""Takes the mail server away while orders come in, and shows that none is lost or sent twice."""

from collections import Counter
from collections.abc import Collection

from drift.ask import shell
from drift.scenes.mail import customer, mailhosts, mailing
from drift.scenes.mail.customer import Order
from drift.scenes.mail.mailhosts import SPOOL, find
from drift.stage import Stage

PROGRAMS = 2
"""Orders by programs, which are told what became of the mail; one by a person comes on top."""


def play(stage: Stage) -> None:
    """Order without a mail server, replace the shop meanwhile, and wait for every mail."""
    mailhosts.remove(stage, "mail")
    orders = _order(stage)
    _replace_shop(stage, orders)
    mailhosts.start(stage, mailhosts.relay(stage))
    _deliver(stage, orders)


def _order(stage: Stage) -> list[str]:
    """Order three times; state that each waits, and what a person reads."""
    url = find(stage, "shop-release").url
    taken = [customer.order(url) for _ in range(PROGRAMS)]
    stage.show("order_waits", holds=_all_wait(taken), count=len(taken), seconds=slowest(taken))
    person = customer.order_by_hand(url)
    stage.show("kind_words", holds=bool(person.id and person.said), said=person.said)
    return [order.id for order in (*taken, person)]


def _all_wait(taken: Collection[Order]) -> bool:
    return all(order.mail == "waiting" for order in taken)


def slowest(taken: Collection[Order]) -> str:
    """Return the longest wait of a customer, as people say it."""
    return f"{max(order.seconds for order in taken):.2f}"


def _replace_shop(stage: Stage, orders: list[str]) -> None:
    """Remove the shop's container and start another; state that every order still waits."""
    mailhosts.remove(stage, "shop-release")
    mailhosts.start(stage, mailhosts.shop(stage, "release"))
    waiting = spooled(stage)
    stage.show("orders_kept", holds=waiting == sorted(orders), count=len(waiting))


def spooled(stage: Stage) -> list[str]:
    """Return the orders whose mails wait in the release's spool."""
    with shell.connected(find(stage, "shop-release").address) as shop:
        names = shop.check_output(f"ls {SPOOL}").split()
    return sorted(name.removesuffix(".json") for name in names)


def _deliver(stage: Stage, orders: list[str]) -> None:
    """Order once more, which sends what waits; state that each order has exactly one mail."""
    last = customer.order(find(stage, "shop-release").url)
    before = [letter.order for letter in mailing.inbox(stage, set())]
    everything = {*orders, *before, last.id}
    arrived = Counter(letter.order for letter in mailing.inbox(stage, everything))
    once = set(arrived) == everything and set(arrived.values()) == {1}
    holds = once and last.mail == "accepted" and spooled(stage) == []
    stage.show("sent_once", holds=holds, count=len(everything), mails=arrived.total())
