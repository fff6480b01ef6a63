"""A test container's life."""

from deployment_drift.scenes.startup.testing import Life, told


def test_life_is_told_in_one_line() -> None:
    """Created, ready, tested, gone: each with its seconds."""
    life = Life("abc", 0.1, 0.2, 0.3, 0.4)
    assert told(life) == "container: created 0.10 s, ready 0.20 s, tests 0.30 s, gone 0.40 s"
    assert round(life.total, 6) == 1
