"""What counts as failed where customers look and order through a proxy."""

import json

import pytest

from deployment_drift.scenes.ship import orders
from deployment_drift.waiting import until
from tests.fakes import Reply, serve

LOOKED = {"GET /find.php": {"found": None}}


def come(order: Reply) -> orders.Answers:
    """Return what customers got until each has ordered; pages are answered well."""
    with (
        serve({**LOOKED, "POST /order.php": order}) as address,
        orders.coming(address) as answers,
    ):
        enough = 2 * orders.CUSTOMERS * orders.EACH
        assert until(lambda: len(answers.seconds) >= enough, limit=30, pause=0.01)
    return answers


def ended(state: str) -> Reply:
    """Return what a proxy answers where a server has not."""
    return Reply("<html>", 502, (("X-Ended", state),))


def test_an_order_that_was_taken_is_remembered() -> None:
    """A customer notes the number of each order, and nothing has failed."""
    answers = come(Reply(json.dumps({"order": "M-1"})))
    assert set(answers.orders) == {"M-1"}
    assert (answers.failed, answers.cut) == ([], [])


@pytest.mark.parametrize("state", orders.BROKEN)
def test_an_order_that_a_server_had_is_cut(state: str) -> None:
    """What a server had when it went may not be sent twice: it is counted apart."""
    answers = come(ended(state))
    assert answers.cut
    assert answers.failed == []


@pytest.mark.parametrize("state", ["SC", "sQ", "--"])
def test_an_order_that_reached_nobody_has_failed(state: str) -> None:
    """What could have been sent elsewhere, or was refused, is a failure."""
    answers = come(ended(state))
    assert answers.failed
    assert answers.cut == []


def test_a_customer_thinks_before_coming_again() -> None:
    """Who has got an answer asks for the next one after a pause, which the scene chooses."""
    with serve(LOOKED) as address, orders.coming(address, pause=60) as answers:
        assert until(lambda: len(answers.seconds) == orders.CUSTOMERS, limit=30, pause=0.01)
        answers.stop.wait(0.2)
        assert len(answers.seconds) == orders.CUSTOMERS


def test_a_page_that_broke_off_has_failed() -> None:
    """A page can be asked for twice, so there is no excuse."""
    with serve({"GET /find.php": ended("SH")}) as address, orders.coming(address) as answers:
        assert until(lambda: len(answers.seconds) > 1, limit=30, pause=0.01)
    assert answers.failed
