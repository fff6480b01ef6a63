"""nginx's files as directives."""

import pytest

from deployment_drift.probe.directives import Directive, host_names, hosts
from deployment_drift.probe.nginx import DIALECT, included, parsed
from deployment_drift.probe.printed import printed

MAIN = "/etc/nginx/nginx.conf"


def section(text: str, before: str = "", **others: str) -> str:
    """Return what a host prints of nginx's files."""
    parts = [f"@@ main {MAIN}\n{before}"]
    for path, content in {MAIN: text, **{f"/etc/nginx/{n}": t for n, t in others.items()}}.items():
        lines = [f"{number}\t{line}" for number, line in enumerate(content.split("\n"), 1)]
        parts += [f"@@ file {path}", *lines]
    return "\n".join(parts)


def read(text: str, **others: str) -> list[tuple[str, ...]]:
    """Return the directives of these files as words."""
    tree = parsed(printed(section(text, **others)))
    return [(each.name, *each.arguments) for each in tree]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('add_header X "{";', [("add_header", "X", "{")]),
        ("add_header X ';';", [("add_header", "X", ";")]),
        ('add_header X "";', [("add_header", "X", '""')]),
        ("log_format a 'b\nc';", [("log_format", "a", "b\nc")]),
        ("# user a;\nuser b; # c", [("user", "b")]),
        ("set $a ${b}c;", [("set", "$a", "${b}c")]),
        ("include;", [("include",)]),
        (";user b;", [("user", "b")]),
    ],
)
def test_words(text: str, words: list[tuple[str, ...]]) -> None:
    """Quotes hold what else ends a directive, and a comment ends with its line."""
    assert read(text) == words


def test_files_are_included_in_their_order() -> None:
    """What a pattern names stands in its place, and nothing of a folder below."""
    given = {"d/b.conf": "user b;", "d/a.conf": "user a;", "d/x/c.conf": "user c;"}
    assert read("include d/*.conf;", **given) == [("user", "a"), ("user", "b")]
    assert read("include /etc/nginx/d/x/*;", **given) == [("user", "c")]
    assert read("include nothing/*; user d;", **given) == [("user", "d")]


def test_a_relative_include_starts_where_nginx_was_built_for() -> None:
    """That may be another folder than that of the main file."""
    said = printed(section("", "@@ base /etc/nginx/x\n", **{"x/c.conf": "", "c.conf": ""}))
    assert included("c.conf", said) == ["/etc/nginx/x/c.conf"]
    assert included("/etc/nginx/c.conf", said) == ["/etc/nginx/c.conf"]


def test_lua_is_one_text() -> None:
    """Its braces are none of nginx's, and somebody wrote it here."""
    (block,) = parsed(printed(section("access_by_lua_block {\n if a then { b } end\n}")))
    (code,) = block.block or ()
    assert code == Directive("code", ("if a then { b } end",), f"{MAIN}:3", own=True)


def test_servers_of_one_name_are_told_by_their_port() -> None:
    """The port is what stands behind the last colon of `listen`, and 80 without one."""
    text = "".join(
        f"server {{ server_name shop; root /a; {listen} }}"
        for listen in ("listen 443;", "listen 127.0.0.1:8080;", "")
    )
    tree = parsed(printed(section(text)))
    names = host_names(tree, DIALECT)
    assert [names[id(each)] for each in hosts(tree, "server")] == ["shop", "shop :8080", "shop :80"]
