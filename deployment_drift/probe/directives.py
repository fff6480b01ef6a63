"""A web server's configuration as directives, and the inventory that is compared."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from deployment_drift.probe.printed import steady
from deployment_drift.records import JSON, item


@dataclass(frozen=True, slots=True)
class Directive:
    """`name arguments`, and what stands in its block; `own` as in `item()`."""

    name: str
    arguments: tuple[str, ...]
    at: str = ""
    own: bool = False
    block: tuple["Directive", ...] | None = None

    def within(self, *names: str) -> Iterator["Directive"]:
        """Give the directives of these names in this block, however deep."""
        for inner in self.block or ():
            if inner.name.lower() in names:
                yield inner
            yield from inner.within(*names)

    def first(self, name: str) -> str:
        """Return the first argument of the first directive of this name, or ""."""
        return next((each.arguments[0] for each in self.within(name) if each.arguments), "")

    @property
    def title(self) -> str:
        """`location ~ [.]php$`: how a block is called."""
        return steady(" ".join((self.name, *self.arguments)))


@dataclass(frozen=True, slots=True)
class Dialect:
    """What one server's directives mean.

    subjects: how many arguments belong to the name, as of `fastcgi_param NAME value`.
    ordered: names of directives whose order among each other decides.
    patterns: begins of titles of blocks that are tried in their order, as of `location ~ [.]php$`.
    serving: names of directives by which a virtual host answers itself.
    host, name: the directives that begin a virtual host and name it; `port` is where it answers.
    """

    subjects: Callable[[Directive], int]
    ordered: tuple[tuple[str, ...], ...]
    serving: tuple[str, ...]
    host: str
    name: str
    port: Callable[[Directive], str]
    patterns: tuple[str, ...] = ()


Inventory = dict[str, dict[str, JSON]]
MAIN = "main"  # the block of what stands in none
ONLY = "server"  # how the only virtual host is called, whatever its name is
UNNAMED = {(MAIN,), ("http",), (ONLY,)}  # blocks that go without saying


def inventory(tree: Sequence[Directive], dialect: Dialect) -> Inventory:
    """Return `{block: {directive: item}}`; what stands in no block is in `main`."""
    found: Inventory = {}
    names = host_names(tree, dialect)
    _collect(tree, (MAIN,), dialect, names, found)
    return {block: entries for block, entries in found.items() if entries}


def _collect(
    tree: Sequence[Directive],
    path: tuple[str, ...],
    dialect: Dialect,
    names: Mapping[int, str],
    found: Inventory,
) -> None:
    block = _free(" ".join(path), found)
    simple = _entries([each for each in tree if each.block is None], dialect)
    found[block] = simple | _order_of_blocks(tree, dialect.patterns)
    for each in tree:
        if each.block is not None:
            outer = () if id(each) in names or path in UNNAMED else path
            inner = names.get(id(each), each.title)
            _collect(each.block, (*outer, inner), dialect, names, found)


def _free(block: str, found: Inventory) -> str:
    same = [block, *(f"{block} ({number})" for number in range(2, len(found) + 3))]
    return next(name for name in same if name not in found)


def _entries(directives: Sequence[Directive], dialect: Dialect) -> dict[str, JSON]:
    grouped: dict[str, list[Directive]] = {}
    for each in directives:
        grouped.setdefault(_key(each, dialect), []).append(each)
    entries = {key: _item(same, dialect) for key, same in grouped.items()}
    return entries | _orders(directives, dialect)


def _key(directive: Directive, dialect: Dialect) -> str:
    return steady(" ".join((directive.name, *directive.arguments[: dialect.subjects(directive)])))


def _item(same: Sequence[Directive], dialect: Dialect) -> JSON:
    values = [steady(" ".join(each.arguments[dialect.subjects(each) :])) or "set" for each in same]
    value: JSON = values[0] if len(values) == 1 else values
    return item(value, same[-1].at, own=any(each.own for each in same))


def _orders(directives: Sequence[Directive], dialect: Dialect) -> dict[str, JSON]:
    """Tell the order of directives where it decides: the first that fits is taken."""
    orders: dict[str, JSON] = {}
    for names in dialect.ordered:
        same = [each for each in directives if each.name.lower() in names]
        if len(same) > 1:
            orders[f"order of {', '.join(names)}"] = item(
                [_key(e, dialect) for e in same], same[0].at
            )
    return orders


def _order_of_blocks(tree: Sequence[Directive], patterns: tuple[str, ...]) -> dict[str, JSON]:
    same = [each for each in tree if each.block is not None and each.title.startswith(patterns)]
    titles: list[JSON] = [each.title for each in same]
    told = item(titles, same[0].at, own=any(each.own for each in same)) if len(same) > 1 else None
    return {"order of patterns": told} if told else {}


def hosts(tree: Sequence[Directive], name: str) -> Iterator[Directive]:
    """Give the blocks of virtual hosts, which `name` begins, however deep."""
    for each in tree:
        if each.name.lower() == name and each.block is not None:
            yield each
        yield from hosts(each.block or (), name)


def host_names(tree: Sequence[Directive], dialect: Dialect) -> dict[int, str]:
    """Call virtual hosts the same on every host: the only one that serves is `server`.

    Its name is often another one on each host, as shop.test and shop.example, and so is what
    the distribution left beside it.
    """
    every = list(hosts(tree, dialect.host))
    roles = [_role(host, dialect) for host in every]
    own = Counter(role for host, role in zip(every, roles, strict=True) if host.own)
    names: dict[int, str] = {}
    for host, role in zip(every, roles, strict=True):
        alone = len(every) == 1 or (host.own and own[role] == 1)
        name = role if alone else _spoken(host, dialect)
        names[id(host)] = name if name not in names.values() else f"{name} :{dialect.port(host)}"
    return names


def _role(host: Directive, dialect: Dialect) -> str:
    return ONLY if any(host.within(*dialect.serving)) else "redirect"


def _spoken(host: Directive, dialect: Dialect) -> str:
    name = host.first(dialect.name)
    return "default server" if name in ("", "_") else name
