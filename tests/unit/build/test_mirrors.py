import pytest

from deployment_drift.build import mirrors

DEBIAN = [
    "Debian|bookworm|bookworm|main|http://mirror.test/debian/",
    "Debian|bookworm|bookworm|contrib|http://mirror.test/debian/",
    "Debian|bookworm-updates|bookworm-updates|main|http://mirror.test/debian/",
    "Debian|bookworm-security|bookworm-security|main|http://safe.test/debian-security/",
]


def test_machines_mirrors_serve_any_suite() -> None:
    """The mirrors of the machine's own suite are those for another suite, all three parts."""
    assert mirrors.translate(DEBIAN, "bookworm", "trixie") == [
        "deb http://mirror.test/debian trixie main",
        "deb http://mirror.test/debian trixie-updates main",
        "deb http://safe.test/debian-security trixie-security main",
    ]


def test_a_mirror_that_wants_a_password_is_left_out() -> None:
    """The address of a mirror stands in every image that is built: it holds no password."""
    rows = [row.replace("http://mirror.test", "https://me:s3cret@mirror.test") for row in DEBIAN]
    assert "s3cret" not in str(mirrors.translate(rows, "bookworm", "trixie"))


@pytest.mark.parametrize(
    ("options", "proxies"),
    [
        ([], {}),
        (['Acquire::http::Proxy "http://me:pw@a:1";'], {"http_proxy": "http://me:pw@a:1"}),
        (['Acquire::http::Proxy "DIRECT";'], {}),
        (
            ['Acquire::https::Proxy "http://a:1";', 'Acquire::https::Proxy::b.test "DIRECT";'],
            {"https_proxy": "http://a:1", "no_proxy": "b.test"},
        ),
    ],
)
def test_proxies(
    options: list[str], proxies: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A build goes through apt's proxy by the environment, which no image keeps."""
    monkeypatch.setattr(mirrors, "options", lambda: options)
    assert mirrors.proxies() == proxies


def test_strangers_repositories_are_not_debians() -> None:
    """A repository of somebody else that uses the same suite's name is not taken for Debian's."""
    strange = ["Somebody|bookworm|bookworm|main|http://packages.test/php/"]
    found = mirrors.translate([*strange, *DEBIAN], "bookworm", "trixie")
    assert found[0] == "deb http://mirror.test/debian trixie main"
    assert mirrors.translate(strange, "bookworm", "trixie") == []


def test_suite_by_its_role() -> None:
    """A machine that follows `stable` is known by the code name in the mirror's own words."""
    rows = ["Debian|trixie|stable|main|http://mirror.test/debian/"]
    assert mirrors.translate(rows, "trixie", "bookworm")[0] == (
        "deb http://mirror.test/debian bookworm main"
    )


def test_before_the_first_update() -> None:
    """Where apt has fetched no lists yet it knows no origin, and the release's name counts."""
    rows = [row.replace("Debian|", "$(ORIGIN)|", 1) for row in DEBIAN]
    rows = [f"$(ORIGIN)|$(CODENAME)|{row.split('|', 2)[2]}" for row in rows]
    assert len(mirrors.translate(rows, "bookworm", "trixie")) == 3


def test_lists_that_were_fetched_in_part() -> None:
    """Security updates are not left out because apt has fetched only the other lists so far."""
    unknown = [f"$(ORIGIN)|$(CODENAME)|{row.split('|', 2)[2]}" for row in DEBIAN]
    found = mirrors.translate([*DEBIAN[:3], *unknown], "bookworm", "trixie")
    assert found == mirrors.translate(DEBIAN, "bookworm", "trixie")


def test_stranger_stays_a_stranger() -> None:
    """Who is known not to be Debian is not taken for it where apt says no origin."""
    strange = "Somebody|bookworm|bookworm|main|http://packages.test/php/"
    unknown = "$(ORIGIN)|$(CODENAME)|bookworm|main|http://packages.test/php/"
    assert mirrors.translate([strange, unknown], "bookworm", "trixie") == []


def test_without_a_security_mirror_there_is_none() -> None:
    """A machine without a security mirror gives none: no address is invented."""
    assert mirrors.translate(DEBIAN[:1], "bookworm", "trixie") == [
        "deb http://mirror.test/debian trixie main",
        "deb http://mirror.test/debian trixie-updates main",
    ]


def test_no_mirrors_no_lines() -> None:
    """Without any mirror of Debian's there are no lines, and the bootstrap uses its default."""
    assert mirrors.translate([], "bookworm", "trixie") == []
