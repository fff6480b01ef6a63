"""What work takes on an emulated computer, and beside it."""

import time

from deployment_drift.scenes.hypervisor.emulated import quickest


def test_a_way_that_has_to_be_opened_is_no_work() -> None:
    """What comes with the first time, or with another one, does not count."""
    pauses = iter([0.3, 0.01, 0.1])
    assert 0.01 <= quickest(lambda: time.sleep(next(pauses))) < 0.1
