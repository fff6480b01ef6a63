"""What everything stands on, as plain data: the same words for the same thing on every host."""

import pytest

from deployment_drift.errors import UnknownError
from deployment_drift.probe.collect import Answer, Facts, Section
from deployment_drift.probe.system import System, job, limits
from deployment_drift.records import item

NAMES = (
    *("config-as-brought", "config-owned", "crontabs", "user-crontabs", "cron-folders", "disks"),
    *("inodes", "character-sets", "accounts", "kernel-parameters", "certificates", "cgroup"),
    *("hosts-names", "mounts", "memory", "time-zone", "timers", "locales"),
    *("at-jobs",),
)


def system(**texts: str | Section) -> System:
    """Return the system that sections tell of; those that are not named are not there."""
    given = {name.replace("_", "-"): text for name, text in texts.items()}
    sections = dict.fromkeys(NAMES, Section(Answer.ABSENT)) | {
        name: text if isinstance(text, Section) else Section(Answer.ANSWERED, text)
        for name, text in given.items()
    }
    return System(Facts(lambda: sections))


@pytest.mark.parametrize(
    ("asked", "section", "text", "answer"),
    [
        ("kernel", "kernel", "Linux 6.1.0-18-amd64 x86_64\n", "6.1.0-18-amd64"),
        ("architecture", "kernel", "Linux 6.1.0-18-amd64 x86_64\n", "x86_64"),
        (
            "distribution",
            "os-release",
            'ID=debian # ID=x\nVERSION_ID="13"\nURL="https://a?b=c"\n',
            "debian 13",
        ),
        ("distribution", "os-release", "ID=arch\n", "arch"),
        ("distribution", "os-release", "VERSION_ID=13\n", "13"),
        ("locales", "locales", "C.utf8\nja_JP.utf8\n", {"C.utf8": "there", "ja_JP.utf8": "there"}),
        (
            "cgroup",
            "cgroup",
            "memory.max 536870912\ncpu.max max 100000\npids.max 9\n",
            {"memory": "512 MB", "CPUs": "unlimited", "processes": "9"},
        ),
        ("timers", "timers", "a.timer linked\n", {"a.timer": item("there", own=False)}),
        ("shell", "shell", "/usr/bin/dash\n", "/usr/bin/dash"),
        ("web_user", "web-user", "33\n", 33),
        ("zone", "time-zone", "clock JST\n", "JST"),
        ("resolver", "resolver", "search a  b\nservers 2\n", {"search": "a b", "servers": "2"}),
    ],
)
def test_what_a_host_says_of_itself(asked: str, section: str, text: str, answer: object) -> None:
    """Each answer is read off its section; what a host has not is absent."""
    assert getattr(system(**{section: text}), asked) == answer
    assert getattr(system(**{section: Section(Answer.ABSENT)}), asked) is None


@pytest.mark.parametrize("said", [Section(Answer.ABSENT), ""])
def test_a_host_without_a_language(said: str | Section) -> None:
    """LANG that is not set and LANG that is empty have one effect, and are one answer."""
    assert system(language=said).language == ""
    assert system(language="C.UTF-8").language == "C.UTF-8"


@pytest.mark.parametrize(
    ("line", "named", "key"),
    [
        ("* * * * *  root /opt/php/bin/php /srv/job.php", True, "php /srv/job.php"),
        ("*/5 1 * * 1 php /srv/job.php", False, "php /srv/job.php"),
        ("@daily www-data /usr/bin/php artisan", True, "php artisan"),
        ("MAILTO=joe@example.org", True, "MAILTO"),
        ("OPTIONS=a=b", True, "OPTIONS"),
        ("* * * * *", False, ""),
    ],
)
def test_a_job(line: str, named: bool, key: str) -> None:  # noqa: FBT001 -- as in the table
    """A job is known by its program and arguments, wherever the program lies."""
    assert job(line, named=named) == (key, " ".join(line.split()))


def test_jobs() -> None:
    """Every job has its place, and is somebody's own where no package brought its file."""
    said = system(
        crontabs="@@ /etc/cron.d/app:3\n1\t* * * * * root /opt/php job\n"
        "@@ /etc/cron.d/app:4\n1\t@daily root /opt/php job\n",
        cron_folders="/etc/cron.daily/apt\n/etc/cron.daily/our job\n",
        config_owned="/etc/cron.daily/apt\n",
    ).jobs
    assert said == {
        "php job": {"is": "* * * * * root /opt/php job", "at": "/etc/cron.d/app:3", "own": True},
        "php job (again)": {
            "is": "@daily root /opt/php job",
            "at": "/etc/cron.d/app:4",
            "own": True,
        },
        "/etc/cron.daily/apt": {"is": "there", "at": "/etc/cron.daily/apt", "own": False},
        "/etc/cron.daily/our job": {"is": "there", "at": "/etc/cron.daily/our job", "own": True},
    }


