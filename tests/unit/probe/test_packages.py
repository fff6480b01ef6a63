"""Every package counts, also one on hold or half installed, and no failure is an empty list."""

import pytest

from deployment_drift.errors import UnknownError
from deployment_drift.probe.collect import Answer, Facts, Section
from deployment_drift.probe.packages import Packages

DPKG = """\
ii \tlibc6\tamd64\t2.41\toptional\tno
ii \tlibc6\ti386\t2.40\toptional\tno
hi \tphp-cli\tall\t8.4\toptional\tno
iF \tnginx\tamd64\t1.26\toptional\tno
it \tman-db\tamd64\t2.13\toptional\tno
rc \tapache2\tamd64\t2.4\toptional\tno
ii \tbash\tamd64\t5.2\trequired\tyes
"""


def packages(**texts: str | Section) -> Packages:
    """Return the packages that sections tell of; those that are not named are not there."""
    names = ("dpkg-packages", "dpkg-automatic", "dpkg-architecture", "rpm-packages", "apk-packages")
    said = {name: texts.get(name.replace("-", "_")) for name in (*names, "apk-world", "programs")}
    sections = {
        name: text if isinstance(text, Section) else Section(Answer.ANSWERED, text)
        for name, text in said.items()
        if text is not None
    }
    absent = dict.fromkeys(said, Section(Answer.ABSENT))
    return Packages(Facts(lambda: {**absent, **sections}))


def test_versions() -> None:
    """What is on hold, half-configured or waits for a trigger is there; what was removed is not."""
    assert packages(dpkg_packages=DPKG, dpkg_architecture="amd64\n").versions == {
        "libc6": "2.41",
        "libc6:i386": "2.40",
        "php-cli": "8.4",
        "nginx": "1.26 (half-configured)",
        "man-db": "2.13",
        "bash": "5.2",
    }


def test_a_name_that_two_managers_know() -> None:
    """A host with two package managers has the packages of both, whatever these are called."""
    of_rpm = "bash\tx86_64\t5.1-1\ntea\tnoarch\t1.2-3\n"
    told = packages(dpkg_packages=DPKG, dpkg_architecture="amd64\n", rpm_packages=of_rpm).versions
    assert told is not None
    assert (told["bash"], told["bash (rpm)"], told["tea"]) == ("5.2", "5.1-1", "1.2-3")


def test_programs() -> None:
    """A program is told by its name and where it is; what a shell has built in is no file."""
    rows = "-rwxr-xr-x 1 root root 9 Jan 1 00:00 /usr/bin/gs\ngit\n"
    assert packages(programs=rows).programs == {"gs": "/usr/bin/gs"}
    assert packages().programs is None


@pytest.mark.parametrize(
    ("row", "told"),
    [("-rwx------ 1 root root", "root:root 700"), ("-rwsr-xr-x 1 root mail", "root:mail 4755")],
)
def test_a_program_that_not_everybody_may_run(row: str, told: str) -> None:
    """Whose a program is, and who may run it, is told where that is not as usual."""
    said = packages(programs=f"{row} 9 Jan 1 00:00 /usr/bin/gs\n").programs
    assert said == {"gs": f"/usr/bin/gs, {told}"}


def test_states() -> None:
    """A hold and an unfinished installation are told by name."""
    assert packages(dpkg_packages=DPKG, dpkg_architecture="amd64\n").states == {
        "php-cli": "on hold",
        "nginx": "half-configured",
        "man-db": "a trigger is pending",
    }
    assert packages(apk_packages="a\t1\n").states is None


def test_by_hand() -> None:
    """Somebody's own are the packages that were asked for, and neither brought nor of the base."""
    said = packages(
        dpkg_packages=DPKG, dpkg_architecture="amd64\n", dpkg_automatic="libc6\nman-db\n"
    ).items
    assert said is not None
    assert [name for name, each in said.items() if each["own"]] == ["php-cli", "nginx"]


def test_a_damaged_database_is_unknown() -> None:
    """A list that dpkg could not give is not a list of nothing."""
    broken = packages(dpkg_packages=Section(Answer.FAILED, reason="parsing file status"))
    with pytest.raises(UnknownError, match="parsing file status"):
        _ = broken.versions
    with pytest.raises(UnknownError, match="no packages"):
        _ = packages(dpkg_packages="").versions


def test_two_managers() -> None:
    """A host with rpm and dpkg has the packages of both; an rpm without any adds none."""
    rpm = "php\tx86_64\t8.3-1\nglibc\tx86_64\t2.39-1\nglibc\ti686\t2.39-2\n"
    both = packages(dpkg_packages=DPKG, dpkg_architecture="amd64\n", rpm_packages=rpm).versions
    assert both is not None
    assert both["glibc"] == "2.39-1"
    assert both["glibc:i686"] == "2.39-2"
    assert both["bash"] == "5.2"
    assert (
        packages(dpkg_packages=DPKG, dpkg_architecture="amd64\n", rpm_packages="").version("php")
        is None
    )


def test_every_kernel_counts() -> None:
    """Of a package that is installed several times, no version hides another."""
    kernels = ["kernel\tx86_64\t6.1\n", "kernel\tx86_64\t6.2\n", "kernel\tx86_64\t6.3\n"]
    assert packages(rpm_packages="".join(reversed(kernels))).versions == {
        "kernel": "6.1",
        "kernel:x86_64": "6.2, 6.3",
    }


def test_apk() -> None:
    """Apk's own list of what somebody asked for is read without the versions in it."""
    said = packages(
        apk_packages="php84\t8.4-r0\nmusl\t1.2-r1\n", apk_world="php84>8\nalpine-base\n"
    )
    assert said.items == {
        "php84": {"is": "8.4-r0", "at": "", "own": True},
        "musl": {"is": "1.2-r1", "at": "", "own": False},
    }


def test_no_manager() -> None:
    """A host without any package manager has no list, and not an empty one."""
    assert packages().versions is None
    assert packages().items is None


def test_a_hold_does_not_hide_what_is_unfinished() -> None:
    """A package that is on hold and half-configured is both."""
    row = "hF \tnginx\tamd64\t1.26\toptional\tno\n"
    assert packages(dpkg_packages=row, dpkg_architecture="amd64\n").states == {
        "nginx": "on hold, half-configured"
    }


def test_what_no_system_is_without_was_asked_for_by_nobody() -> None:
    """An essential package is nobody's wish, whatever its priority is."""
    rows = "ii \tinit\tall\t1\toptional\tyes\nii \tjq\tall\t1\toptional\tno\n"
    items = packages(dpkg_packages=rows, dpkg_automatic="").items
    assert items is not None
    assert {name: each["own"] for name, each in items.items()} == {"init": False, "jq": True}
