"""What runs on a host as a service: limits, ports, folders for writing."""

import re
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from deployment_drift.probe.collect import Facts
from deployment_drift.probe.databases import Databases
from deployment_drift.probe.printed import steady
from deployment_drift.probe.system import System
from deployment_drift.records import item

Entries = dict[str, Any]
LIMIT = re.compile(r"Max ([a-z ]+?)  +(\w+) +(\w+)")
UMASK = re.compile(r"^Umask:\s*(\d+)", re.MULTILINE)
FEW_PROCESSES = 4096  # more follows from the size of the memory
FEW = ("processes", "pending signals")
RIGHTS = re.compile(r"^(CapEff|CapBnd|NoNewPrivs|Seccomp):\s*(\w+)", re.MULTILINE)
CAPABILITIES = (  # by the kernel's numbers
    *("chown", "dac_override", "dac_read_search", "fowner", "fsetid", "kill", "setgid", "setuid"),
    *("setpcap", "linux_immutable", "net_bind_service", "net_broadcast", "net_admin", "net_raw"),
    *("ipc_lock", "ipc_owner", "sys_module", "sys_rawio", "sys_chroot", "sys_ptrace", "sys_pacct"),
    *("sys_admin", "sys_boot", "sys_nice", "sys_resource", "sys_time", "sys_tty_config", "mknod"),
    *("lease", "audit_write", "audit_control", "setfcap", "mac_override", "mac_admin", "syslog"),
    *("wake_alarm", "block_suspend", "audit_read", "perfmon", "bpf", "checkpoint_restore"),
)
CONTAINERS = (  # what Docker leaves to one
    *("chown", "dac_override", "fowner", "fsetid", "kill", "setgid", "setuid", "setpcap"),
    *("net_bind_service", "net_raw", "sys_chroot", "mknod", "audit_write", "setfcap"),
)
RANK = re.compile(r"^(Nice|Policy|Oom|Cpus_allowed_list|Groups of \S+):[ \t]*(\S.*)", re.MULTILINE)
RANKS = {
    "Nice": "niceness",
    "Policy": "scheduling policy",
    "Oom": "adjustment of the OOM killer",
    "Cpus_allowed_list": "processors",
}
UNRANKED = ("Nice", "Policy", "Oom")  # are 0 where nobody has set them
TOLD = {
    *("open files", "address space", "data size", "file size", "stack size", "cpu time"),
    *("locked memory", "core file size", "msgqueue size", "nice priority", "realtime priority"),
}
FIRST = "first process"
STALE = {
    "services-replaced": "older than what is there now",
    "services-stale": "changed after it was read",
}
EPHEMERAL = 32768  # ports from here on are drawn by lot
ENGINE = "0B00007F"  # 127.0.0.11, an engine's own name server, on another port every time
LOCAL = ("0100007F", "00000000000000000000000001000000", "0000000000000000FFFF00000100007F")


