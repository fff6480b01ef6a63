"""Which checks see more than the image."""

from deployment_drift.compare.allowed import read
from deployment_drift.paths import root
from deployment_drift.scenes.limits import environment


def test_kernel_and_cpu_are_marked() -> None:
    """The kernel and the CPU are the host's, whatever image asks."""
    assert environment.marked()["kernel"] == "kernel"
    assert environment.marked()["architecture"] == "CPU"


def test_what_an_env_file_may_change_is_marked() -> None:
    """Whatever container/allowed.toml accepts is seen by a check that says so."""
    for allowance in read(root() / "container/allowed.toml"):
        parts = allowance.check.partition(".")[0].replace("every_*", "every_").split("*")
        assert any(all(part in name for part in parts) for name in environment.marked()), allowance


def test_most_checks_see_the_image_only() -> None:
    """The mark is for the few: a check without it compares images."""
    assert "php_version" not in environment.marked()
    assert len(environment.marked()) < 15
