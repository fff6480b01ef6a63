import pytest

from deployment_drift.errors import HostError
from deployment_drift.scenes.mail.customer import order, order_by_hand, read
from tests.fakes import serve

PAGE = "<p>Thank you</p>\n<h1>M-1</h1>\n    <p>It&#039;s kept.</p>"


def test_page_is_read() -> None:
    """A customer reads the order's number, and the sentence below it."""
    assert read(PAGE) == ("M-1", "It's kept.")


def test_page_without_an_order() -> None:
    """Another page has neither."""
    assert read("<h1>Sorry</h1>") == ("", "")


def test_programs_are_told_what_became_of_the_mail() -> None:
    """A program gets the order's number and a word."""
    with serve({"POST /order.php": {"order": "M-1", "mail": "waiting"}}) as address:
        taken = order(f"http://{address}")
    assert (taken.id, taken.mail) == ("M-1", "waiting")


def test_people_are_told_in_a_sentence() -> None:
    """A person gets a page."""
    with serve({"POST /order.php": PAGE}) as address:
        assert order_by_hand(f"http://{address}").said == "It's kept."


def test_refused_order_is_an_error() -> None:
    """A shop that takes no order is named, with its answer."""
    with serve({}) as address, pytest.raises(HostError, match=r"took no order: .*404"):
        order(f"http://{address}")
