"""What everything on a host stands on: its distribution, its kernel, and how both were set up."""

import hashlib
import re
import shlex
from collections import Counter
from collections.abc import Iterator
from typing import Any

from deployment_drift.probe.changes import Changes
from deployment_drift.probe.collect import Facts
from deployment_drift.probe.settings import files
from deployment_drift.records import item

Entries = dict[str, Any]
COMMON_SETS = (  # whose absence was reported to break an application
    *("GBK", "GB18030", "BIG5", "SJIS", "CP932", "EUC-JP", "EUC-KR", "ISO8859-1", "ISO8859-15"),
    *("CP1251", "CP1252", "KOI8-R", "UTF-16", "ISO-2022-JP"),
)
NAMED = {"/etc/crontab"}  # where the user stands in the line, as in /etc/cron.d
MACRO = re.compile(r"@\w+")
ASSIGNMENT = re.compile(r"\w+\s*=")
UNLIMITED = 2**60  # what version 1 of cgroups says where there is no limit is more
PLENTY = 100_000  # open files on the whole host
MOUNTED = re.compile(r"ro|rw|noexec|nfs\d?|cifs|9p|virtiofs|vboxsf|fuse\.\w+")
FULL, NEARLY_FULL = 0.01, 0.05
ENOUGH = "enough room"
USUAL_WEIGHT, USUAL_SHARES = "100", "1024"  # of cgroups' versions 2 and 1
LONGEST = 300  # letters of a job's commands that are told


