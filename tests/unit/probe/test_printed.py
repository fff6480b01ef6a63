"""What the programs print: lines of files, and who may do what with a file."""

import pytest

from deployment_drift.probe.printed import Line, Listed, listed, meaningful, printed

WEB, JOE = ("www-data", "www-data"), ("joe", "joe")


def test_rows_of_a_listing() -> None:
    """A path may have blanks, a link has a target, and what lists nothing is left out."""
    text = (
        "total 4\n"
        "drwxr-x--t 2 root www-data 4096 Feb  4  2025 /srv/a b\n"
        "lrwxrwxrwx 1 root root 9 Feb  4  2025 /srv/c -> /opt/c\n"
        "crw-rw-rw- 1 root root 1, 3 Nov 25 16:52 /dev/null\n"
        "-rw-r--r-- 1 root\n"
    )
    assert listed(text) == [
        Listed("drwxr-x--t", "root", "www-data", 4096, "/srv/a b"),
        Listed("lrwxrwxrwx", "root", "root", 9, "/srv/c", "/opt/c"),
    ]


@pytest.mark.parametrize(
    ("mode", "access"),
    [
        *(("drwxr-x--t", "joe:web 1751"), ("-rwSr--r-T", "joe:web 5644")),
        *(("-rw-rws---", "joe:web 2670"), ("-rwxr-x---", "joe:web 750")),
    ],
)
def test_access_is_told_in_numbers(mode: str, access: str) -> None:
    """Owner, group and others have a digit each, and special bits one before; they hide no `x`."""
    assert Listed(mode, "joe", "web", 0, "/a").access == access


@pytest.mark.parametrize(
    ("mode", "what", "user", "expected"),
    [
        ("drwx------", "r", ("joe", "joe"), True),
        ("d-wxr-xr-x", "r", ("joe", "joe"), False),
        ("d---r-x---", "r", ("ann", "ann", "web"), True),
        ("drwx-wxr-x", "r", ("ann", "ann", "web"), False),
        ("drwxr-x---", "r", ("web", "other"), True),
        ("drwxr-x---", "r", ("ann", "ann"), False),
        ("drwx---r-x", "r", ("ann", "ann"), True),
        ("drwxr-sr-t", "x", ("ann", "ann", "web"), True),
        ("drwxr-xr-t", "x", ("ann", "ann"), True),
        ("drwxr-xr-T", "x", ("ann", "ann"), False),
    ],
)
def test_the_first_that_fits_decides(
    mode: str, what: str, user: tuple[str, ...], *, expected: bool
) -> None:
    """An owner has the owner's bits, a member the group's, and nobody else's count."""
    assert Listed(mode, "joe", "web", 0, "/a").may(what, [user]) is expected


def test_all_users_have_to_be_allowed() -> None:
    """One that may not is enough for no."""
    folder = Listed("drwxr-x---", "joe", "www-data", 0, "/a")
    assert folder.may("r", [WEB, JOE])
    assert not folder.may("w", [WEB, JOE])


def test_lines_of_a_file_have_numbers_and_keep_their_tabs() -> None:
    """Behind the number and one tab stands the line; what has no number is no line of a file."""
    said = printed("1\tlost\n@@ file /etc/a\n3\ta\tb\nx\ty\n12\n4\tc\n4\td\n")
    assert said.files == {"/etc/a": [Line("/etc/a", 3, "a\tb"), Line("/etc/a", 4, "cd")]}


def test_comments_begin_with_their_sign() -> None:
    """Blank lines and comments say nothing; every other line does, whatever its first letter."""
    texts = ["# a", "; b", "  ", "X-Forwarded-For on", " y"]
    lines = [Line("/etc/a", number, text) for number, text in enumerate(texts)]
    assert [line.text for line in meaningful(lines)] == ["X-Forwarded-For on", "y"]


def test_an_acl_is_told() -> None:
    """Beside owner and mode, an ACL may let others in: it is part of who may."""
    (folder,) = listed("drwxrwxr-x+ 2 root www-data 4096 Nov 25 16:51 /srv/app/var\n")
    assert folder.access == "root:www-data 775 and an ACL"
