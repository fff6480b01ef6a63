"""Apache's configuration, its dump or its files (`sh/web_apache.sh`), as directives."""

import re
from collections.abc import Iterator, Sequence

from deployment_drift.probe.directives import MAIN, Dialect, Directive, host_names, hosts
from deployment_drift.probe.nginx import included
from deployment_drift.probe.printed import Line, Printed, meaningful, printed
from deployment_drift.records import JSON, item

WORD = re.compile(r""""((?:\\.|[^"\\])*)"|'((?:\\.|[^'\\])*)'|(\S+)""")
IN_FILE = re.compile(r"\s*# In file: (.*)")
AT_LINE = re.compile(r"\s*#\s*(\d+):$")
MODULE = re.compile(r" (\w+_module) \((\w+)\)$")
CONDITIONS = ("<if", "<else")  # <IfModule>, <IfDefine>, <If>, <Else>: what is in them counts
# Directives whose first argument belongs to their name.
NAMED_BY_FIRST = re.compile(
    r"add\w+|\w*alias(match)?|browsermatch|define|errordocument|listen|loadmodule"
    r"|(pass|set|unset)env(if)?|php_(admin_)?(flag|value)|proxypass(match|reverse)?|redirectmatch"
    r"|require|rewriterule"
)
PHP_VALUE = re.compile(r"php_(?:admin_)?(?:value|flag)", re.IGNORECASE)
SERVING = ("documentroot", "proxypass", "proxypassmatch", "alias", "sethandler")


def dumped(text: str) -> list[Line]:
    """Return the lines of Apache's dump, each with the file and the line that it came from."""
    file, number, lines = "", 0, []
    for told in text.partition("@@ dump\n")[2].split("\n"):
        if found := IN_FILE.match(told):
            file = found[1]
        elif at := AT_LINE.match(told):
            number = int(at[1])
        elif file and not told.startswith(("@@ ", "Loaded Modules:")) and not MODULE.match(told):
            lines.append(Line(file, number, told))
    return lines


def modules(text: str) -> dict[str, str]:
    """Return the modules that are loaded, `{"rewrite_module": "shared"}`."""
    loaded = {found[1]: found[2] for line in text.split("\n") if (found := MODULE.match(line))}
    loaded.pop("info_module", None)  # the dump itself loads it
    return loaded


def parsed(said: Printed, dump: Sequence[Line]) -> tuple[Directive, ...]:
    """Return the directives of a dump, or of all files where there is none."""
    return tuple(_block(iter(dump or list(_lines(said, said.one("main")))), said))


def directives(lines: Sequence[Line], said: Printed) -> tuple[Directive, ...]:
    """Return the directives of some lines, as those of an .htaccess."""
    return tuple(_block(meaningful(list(_joined(lines)), "#"), said))


def _lines(said: Printed, file: str) -> Iterator[Line]:
    for line in meaningful(list(_joined(said.files.get(file, ()))), "#"):
        words = _words(line.text)
        if words[0].lower() in ("include", "includeoptional"):
            for inner in included(words[-1], said):
                yield from _lines(said, inner)
        elif not line.text.lower().startswith((*CONDITIONS, "</if", "</else")):
            yield line


def _joined(lines: Sequence[Line]) -> Iterator[Line]:
    """Join lines that end with a backslash with the next one."""
    begun: Line | None = None
    for line in lines:
        text = (begun.text if begun else "") + line.text
        whole = Line(line.file, begun.number if begun else line.number, text.removesuffix("\\"))
        begun = whole if text.endswith("\\") else None
        if begun is None:
            yield whole


def _block(lines: Iterator[Line], said: Printed) -> Iterator[Directive]:
    conditions: list[str] = []
    for line in lines:
        text = line.text.strip()
        own = said.own(line.file)
        if text.startswith("</"):
            return
        if not text:
            continue
        if text.startswith("<"):
            name, *arguments = _words(text.strip("<>"))
            inner = tuple(_block(lines, said))
            yield Directive(name, tuple(arguments), line.at, own, inner)
            continue
        name, *arguments = _words(text)
        if name.lower() == "rewritecond":
            conditions.append(" ".join(arguments))
            continue
        if name.lower() == "rewriterule" and conditions:
            arguments = [*arguments, "if", " and ".join(conditions)]
            conditions = []
        yield Directive(name, tuple(arguments), line.at, own)


def _words(text: str) -> list[str]:
    return [match[1] or match[2] or match[3] or "" for match in WORD.finditer(text)]


def _subjects(directive: Directive) -> int:
    name = directive.name.lower()
    if name in ("header", "requestheader"):
        return 3 if directive.arguments[:1] in (("always",), ("onsuccess",)) else 2
    return 1 if NAMED_BY_FIRST.fullmatch(name) else 0


def _port(host: Directive) -> str:
    return re.sub(r".*:", "", (host.arguments or ("80",))[0])


DIALECT = Dialect(
    subjects=_subjects,
    ordered=(("rewriterule",), ("redirect", "redirectmatch")),
    serving=SERVING,
    host="virtualhost",
    name="servername",
    port=_port,
)


def php_values(text: str) -> dict[str, dict[str, JSON]]:
    """Return PHP's settings as a virtual host sets them, by its name; those of all in `main`.

    A virtual host has what is set for all, for itself, and for the folder that it serves.
    """
    tree = parsed(printed(text), dumped(text))
    names = host_names(tree, DIALECT)
    common = _root(tree)
    found = {MAIN: _in_effect(tree, common)}
    for host in hosts(tree, DIALECT.host):
        block = host.block or ()
        found[names[id(host)]] = _in_effect([*tree, *block], _root(block) or common)
    return {
        name: {key: _php_item(each) for key, each in set_.items()} for name, set_ in found.items()
    }


def _root(block: Sequence[Directive]) -> str:
    roots = (each.arguments[0] for each in block if each.name.lower() == "documentroot")
    return next(roots, "")


def _in_effect(block: Sequence[Directive], folder: str) -> dict[str, Directive]:
    """Return the last directive for each setting; an administrator's cannot be overridden."""
    found: dict[str, Directive] = {}
    for each in (*block, *_of_folder(block, folder)):
        if PHP_VALUE.fullmatch(each.name) and len(each.arguments) > 1:
            before = found.get(each.arguments[0])
            if not before or "admin" not in before.name.lower() or "admin" in each.name.lower():
                found[each.arguments[0]] = each
    return found


def _of_folder(block: Sequence[Directive], folder: str) -> Iterator[Directive]:
    """Give what is set for a folder and those above it, from the outermost on."""
    inside = f"{folder}/"
    named = [each for each in block if each.name.lower() == "directory" and each.arguments]
    around = [each for each in named if inside.startswith(each.arguments[0].rstrip("/") + "/")]
    for each in sorted(around, key=lambda each: len(each.arguments[0])):
        yield from each.block or ()


def _php_item(directive: Directive) -> JSON:
    value = " ".join(directive.arguments[1:])
    if "flag" in directive.name.lower():
        value = "1" if value.lower() in {"on", "yes", "true", "1"} else "0"
    return item("" if value == "none" else value, directive.at, own=directive.own)
