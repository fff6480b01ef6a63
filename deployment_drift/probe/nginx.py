"""nginx's configuration: its files, which `sh/web_nginx.sh` prints, as directives."""

import re
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from typing import NamedTuple

from deployment_drift.probe.directives import Dialect, Directive
from deployment_drift.probe.printed import Line, Printed

TOKEN = re.compile(
    r"""\s+|\#[^\n]*|"((?:\\.|[^"\\])*)"|'((?:\\.|[^'\\])*)'|[{};]|(?!["'])(?:\$\{[^}]*\}|\\.|[^\s;{}])+""",
    re.DOTALL,
)
# Directives whose first argument belongs to their name.
NAMED_BY_FIRST = re.compile(
    r"add_(header|trailer)|allow|deny|env|error_page|(fastcgi|proxy)_(cache_(path|valid)|hide_header)"
    r"|(fastcgi|scgi|uwsgi)_param|(grpc|proxy)_set_header|limit_(conn|req)_zone|load_module"
    r"|log_format|rewrite|server|set|sub_filter"
)
SERVING = ("root", "alias", "fastcgi_pass", "proxy_pass", "uwsgi_pass", "scgi_pass", "grpc_pass")


class Token(NamedTuple):
    """A word or one of `{};`, and where it stands."""

    text: str
    quoted: bool
    line: Line


def parsed(said: Printed) -> tuple[Directive, ...]:
    """Return the directives of all files of every nginx here, included ones in their places."""
    mains = dict.fromkeys(said.said.get("main", ()))
    each = [Printed(said.files, {**said.said, "main": (main,)}) for main in mains]
    return tuple(found for one in each for found in _block(_tokens(one, one.one("main")), one))


def _tokens(said: Printed, file: str) -> Iterator[Token]:
    rest = ""
    for line in said.files.get(file, ()):
        text, at = rest + line.text, 0
        rest = ""
        while at < len(text):
            match = TOKEN.match(text, at)
            if match is None:  # a quotation that ends on another line
                rest = text[at:] + "\n"
                break
            at = match.end()
            if not match[0].isspace() and not match[0].startswith("#"):
                yield Token(match[1] or match[2] or match[0], match[0][0] in "\"'", line)


def _block(tokens: Iterator[Token], said: Printed) -> Iterator[Directive]:
    words: list[Token] = []
    for token in tokens:
        if token.quoted or token.text not in "{};":
            words.append(token)
        elif token.text == ";":
            yield from _simple(words, said)
            words = []
        elif token.text == "}":
            return
        elif words:
            code = words[0].text.endswith("_by_lua_block")
            inner = _code(tokens) if code else _block(tokens, said)
            yield _directive(words, said, tuple(inner))
            words = []


def _code(tokens: Iterator[Token]) -> Iterator[Directive]:
    """Read a block of Lua, whose braces are none of nginx's."""
    depth, words = 1, list[str]()
    for token in tokens:
        depth += {"{": 1, "}": -1}.get(token.text, 0)
        if not depth:
            yield Directive("code", (" ".join(words),), token.line.at, own=True)
            return
        words.append(token.text)


def _directive(
    words: Sequence[Token], said: Printed, block: tuple[Directive, ...] | None
) -> Directive:
    name, line = words[0].text, words[0].line
    arguments = tuple(word.text for word in words[1:])
    return Directive(name, arguments, line.at, said.own(line.file), block)


def _simple(words: Sequence[Token], said: Printed) -> Iterator[Directive]:
    if len(words) > 1 and words[0].text == "include":
        for file in included(words[1].text, said):
            yield from _block(_tokens(said, file), said)
    elif words:
        yield _directive(words, said, None)


def included(pattern: str, said: Printed) -> list[str]:
    """Return the files that an `include` stands for, in the order in which they are read."""
    base = said.one("base") or said.one("main").rpartition("/")[0]
    full = pattern if pattern.startswith("/") else f"{base}/{pattern}"
    parts = full.count("/")
    return sorted(f for f in said.files if fnmatchcase(f, full) and f.count("/") == parts)


def _subjects(directive: Directive) -> int:
    return 1 if NAMED_BY_FIRST.fullmatch(directive.name) else 0


def _port(server: Directive) -> str:
    return re.sub(r".*:", "", server.first("listen") or "80")


DIALECT = Dialect(
    subjects=_subjects,
    ordered=(("allow", "deny"), ("rewrite",)),
    serving=SERVING,
    host="server",
    name="server_name",
    port=_port,
    patterns=("location ~",),
)