class Services:
    """The services of one host, as its processes show them."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts

    @property
    def names(self) -> Entries | None:
        """The programs that run, as whom a worker does, and what they were started with."""
        said = self._facts.text("services")
        rows = (line.partition(" ")[2].split("\t") for line in (said or "").splitlines())
        begun: dict[str, set[str]] = {}
        for name, *more in rows:
            begun.setdefault(name, set()).update([self._begun(*more)] if more else [])
        found = {name: "runs" + ", and".join(sorted(begun[name])) for name in begun if name}
        return None if said is None else found

    def _begun(self, user: str, arguments: str) -> str:
        who = f" as {self._users.get(user, user)}" if user else ""
        return steady(f"{who} with {arguments}" if arguments else who)

    @cached_property
    def _users(self) -> dict[str, str]:
        accounts = System(self._facts).accounts or {}
        return {"0": "root", **{told.partition(",")[0]: name for name, told in accounts.items()}}

    @property
    def stale(self) -> Entries | None:
        """Services that run with an older configuration, program or release than is there."""
        told = {
            re.sub(r"[\d.]+$", "", name): item(what, f"/{file}", own=True)
            for section, what in STALE.items()
            for name, _, file in self._places(section)
        }
        return told or None

    def _places(self, section: str) -> Iterator[tuple[str, str, str]]:
        return (line.partition(" /") for line in (self._facts.text(section) or "").splitlines())

    @property
    def limits(self) -> Entries | None:
        """Limits of the first process, and of each service those in which it has others."""
        said = self._facts.text("service-limits")
        if said is None:
            return None
        found: dict[str, dict[str, str]] = {}
        for name, _, text in (part.partition("\n") for part in said.split("@@ ")[1:]):
            found.setdefault(name, {}).update(_limits(text))
        usual = found.get(FIRST, {})
        other = {name: _without(each, usual) for name, each in found.items() if name != FIRST}
        usual.pop("processors", None)  # the system's are told
        return {FIRST: usual, **{name: each for name, each in other.items() if each}}

    @property
    def ports(self) -> Entries | None:
        """Who listens: `{"tcp 80": "nginx, for everybody"}`; the name where it may be seen.

        Of a file at which a service listens it is told who may speak to it.
        """
        said, listening = self._facts.text("sockets"), self._facts.text("listening-files")
        if said is None and listening is None:
            return None
        return {**self._tcp(said or ""), **_files(listening or "")}

    def _tcp(self, said: str) -> Entries:
        rows = [line.split() for line in said.splitlines() if not line.startswith(ENGINE)]
        found: dict[str, set[str]] = {}
        for address, inode in rows:
            host, _, port = address.partition(":")
            if int(port, 16) < EPHEMERAL:
                found.setdefault(f"tcp {int(port, 16)}", set()).add(self._listener(host, inode))
        return {port: " and ".join(sorted(found[port])) for port in sorted(found)}

    def _listener(self, host: str, inode: str) -> str:
        who = "for this host only" if host in LOCAL else "for everybody"
        program = self._owners.get(inode, "")
        return f"{program}, {who}" if program else who

    @cached_property
    def _owners(self) -> dict[str, str]:
        said = self._facts.text("socket-owners") or ""
        rows = (line.partition(" ") for line in said.splitlines())
        return {inode: re.sub(r"[\d.]+$", "", name) for inode, _, name in rows}

    @property
    def databases(self) -> Entries | None:
        """Settings in effect of databases and caches that run here, by service and name."""
        return Databases(self._facts).settings

    @property
    def folders(self) -> Entries | None:
        """Folders that PHP writes to: owner, mode, and whether the web server's user can write."""
        said = self._facts.text("written-folders")
        if said is None:
            return None
        missing = dict.fromkeys(re.findall(r"^missing (.*)/\.$", said, re.MULTILINE), "missing")
        rows = re.findall(r"^d(\S+) +\S+ +(\S+) +(\S+) .* (/.*)/\.$", said, re.MULTILINE)
        return {**missing, **{path: self._folder(mode, *who) for mode, *who, path in rows}}

    @property
    def base(self) -> Entries | None:
        """Who may use what every program needs: devices, the system's folders and files."""
        said = self._facts.text("base-access")
        rows = (line.split() for line in (said or "").splitlines())
        told = {path: _access(*who) if len(who) > 1 else who[0] for path, *who in rows}
        return None if said is None else told

    def _folder(self, mode: str, user: str, group: str) -> str:
        web = "www-data" if "www-data" in (System(self._facts).accounts or {}) else "the web server"
        writer = mode[1] if user == web else mode[4] if group == web else mode[7]
        return f"{user}:{group} {mode}, {web} {'can' if writer == 'w' else 'cannot'} write"


def _files(said: str) -> Entries:
    """Return who may speak to what listens at a file; what has lost its file hears nobody."""
    rows = (line.split() for line in said.splitlines())
    return {path: _access(*who) if len(who) > 1 else "its file is missing" for path, *who in rows}


def _access(owner: str, mode: str, number: str = "") -> str:
    return f"{owner} {mode}{' device ' * bool(number)}{number}"


def _limits(text: str) -> list[tuple[str, str]]:
    rows = LIMIT.findall(text)
    told = [
        (name, soft if soft == hard else f"{soft}, at most {hard}")
        for name, soft, hard in rows
        if name in TOLD
    ]
    few = [(name, soft) for name, soft, _ in rows if name in FEW and soft.isdigit()]
    return [
        *told,
        *((name, soft) for name, soft in few if int(soft) <= FEW_PROCESSES),
        *(("umask", mask) for mask in UMASK.findall(text)),
        *_rights(dict(RIGHTS.findall(text))),
        *(
            (RANKS.get(name, name.lower()), value)
            for name, value in RANK.findall(text)
            if value != "0" or name not in UNRANKED
        ),
    ]


def _rights(said: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Tell what a process may do of what only root may; those of another user may nothing."""
    bound = int(said.get("CapBnd", "0"), 16)
    if "CapBnd" in said:
        yield "capabilities", _capabilities(bound)
    if int(said.get("CapEff", "0"), 16) not in {0, bound}:
        yield "capabilities in effect", _capabilities(int(said["CapEff"], 16))
    if said.get("NoNewPrivs") == "1":
        yield "new privileges", "refused, so that sudo and set-uid programs fail"
    if said.get("Seccomp", "0") != "0":
        yield "system calls", "not all are allowed"


def _capabilities(bits: int) -> str:
    """Return those that a process has: all, what Docker gives, or none, with what is not so."""
    if bits and not bits & (bits + 1):
        return "all"  # as many as this kernel knows
    found = {name for at, name in enumerate(CAPABILITIES) if bits >> at & 1}
    usual = {"all": {*CAPABILITIES}, "those of a container": {*CONTAINERS}, "none": set[str]()}
    name = min(usual, key=lambda name: len(usual[name] ^ found))
    more, less = sorted(found - usual[name]), sorted(usual[name] - found)
    words = ["with " + ", ".join(more)] * bool(more) + ["without " + ", ".join(less)] * bool(less)
    return ", ".join([name, *words])


def _without(limits: dict[str, str], usual: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in limits.items() if usual.get(name) != value}
