from ipaddress import IPv4Network
from pathlib import Path

from deployment_drift.engine import bridge


def test_name_fits_and_is_the_folders_own() -> None:
    """A bridge's name fits into the kernel's 15 characters and differs from folder to folder."""
    one, other = (bridge.name(Path(folder)) for folder in ("/one", "/other"))
    assert one != other
    assert one == bridge.name(Path("/one"))
    assert len(one) <= 15


def test_range_is_one_that_nothing_else_routes() -> None:
    """A bridge of another engine, also a killed one, keeps its range; so does a private network."""
    assert bridge.free_range([]) == IPv4Network("172.17.0.0/16")
    taken = [IPv4Network("172.17.0.0/16"), IPv4Network("172.18.3.0/24"), IPv4Network("10.0.0.0/8")]
    assert bridge.free_range(taken) == IPv4Network("172.19.0.0/16")
    assert bridge.free_range([IPv4Network("172.16.0.0/12")]) == IPv4Network("192.168.0.0/20")
    assert bridge.free_range([IPv4Network("0.0.0.0/0")]) is None
