"""What customers get: the shop answers for itself."""

from deployment_drift import Same
from deployment_drift.probe.questions import Page

OFFER = Page("/offer.php?price=45&off=30")
DELIVERY = Page("/delivery.php")
FIND = Page("/find.php?over=500")
PHOTO = Page("/photo.php", "POST", "5 MB")
ORDER = Page("/order.php", "POST", "email=nobody")
HEALTH = Page("/health.php")
MISSING = Page("/no-such-page.txt")


def test_offer(same: Same) -> None:
    """¥45 at 30 % off: a wrong amount on an invoice, and nobody is told."""
    assert same(lambda host: host.shop.answer(OFFER, "discounted"))


def test_find(same: Same) -> None:
    """Search page: a function that this PHP lacks makes the page blank."""
    assert same(lambda host: host.shop.answer(FIND, "found"))


def test_photo(same: Same) -> None:
    """Photo of 5 MB: it is refused although it worked for the developer."""
    assert same(lambda host: host.shop.answer(PHOTO, "received"))


def test_delivery(same: Same) -> None:
    """Delivery time: the customer waits at the wrong hour."""
    assert same(lambda host: host.shop.answer(DELIVERY, "delivery"))


def test_refusal(same: Same) -> None:
    """Order without an address: a form that accepts everything loses orders."""
    assert same(lambda host: host.shop.answer(ORDER, "mail"))


def test_health(same: Same) -> None:
    """Health page: a load balancer takes a healthy server out, or leaves a dead one in."""
    assert same(lambda host: host.shop.answer(HEALTH))


def test_missing_page(same: Same) -> None:
    """A page that is not there: search engines index a page that answers 200."""
    assert same(lambda host: host.shop.status(MISSING))
