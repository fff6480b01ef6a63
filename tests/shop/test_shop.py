import json
from http import HTTPStatus
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest


def ask(url: str, form: dict[str, str] | None = None) -> tuple[int, dict[str, object]]:
    """Return the status and the JSON that the shop answers; a form is posted."""
    data = urlencode(form).encode() if form else None
    request = Request(url, data, {"Accept": "application/json"})  # noqa: S310 -- our own address
    try:
        with urlopen(request, timeout=10) as answer:  # noqa: S310 -- the same
            return answer.status, json.load(answer)
    except HTTPError as error:
        return error.code, json.load(error)


def test_front_shows_teas(shop: str) -> None:
    """Every tea on the shelf has a price."""
    status, facts = ask(f"{shop}/")
    assert status == HTTPStatus.OK
    assert facts["teas"]


@pytest.mark.parametrize(("price", "off", "left"), [(45, 30, 31), (1000, 10, 900), (45, 0, 45)])
def test_offer(shop: str, price: int, off: int, left: int) -> None:
    """A discount is taken off the price, in whole yen."""
    assert ask(f"{shop}/offer.php?price={price}&off={off}")[1]["discounted"] == left


def test_find(shop: str) -> None:
    """The first tea above a price is found, and none above a price that no tea has."""
    assert ask(f"{shop}/find.php?over=500")[1]["found"]
    assert ask(f"{shop}/find.php?over=999999")[1]["found"] is None


def test_order_without_address_is_refused(shop: str) -> None:
    """An order without an address is refused, not lost."""
    form = {"email": "nobody", "quantity": "1"}
    assert ask(f"{shop}/order.php", form)[0] == HTTPStatus.UNPROCESSABLE_ENTITY


def test_order_has_to_be_posted(shop: str) -> None:
    """Looking at the order page orders nothing."""
    assert ask(f"{shop}/order.php")[0] == HTTPStatus.METHOD_NOT_ALLOWED