def test_a_script_that_cron_ignores() -> None:
    """What is not executable in a folder of cron's is never run, whoever brought it."""
    path = "/etc/cron.daily/apt"
    said = system(crontabs="", cron_folders=f"{path}\n{path}\n", config_owned=f"{path}\n").jobs
    told = "there, but not executable, so that it is never run"
    assert said == {path: {"is": told, "at": path, "own": True}}


def test_a_crontab_that_cron_ignores() -> None:
    """A file without a line end, and a line that Windows ended, are not what they look like."""
    said = system(
        crontabs="@@ /etc/cron.d/a:b:1\n1\t@daily root php job\r\n@@ /etc/cron.d/a:b:end\n1\t\n"
        "@@ /etc/cron.d/c:1\n1\tMAILTO=joe\n"
    ).jobs
    assert said == {
        "php job (CR)": item("@daily root php job (CR)", "/etc/cron.d/a:b:1", own=True),
        "/etc/cron.d/a:b: end": item(
            "no line end, so that cron ignores it", "/etc/cron.d/a:b", own=True
        ),
        "MAILTO in /etc/cron.d/c": item("MAILTO=joe", "/etc/cron.d/c:1", own=True),
    }


def test_memory() -> None:
    """Machines of one size are the same, whatever their kernels keep for themselves."""
    one, other = (
        system(memory=f"MemTotal: {kb}\nSwapTotal: 0\n").memory for kb in (1990384, 2001640)
    )
    assert one == other == {"memory": "2 GB", "swap": "0 GB"}
    assert system().memory is None


def test_no_cron() -> None:
    """A host without cron has no jobs to compare; crontabs that are closed are unknown."""
    assert system().jobs is None
    assert system().user_jobs is None
    with pytest.raises(UnknownError, match="user-crontabs"):
        _ = system(user_crontabs=Section(Answer.REFUSED)).user_jobs


def test_jobs_of_users() -> None:
    """A line of a user's own crontab names no user."""
    place = "/var/spool/cron/crontabs/joe:1"
    said = system(user_crontabs=f"@@ {place}\n1\t@daily /opt/php job\n").user_jobs
    assert said == {"php job": {"is": "@daily /opt/php job", "at": place, "own": True}}


def test_timers() -> None:
    """A timer that was written here is somebody's own; one that is only linked is a package's."""
    said = system(timers="a.timer linked\nb.timer linked\nb.timer own\n").timers or {}
    assert {name: timer["own"] for name, timer in said.items()} == {
        "a.timer": False,
        "b.timer": True,
    }


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (
            {"memory.max": "536870912", "cpu.max": "150000 100000", "pids.max": "64"},
            {"memory": "512 MB", "CPUs": "1.5", "processes": "64"},
        ),
        (
            {"memory.limit_in_bytes": "536870912", "cpu.cfs_quota_us": "150000"}
            | {"cpu.cfs_period_us": "100000", "pids.max": "64"},
            {"memory": "512 MB", "CPUs": "1.5", "processes": "64"},
        ),
        (
            {"memory.max": "max", "cpu.max": "max 100000", "pids.max": "max"},
            dict.fromkeys(("memory", "CPUs", "processes"), "unlimited"),
        ),
        (
            {"memory.limit_in_bytes": "9223372036854771712", "cpu.cfs_quota_us": "-1"},
            dict.fromkeys(("memory", "CPUs", "processes"), "unlimited"),
        ),
    ],
)
def test_limits(said: dict[str, str], expected: dict[str, str]) -> None:
    """Both versions of control groups say the same limit in the same words."""
    assert limits(said) == expected


@pytest.mark.parametrize(
    ("free", "word"),
    [(9, "full"), (10, "nearly full"), (49, "nearly full"), (50, "enough room")],
)
def test_room(free: int, word: str) -> None:
    """A disk's room is one of three classes, so that equal servers are equal."""
    said = system(disks=f"/ 1000 {free}\n", inodes="/ 0 0\n/srv 100 100\n- - -\n").disks
    assert said == {"/": word, "/srv, number of files": "enough room"}


def test_a_volume_without_room() -> None:
    """Of further volumes only those are told that are full: the others are mounts."""
    said = system(disks="/ 1000 500\n/srv/a 1000 5\n/srv/b 1000 500\n", inodes="").disks
    assert said == {"/": "enough room", "/srv/a": "full"}


def test_character_sets() -> None:
    """A character set that is missing says so; all of them are told by number and digest."""
    said = system(character_sets="GBK\nX\n").character_sets
    other = system(character_sets="GBK\nY\n").character_sets
    assert said is not None
    assert other is not None
    assert (said["GBK"], said["SJIS"]) == ("there", "missing")
    assert said["all"].startswith("2 sets, ")
    assert said["all"] != other["all"]