class System:
    """The operating system of one host."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts

    @property
    def kernel(self) -> str | None:
        """The kernel's release, as `6.1.0-18-amd64`."""
        said = self._facts.text("kernel")
        return said and said.split()[1]

    @property
    def architecture(self) -> str | None:
        """The CPU's architecture, as `x86_64`."""
        said = self._facts.text("kernel")
        return said and said.split()[2]

    @property
    def distribution(self) -> str | None:
        """Name and version, `debian 13`; None where the host does not say."""
        said = self._facts.text("os-release")
        if said is None:
            return None
        pairs = dict(word.split("=", 1) for word in shlex.split(said, comments=True) if "=" in word)
        return f"{pairs.get('ID', '')} {pairs.get('VERSION_ID', '')}".strip()

    @property
    def shell(self) -> str | None:
        """What /bin/sh really is."""
        return self._facts.line("shell")

    @property
    def language(self) -> str:
        """LC_ALL, else LANG, as a program that is started there finds it."""
        return self._facts.text("language") or ""

    @property
    def web_user(self) -> int | None:
        """The number of www-data; None where there is no such user."""
        said = self._facts.text("web-user")
        return None if said is None else int(said)

    @property
    def zone(self) -> str | None:
        """The time zone by its letters, as `UTC` or `JST`."""
        return (self._pairs("time-zone") or {}).get("clock")

    @property
    def time_zone(self) -> Entries | None:
        """The time zone by who says it; /etc/timezone only where it contradicts /etc/localtime."""
        said = self._pairs("time-zone")
        if said and said.get("/etc/timezone") == said.get("/etc/localtime"):
            said.pop("/etc/timezone", None)
        return said

    @property
    def locales(self) -> Entries | None:
        """Every locale that programs can be told to use."""
        said = self._facts.text("locales")
        return None if said is None else dict.fromkeys(said.split(), "there")

    @property
    def character_sets(self) -> Entries | None:
        """The character sets that iconv can load: the usual ones by name, all of them by number."""
        said = self._facts.text("character-sets")
        if said is None:
            return None
        found = set(said.split())
        digest = hashlib.sha256(" ".join(sorted(found)).encode()).hexdigest()[:12]
        usual = {name: "there" if name in found else "missing" for name in COMMON_SETS}
        return {**usual, "all": f"{len(found)} sets, {digest}"}

    @property
    def certificates(self) -> Entries | None:
        """How many authorities are trusted, their digest, and those that were added here."""
        said = self._pairs("certificates")
        return said and {
            name: item(value, at=name, own=True) if name.startswith("/") else value
            for name, value in said.items()
        }

    @property
    def host_names(self) -> Entries | None:
        """Addresses by name from /etc/hosts, the first of which counts, without the own name."""
        said = self._facts.text("hosts-names")
        if said is None:
            return None
        found: dict[str, list[str]] = {}
        for name, _, addresses in (line.partition(" ") for line in said.splitlines()):
            found.setdefault(name, []).extend(addresses.split())
        return {
            name: item(", ".join(addresses), at="/etc/hosts", own=True)
            for name, addresses in found.items()
            if addresses
        }

    @property
    def resolver(self) -> Entries | None:
        """How names are looked up: search list, options, the servers, the own domain."""
        return self._pairs("resolver")

    @property
    def accounts(self) -> Entries | None:
        """The users of services: number, groups, shell and home by name."""
        said = self._facts.text("accounts")
        if said is None:
            return None
        rows = (line.split(" ", 4) for line in said.splitlines() if line.count(" ") > 3)  # noqa: PLR2004 -- name, number, groups, shell, home
        return {
            name: f"{uid}, {_sorted(groups)}, {shell}, home {home}"
            for name, uid, groups, shell, home in rows
        }

    @property
    def kernel_parameters(self) -> Entries | None:
        """Parameters of the kernel that matter to a web server, by sysctl's names."""
        said = self._pairs("kernel-parameters")
        return said and {name: _plenty(name, value) for name, value in said.items()}

    @property
    def jobs(self) -> Entries | None:
        """What /etc's cron runs, by program and argument: `{"php job.php": "* * * * * root …"}`."""
        said, folders = self._facts.text("crontabs"), self._facts.text("cron-folders")
        if said is None and folders is None:
            return None
        return {**self._scheduled(said or ""), **self._in_folders(folders or "")}

    @property
    def user_jobs(self) -> Entries | None:
        """What users had cron or at(1) run; only root sees that of everybody."""
        said, waiting = self._facts.text("user-crontabs"), self._facts.text("at-jobs")
        if said is None and waiting is None:
            return None
        return {**self._scheduled(said or ""), **_waiting(waiting or "")}

    def _scheduled(self, said: str) -> Entries:
        changes = Changes(self._facts)
        found: Entries = {}
        for place, lines in files(said).items():
            path, _, number = place.rpartition(":")
            if number == "end":
                found[f"{path}: end"] = item("no line end, so that cron ignores it", path, own=True)
                continue
            for _, line in lines:
                key, value = job(line, named=path in NAMED or path.startswith("/etc/cron.d/"))
                key = f"{key} in {path}" if key.isidentifier() else key
                found[_free(key, found)] = item(value, at=place, own=changes.is_own(path))
        return found

    def _in_folders(self, said: str) -> Entries:
        changes = Changes(self._facts)
        paths = Counter(path for path in said.split("\n") if path)
        return {
            path: item(_run(times), at=path, own=times > 1 or changes.is_own(path))
            for path, times in paths.items()
        }

    @property
    def timers(self) -> Entries | None:
        """Timers of systemd that were switched on, as packages do, or written here."""
        said = self._facts.text("timers")
        lines = (said or "").splitlines()
        own = {line.partition(" ")[0] for line in lines if line.endswith(" own")}
        names = (line.partition(" ")[0] for line in lines)
        return None if said is None else {n: item("there", own=n in own) for n in names}

    @property
    def disks(self) -> Entries | None:
        """Whether a disk is full, nearly full or has room, for bytes and for files."""
        disks, inodes = self._facts.text("disks"), self._facts.text("inodes")
        if disks is None:
            return None
        return {**_room(disks, ""), **_room(inodes or "", ", number of files")}

    @property
    def mounts(self) -> Entries | None:
        """How folders are mounted that programs write to: read-only, without execution."""
        said = self._pairs("mounts")
        return said and {path: _options(options) for path, options in said.items()}

    @property
    def memory(self) -> Entries | None:
        """Memory and swap in whole gigabytes, as equal machines differ a little, and processors."""
        said = self._pairs("memory")
        names = {"MemTotal:": "memory", "SwapTotal:": "swap"}
        told = {names[name]: size for name, size in (said or {}).items() if name in names}
        sizes = {name: f"{-(-int(size.split()[0]) // 2**20)} GB" for name, size in told.items()}
        processors = (said or {}).get("Cpus_allowed_list:")
        return said and sizes | ({"processors": _count(processors)} if processors else {})

    @property
    def cgroup(self) -> Entries | None:
        """Limits of the control group, in memory, CPUs and processes; None where there is none."""
        said = self._pairs("cgroup")
        return limits(said) if said else None

    def _pairs(self, section: str) -> dict[str, str] | None:
        said = self._facts.text(section)
        if said is None:
            return None
        rows = (line.partition(" ") for line in said.splitlines())
        return {name: " ".join(value.split()) for name, _, value in rows if value.strip()}


def _run(times: int) -> str:
    """Tell what becomes of a file in a folder of cron's; one told twice is not executable."""
    return "there" if times == 1 else "there, but not executable, so that it is never run"


