"""Orders tea as a customer does, over HTTP and in Japanese, and reads what the shop says."""

import json
import re
from dataclasses import dataclass
from html import unescape
from time import perf_counter
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from deployment_drift.errors import HostError
from deployment_drift.paths import typed

ADDRESS = "hanako@example.com"
FORM = {"tea": "sencha", "quantity": "2", "lang": "ja", "email": ADDRESS}
LIMIT = 20.0
"""Seconds that a customer waits for a page."""


@dataclass(frozen=True, slots=True)
class Order:
    """An order that the shop took: `mail` is what became of its confirmation.

    `said` is the sentence on the page, "" where a program has asked; `seconds` is the wait.
    """

    id: str
    mail: str
    said: str
    seconds: float


def order(url: str) -> Order:
    """Order as a program does; HostError if the shop does not take the order."""
    start = perf_counter()
    answer = json.loads(_post(url, "application/json"))
    return Order(answer["order"], answer["mail"], "", perf_counter() - start)


def order_by_hand(url: str) -> Order:
    """Order as people do, and read the page: `mail` is not on it."""
    start = perf_counter()
    number, said = read(_post(url, "text/html"))
    return Order(number, "", said, perf_counter() - start)


def read(page: str) -> tuple[str, str]:
    """Return the order's number and the sentence below it, as they are on the shop's page."""
    found = re.search(r"<h1>([^<]+)</h1>\s*<p>([^<]+)</p>", page)
    return (unescape(found[1]), unescape(found[2])) if found else ("", "")


def _post(url: str, wanted: str) -> str:
    data = urlencode(FORM).encode()
    request = Request(f"{url}/order.php", data, {"Accept": wanted})  # noqa: S310 -- our own address
    try:
        with urlopen(request, timeout=LIMIT) as answer:  # noqa: S310
            return str(answer.read().decode())
    except (URLError, TimeoutError) as error:
        if isinstance(error, HTTPError):
            error.close()  # it is the answer
        what = f"The shop at {url} took no order: {error}"
        raise HostError(what, hint=typed("doctor")) from error