def test_accounts() -> None:
    """An account is its number, its groups in one order, its shell and its home."""
    said = system(accounts="joe 33 joe,ssl-cert /usr/sbin/nologin /home/joe\nbroken\n").accounts
    assert said == {"joe": "33, joe ssl-cert, /usr/sbin/nologin, home /home/joe"}


def test_kernel_parameters() -> None:
    """What follows from the memory is a class; a tabulator between numbers is a blank."""
    said = system(kernel_parameters="fs.file-max 2466174\nx 1\t2\ny \n").kernel_parameters
    assert said == {"fs.file-max": "plenty", "x": "1 2"}


def test_what_was_added_by_hand() -> None:
    """Authorities and names that somebody added are own, with their place."""
    said = system(certificates="trusted 140\n/usr/local/a.crt ab\n", hosts_names="db 10.0.0.2\n")
    assert said.certificates == {
        "trusted": "140",
        "/usr/local/a.crt": {"is": "ab", "at": "/usr/local/a.crt", "own": True},
    }
    assert said.host_names == {"db": {"is": "10.0.0.2", "at": "/etc/hosts", "own": True}}


def test_mounts() -> None:
    """Of a mount's options only those are told that stop a program."""
    said = system(mounts="/srv rw,nosuid,noexec\n/var rw,size=65536k\n/mnt ro,nosuid\n").mounts
    assert said == {"/srv": "rw, noexec", "/var": "rw, up to 64 MB", "/mnt": "ro"}


@pytest.mark.parametrize(("size", "most"), [(1024, 1), (2048, 2), (2049, 4)])
def test_a_size_is_told_as_its_next_power_of_two(size: int, most: int) -> None:
    """A size that is a power of two is told as it is."""
    assert system(mounts=f"/var rw,size={size}k\n").mounts == {"/var": f"rw, up to {most} MB"}


def test_sizes_that_follow_from_memory() -> None:
    """Half of the memory is the same on equal machines, where the memory differs a little."""
    one, other = (system(mounts=f"/var rw,size={size}k\n").mounts for size in (1990384, 2012640))
    assert one == other == {"/var": "rw, up to 2048 MB"}


def test_time_zone() -> None:
    """A second file that says the same is no difference; one that contradicts is told."""
    same = system(time_zone="/etc/localtime Etc/UTC\n/etc/timezone Etc/UTC\nTZ \n").time_zone
    other = system(time_zone="/etc/localtime Etc/UTC\n/etc/timezone Asia/Tokyo\n").time_zone
    assert same == {"/etc/localtime": "Etc/UTC"}
    assert other == {"/etc/localtime": "Etc/UTC", "/etc/timezone": "Asia/Tokyo"}


def test_processors() -> None:
    """Processors are counted that this host may use, in whatever ranges they stand."""
    said = system(memory="MemTotal: 1000\nCpus_allowed_list: 0-2,7\n").memory
    assert said == {"memory": "1 GB", "processors": "4"}


def test_a_mount_of_the_network() -> None:
    """Locks fail on some file systems: those of the network are told."""
    said = system(mounts="/srv nfs4 rw,noatime\n/data ext4 rw\n").mounts
    assert said == {"/srv": "nfs4, rw", "/data": "rw"}


def test_jobs_that_run_once() -> None:
    """What at(1) is to run is told by commands and user, long ones by a digest; incron's too."""
    said = f"33\t/srv/app\tphp job.php\n0\t/\t{'x' * 400}\nroot\tincron\t/srv/in IN_CREATE run\n"
    found = system(at_jobs=said).user_jobs
    assert found is not None
    assert found["at: php job.php"] == item("by 33 in /srv/app: php job.php", own=True)
    assert len(found[f"at: {'x' * 60}"]["is"]) < 100
    assert "incron: /srv/in IN_CREATE run" in found


def test_limits_that_are_rarely_set() -> None:
    """A share of the CPUs and limits of swap are told where they are not as usual."""
    usual = limits({"cpu.weight": "100", "memory.high": "max", "memory.swap.max": "max"})
    assert set(usual) == {"memory", "CPUs", "processes"}
    other = limits({"cpu.shares": "512", "memory.high": "1048576", "memory.swap.max": "0"})
    assert other["share of the CPUs"] == "50 of 100"
    assert other["memory that slows down"] == "1 MB"
    assert other["swap"] == "0 MB"
    both = limits({"cpu.weight": "20", "memory.memsw.limit_in_bytes": "2097152"})
    assert (both["share of the CPUs"], both["memory and swap"]) == ("20 of 100", "2 MB")


def test_a_name_with_two_addresses() -> None:
    """Of two lines for a name in /etc/hosts the first one counts: both are told, in their order."""
    found = system(hosts_names="db 10.0.0.9\ndb 10.0.0.1\nlocalhost 127.0.0.1 ::1\n").host_names
    assert found == {
        "db": item("10.0.0.9, 10.0.0.1", at="/etc/hosts", own=True),
        "localhost": item("127.0.0.1, ::1", at="/etc/hosts", own=True),
    }
