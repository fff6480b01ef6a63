"""The inventory that is made of a web server's directives."""

from typing import Any

from deployment_drift.probe.directives import Directive, inventory
from deployment_drift.probe.nginx import DIALECT


def block(name: str, *inner: Directive, at: str = "") -> Directive:
    """Return a block with what stands in it."""
    head, *arguments = name.split()
    return Directive(head, tuple(arguments), at, block=inner)


def line(text: str, at: str = "") -> Directive:
    """Return a directive, `name arguments`."""
    name, *arguments = text.split()
    return Directive(name, tuple(arguments), at)


def told(*tree: Directive) -> dict[str, dict[str, Any]]:
    """Return the inventory of nginx, each value with where it is set."""
    made: Any = inventory(tree, DIALECT)
    return {name: {k: (v["is"], v["at"]) for k, v in each.items()} for name, each in made.items()}


def test_a_directive_alone_is_set() -> None:
    """What has no argument is there, or it is not."""
    assert told(line("ip_hash", "/a:1")) == {"main": {"ip_hash": ("set", "/a:1")}}


def test_blocks_of_one_name_are_counted() -> None:
    """A second block of the same name gets a number, and so does a third."""
    three = [block("upstream php", line(f"server 10.0.0.{n}")) for n in (1, 2, 3)]
    assert list(told(*three)) == ["upstream php", "upstream php (2)", "upstream php (3)"]


def test_an_order_stands_where_it_begins() -> None:
    """Where the first that fits is taken, the order is told, with the place of the first."""
    tree = (line("rewrite ^/a /b", "/a:1"), line("rewrite ^/b /c", "/a:2"), line("root /x", "/a:3"))
    orders = {k: v for k, v in told(*tree)["main"].items() if k.startswith("order of ")}
    assert [at for _, at in orders.values()] == ["/a:1"]
    assert [len(value) for value, _ in orders.values()] == [2]


def test_a_host_without_a_name_is_the_default() -> None:
    """Of several virtual hosts, one whose name says nothing is the default server."""
    here = [
        block("server", line("listen 80"), line(f"{name}"), line("root /x"))
        for name in ("server_name _", "server_name shop", "index a")
    ]
    names = [name for name in told(*here) if name != "main"]
    assert names == ["default server", "shop", "default server :80"]


def test_what_is_not_there_has_no_first_argument() -> None:
    """The first argument of nothing is nothing."""
    assert block("server", line("listen 80")).first("server_name") == ""
    assert block("server", line("server_name"), line("server_name b")).first("server_name") == "b"
