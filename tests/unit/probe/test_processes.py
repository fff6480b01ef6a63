from deployment_drift.probe.processes import started

STAT = """\
1 (apache2) S 0 1 1 0
7 (apache2) S 1 1 1 0
8 (python3 (x)) S 7 1 1 0
20 (sh) S 0 20 20 0
21 (cat) R 20 20 20 0
"""


def test_only_what_the_host_started() -> None:
    """Process 1 and all below it count, each name once; who asks from outside does not."""
    assert started(STAT) == ["apache2", "python3 (x)"]