def job(line: str, *, named: bool) -> tuple[str, str]:
    """Return what a line of a crontab runs, by program and argument, and the whole line.

    named: whether the user stands in it.
    """
    text = " ".join(line.replace("\r", " (CR)").split())
    if ASSIGNMENT.match(text):
        return text.partition("=")[0].strip(), text
    words = text.split()
    command = words[(1 if MACRO.match(text) else 5) + named :]
    program = command[0].rpartition("/")[2] if command else ""
    return " ".join([program, *command[1:]])[:80], text


def _waiting(said: str) -> Entries:
    """Return what at(1) is to run once, and incron when a file changes; long commands as a digest.

    When it is to run is not told: a job that asks for the next one has another time everywhere.
    """
    found: Entries = {}
    for line in said.splitlines():
        user, _, rest = line.partition("\t")
        place, _, commands = rest.partition("\t")
        digest = hashlib.sha256(commands.encode()).hexdigest()[:12]
        told = commands if len(commands) <= LONGEST else f"{commands[:60]}… {digest}"
        at = "at" if place.startswith("/") else place
        key = _free(f"{at}: {commands[:60]}", found)
        found[key] = item(f"by {user} in {place}: {told}", own=True)
    return found


def limits(said: dict[str, str]) -> Entries:
    """Return the limits of a control group of either version in the same words."""
    quota, _, period = said.get("cpu.max", "").partition(" ")
    quota, period = (
        quota or said.get("cpu.cfs_quota_us", ""),
        period or said.get("cpu.cfs_period_us", ""),
    )
    memory = said.get("memory.max") or said.get("memory.limit_in_bytes", "")
    cpus = f"{int(quota) / int(period):g}" if quota.isdigit() and period.isdigit() else "unlimited"
    more = {name: value for name, value in _rarely(said) if value}
    return more | {
        "memory": f"{int(memory) // 2**20} MB" if _limited(memory) else "unlimited",
        "CPUs": cpus,
        "processes": said["pids.max"] if _limited(said.get("pids.max", "")) else "unlimited",
    }


def _rarely(said: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Give limits that are told where somebody has set them only."""
    high, swap = said.get("memory.high", ""), said.get("memory.swap.max", "")
    both = said.get("memory.memsw.limit_in_bytes", "")
    yield "memory that slows down", f"{int(high) // 2**20} MB" if _limited(high) else ""
    yield "swap", f"{int(swap) // 2**20} MB" if _limited(swap) else ""
    yield "memory and swap", f"{int(both) // 2**20} MB" if _limited(both) else ""
    weight = said.get("cpu.weight", USUAL_WEIGHT)
    yield "share of the CPUs", f"{weight} of 100" if weight != USUAL_WEIGHT else ""
    shares = said.get("cpu.shares", USUAL_SHARES)
    yield (
        "share of the CPUs",
        f"{int(shares) * 100 // 1024} of 100" if shares != USUAL_SHARES else "",
    )


def _count(ranges: str) -> str:
    """Return how many processors `0-2,7` are."""
    pairs = (each.partition("-") for each in ranges.split(","))
    return str(sum(int(last or first) - int(first) + 1 for first, _, last in pairs))


def _plenty(name: str, value: str) -> str:
    """Return a parameter; the number of open files, which follows from the memory, as a class."""
    return "plenty" if name == "fs.file-max" and int(value) >= PLENTY else value


def _limited(value: str) -> bool:
    return value.isdigit() and int(value) < UNLIMITED


def _free(key: str, taken: Entries) -> str:
    return key if key not in taken else _free(f"{key} (again)", taken)


def _sorted(groups: str) -> str:
    return " ".join(sorted(groups.split(",")))


def _options(options: str) -> str:
    """Return what decides; a size as its next power of two, for one of memory differs a little."""
    told = [word for word in re.split("[ ,]", options) if MOUNTED.fullmatch(word)]
    size = re.search(r"(?:^|,)size=(\d+)k", options)
    megabytes = -(-int(size[1]) // 1024) if size else 0
    return ", ".join([*told, *([f"up to {1 << (megabytes - 1).bit_length()} MB"] if size else [])])


def _room(said: str, suffix: str) -> Entries:
    rows = (line.split() for line in said.splitlines())
    sizes = ((path, int(total), int(free)) for path, total, free in rows if total.isdigit())
    found = {path: _class(free / total) for path, total, free in sizes if total}
    # a further volume with room is one of the mounts
    return {
        path + suffix: room
        for path, room in found.items()
        if room != ENOUGH or path.count("/") == 1
    }


def _class(share: float) -> str:
    if share < FULL:
        return "full"
    return "nearly full" if share < NEARLY_FULL else ENOUGH
