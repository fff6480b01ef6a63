import json
from http import HTTPStatus
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest


def ask(url: str, form: dict[str, str] | None = None) -> tuple[int, dict[str, object]]:
    """Return the status and the JSON that the shop answers; a form is posted."""
    data = urlencode(form).encode() if form else None
    return answer(Request(url, data, {"Accept": "application/json"}))  # noqa: S310 -- our own address


def answer(request: Request) -> tuple[int, dict[str, object]]:
    """Return the status and the JSON that a request is answered with."""
    try:
        with urlopen(request, timeout=10) as said:  # noqa: S310 -- the same
            return said.status, json.load(said)
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


@pytest.mark.parametrize("email", ["a@[127.0.0.1]", "a@[IPv6:::1]", "a@b@c.example", "a@localhost"])
def test_order_to_no_public_address_is_refused(shop: str, email: str) -> None:
    """No stranger chooses by an address which server inside the network gets the shop's mail."""
    form = {"email": email, "quantity": "1", "tea": "sencha"}
    assert ask(f"{shop}/order.php", form) == (HTTPStatus.UNPROCESSABLE_ENTITY, {"error": "email"})


def test_several_photos_at_once_are_refused(shop: str) -> None:
    """A list of photos where one is expected is the customer's mistake, not the server's."""
    body = (
        b'--p\r\nContent-Disposition: form-data; name="photo[]"; filename="tea.jpg"\r\n'
        b"Content-Type: image/jpeg\r\n\r\ntea\r\n--p--\r\n"
    )
    head = {"Accept": "application/json", "Content-Type": "multipart/form-data; boundary=p"}
    request = Request(f"{shop}/photo.php", body, head)  # noqa: S310 -- our own address
    assert answer(request) == (HTTPStatus.UNPROCESSABLE_ENTITY, {"error": "photo_missing"})


def test_nothing_is_echoed(shop: str) -> None:
    """TRACE is refused as on both servers: what it echoes, cookies too, is for nobody."""
    with pytest.raises(HTTPError, match="405"):
        urlopen(Request(f"{shop}/", method="TRACE"), timeout=10)  # noqa: S310 -- our own address


def test_order_has_to_be_posted(shop: str) -> None:
    """Looking at the order page orders nothing."""
    assert ask(f"{shop}/order.php")[0] == HTTPStatus.METHOD_NOT_ALLOWED
