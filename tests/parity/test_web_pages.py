"""Pages that a project names in its `drift.toml`."""

from deployment_drift import Same
from deployment_drift.probe.questions import WebPage


def test_page(same: Same, drift_page: WebPage) -> None:
    """Page: customers, or a load balancer, get another answer."""
    assert same(lambda host: host.pages.answer(drift_page))
