"""What a host serves: its web servers and what they answer, and the way that its mails take."""

import re
from functools import cached_property

from deployment_drift.errors import UnknownError
from deployment_drift.probe import apache, nginx
from deployment_drift.probe.collect import Facts
from deployment_drift.probe.directives import Inventory, inventory
from deployment_drift.probe.printed import meaningful, printed
from deployment_drift.probe.questions import GROUP, WebPage
from deployment_drift.records import JSON, item

SERVERS = {
    "apache": "Apache",
    "httpd": "Apache",
    "caddy": "Caddy",
    "haproxy": "HAProxy",
    "litespeed": "LiteSpeed",
    "lshttpd": "LiteSpeed",
    "openlitespeed": "LiteSpeed",
    "php": "PHP's built-in server",
    "unitd": "nginx Unit",
    "varnishd": "Varnish",
}
WHOSE = ("subject", "issuer")
LISTENS_NOT = "0B00007F"  # 127.0.0.11, an engine's own name server, on another port every time


class WebServers:
    """What `host.webservers` gives; None stands for what is not there."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts

    @cached_property
    def running(self) -> JSON:
        """The web servers that run, `{"nginx": "1.26.3"}`; of others, how they were started."""
        text = self._facts.text("web-servers")
        if text is None:
            return None
        versions = {"nginx": self.version("nginx"), "Apache": self.version("apache")}
        started = re.findall(r"^@@ server (\S+) (.*)$", text, re.MULTILINE)
        names = [(SERVERS.get(name, name), how.strip()) for name, how in started]
        return {name: versions.get(name) or how for name, how in names}

    def version(self, server: str) -> str | None:
        """Return the version of `nginx` or `apache`, `2.4.65`; None where it does not run."""
        text = self._facts.text(server)
        return None if text is None else printed(text).one("version")

    @cached_property
    def nginx(self) -> Inventory | None:
        """The directives of nginx: `{"server": {"client_max_body_size": item}}`."""
        text = self._facts.text("nginx")
        return None if text is None else inventory(nginx.parsed(printed(text)), nginx.DIALECT)

    @cached_property
    def apache(self) -> Inventory | None:
        """The directives of Apache: `{"Directory /var/www/": {"AllowOverride": item}}`."""
        text = self._facts.text("apache")
        if text is None:
            return None
        return inventory(apache.parsed(printed(text), apache.dumped(text)), apache.DIALECT)

    @cached_property
    def modules(self) -> JSON:
        """The modules of nginx and Apache: `{"rewrite_module": "shared"}`."""
        built, loaded = self._facts.text("nginx"), self._facts.text("apache")
        if built is None and loaded is None:
            return None
        parts = [name.partition("=") for name in printed(built or "").said.get("module", ())]
        return {name: how or "built in" for name, _, how in parts} | apache.modules(loaded or "")

    @cached_property
    def others(self) -> Inventory | None:
        """The lines of the files with which other servers were started: `{file: {line: item}}`."""
        text = self._facts.text("web-servers")
        if text is None:
            return None
        said = printed(text)
        for name in said.said.get("unasked", ()):
            raise UnknownError(
                f"{SERVERS.get(name, name)} runs, and its configuration is not found"
            )
        if not said.files:
            return None
        return {
            file: {
                line.text: item("set", line.at, own=said.own(file)) for line in meaningful(lines)
            }
            for file, lines in said.files.items()
        }

    @cached_property
    def certificates(self) -> JSON:
        """Certificates of nginx and Apache: whose, by whom, how many are sent, and if they count.

        When they end is not told: each server has renewed its own on another day.
        """
        text = self._facts.text("web-certificates")
        if text is None:
            return None
        parts = (part.partition("\n") for part in f"\n{text}".split("\n@@ ")[1:])
        return {
            path: item(_certificate(count, said), at=path, own=True)
            for (path, _, count), said in ((h.partition(" "), s) for h, _, s in parts)
        }


def _certificate(count: str, said: str) -> str:
    if not count:
        return "missing"
    names = re.search(r"Subject Alternative Name:.*\n\s*(.*)", said)
    subject, issuer = (re.search(f"^{name}=(.*)", said, re.MULTILINE) for name in WHOSE)
    whose = names[1].replace("DNS:", "") if names else subject[1] if subject else ""
    told = [whose, f"by {issuer[1]}" if issuer else "", f"{count} sent" if count != "1" else ""]
    ended = "will not expire" not in said
    return ", ".join(filter(None, [*told, "expired" if ended else "valid"]))


class Mail:
    """What hands mails on from one host."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts

    @property
    def program(self) -> str | None:
        """What `sendmail` really is; None where there is none."""
        return self._facts.line("mail-program")

    @property
    def relay(self) -> str | None:
        """What msmtp is told, without its secrets."""
        return self._facts.line("mail-relay")

    @property
    def domain(self) -> str | None:
        """The name that mails from here carry."""
        return self._facts.line("mail-name")

    def answers(self, port: int) -> bool | None:
        """Return True where something listens on a port, by the kernel's table; else None."""
        rows = (self._facts.text("sockets") or "").splitlines()
        found = [row.split()[0] for row in rows if not row.startswith(LISTENS_NOT)]
        return any(int(address.rpartition(":")[2], 16) == port for address in found) or None


class Pages:
    """What `host.pages` gives."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts

    def answer(self, page: WebPage) -> JSON:
        """Return `{"status": 200, "content-type": "text/html", "body": "12"}`, as was asked for."""
        text = self._facts.text(page.section) or ""
        found: dict[str, JSON] = {}
        for kind, _, rest in (line.partition(" ") for line in text.split("\n") if line):
            if kind == "header":
                name, _, value = rest.partition(": ")
                found[name] = f"{found[name]}, {value}" if name in found else value
            else:
                found[kind] = int(rest) if kind == "status" else _grouped(rest)
        if "status" not in found:
            raise UnknownError(f"{page.label}: no status was told")
        return found


def _grouped(text: str) -> JSON:
    values = text.split(GROUP)
    return values if values[1:] else text
