"""What runs on Xen, read from its own list and from inside a guest."""

from types import SimpleNamespace

from deployment_drift.scenes.hypervisor.domains import Below, Domain, below, listed

LISTED = """\
Name            ID   Mem VCPUs\tState\tTime(s)   UUID      Reason-Code\tSecurity Label
Domain-0         0   384     1     r-----     385.1 00000000-0000        -                -
local            1   256     1     ---sc-     264.8 84cf5df7-06d1        3                -
"""


def test_domains_are_read_as_they_are_listed() -> None:
    """Each has its memory, its processors and its name on Xen; one of two has crashed."""
    manager, guest = listed(LISTED)
    assert manager == Domain("Domain-0", 384, 1, "r-----", "00000000-0000")
    assert guest.uuid == "84cf5df7-06d1"
    assert [manager.has_crashed, guest.has_crashed] == [False, True]


def test_guest_says_what_lies_below() -> None:
    """A guest names its hypervisor, and what it has of it in whole MiB."""
    said = "xen\n84cf5df7-06d1\n1\n235508 kB"
    host = SimpleNamespace(check_output=lambda _: said)
    assert below(host) == Below("xen", "84cf5df7-06d1", 1, 229)
