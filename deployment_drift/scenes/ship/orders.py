"""Customers who look and order all the time, and write down every answer that they get."""

import http.client
import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import Event, Thread
from time import monotonic
from urllib.parse import urlencode

ORDER = urlencode({"tea": "sencha", "quantity": "1", "email": "hanako@example.com"})
PAGE = "/find.php?over=100"
BROKEN = ("SH", "sH")
"""How a proxy says that a request was taken by a server which then went, or did not answer."""
CUSTOMERS = 4
EACH = 8
"""One request in so many is an order."""
PAUSE, CALM = 0.005, 0.02
"""Seconds that a customer takes to think; more of them where several engines share a computer."""
MOST = 20_000
ENOUGH = 1000
LIMIT = 240.0
_ANSWER_LIMIT = 20.0


@dataclass
class Answers:
    """What was answered: each request's seconds, which failed and how, which orders were taken.

    versions: what the page said, each once. cut: orders that a server had taken when it went, of
    which nobody knows whether they are kept: these alone a proxy may not send elsewhere.
    """

    address: str
    seconds: list[float] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    orders: list[str] = field(default_factory=list)
    cut: list[str] = field(default_factory=list)
    versions: set[str] = field(default_factory=set)
    pause: float = PAUSE
    stop: Event = field(default_factory=Event)
    customers: list[Thread] = field(default_factory=list)
    begin: float = field(default_factory=monotonic)

    def close(self) -> None:
        """Let nobody come any more, and wait until everybody has got an answer."""
        self.stop.set()
        for each in self.customers:
            each.join()

    def is_enough(self) -> bool:
        """Tell whether what was asked says something, or has taken long enough."""
        return len(self.seconds) >= ENOUGH or monotonic() - self.begin > LIMIT


@contextmanager
def coming(address: str, pause: float = PAUSE) -> Iterator[Answers]:
    """Let customers come to an address until the block ends."""
    answers = Answers(address, pause=pause)
    customers = [Thread(target=_come, args=(answers,), daemon=True) for _ in range(CUSTOMERS)]
    for each in customers:
        each.start()
    try:
        answers.customers += customers
        yield answers
    finally:
        answers.close()


def _come(answers: Answers) -> None:
    number = 0
    while not answers.stop.is_set() and len(answers.seconds) < MOST:
        number += 1
        begin = monotonic()
        try:
            _ask(answers, order=number % EACH == 0)
        except (OSError, http.client.HTTPException, ValueError, KeyError) as error:
            answers.failed.append(f"{type(error).__name__}: {error}")
        answers.seconds.append(monotonic() - begin)
        answers.stop.wait(answers.pause)


def _ask(answers: Answers, *, order: bool) -> None:
    """Ask once; ValueError where the answer is an error."""
    connection = http.client.HTTPConnection(answers.address, timeout=_ANSWER_LIMIT)
    headers = {"Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded"}
    try:
        if order:
            connection.request("POST", "/order.php", ORDER, headers)
        else:
            connection.request("GET", PAGE, headers=headers)
        answer = connection.getresponse()
        content = answer.read()
        if order and answer.getheader("X-Ended") in BROKEN:
            answers.cut.append(f"{answer.status} {answer.getheader('X-Ended')}")
            return
        said = json.loads(content)
        if answer.status != http.HTTPStatus.OK:
            raise ValueError(f"{answer.status} {said}")
        if order:
            answers.orders.append(said["order"])
        else:
            answers.versions.add(json.dumps(said, sort_keys=True))
    finally:
        with suppress(OSError):
            connection.close()
