"""What hosts are asked beyond testinfra's own modules, against hosts that are made of answers."""

import json
from dataclasses import dataclass, field
from typing import Any

import pytest

from deployment_drift.errors import UnknownError
from deployment_drift.probe.facts import PHP, Packages, Web, listening, text


@dataclass
class Answer:
    """What a command gave, with testinfra's names."""

    stdout: str = ""
    rc: int = 0
    stderr: str = ""


@dataclass
class Scripted:
    """A host that gives the answer of the first key that its command contains."""

    answers: dict[str, Answer]
    asked: list[str] = field(default_factory=list)

    def run(self, command: str, *_: str) -> Answer:
        """Answer a command; an unknown one is not found."""
        self.asked.append(command)
        return next((a for key, a in self.answers.items() if key in command), Answer(rc=127))

    def check_output(self, command: str) -> str:
        """Return a command's output."""
        return self.run(command).stdout.rstrip("\n")

    def exists(self, command: str) -> bool:
        """Whether there is such a command."""
        return any(command in key for key in self.answers)

    def file(self, _: str) -> Any:  # noqa: ANN401
        """Return a file that is not there."""
        return type("NoFile", (), {"exists": False})()


FACTS = {"version": "8.4.24", "settings": {"memory_limit": "128M"}, "extensions": {"gd": "8.4"}}
SAID = "@@facts@@" + json.dumps({"facts": FACTS, "origins": {}, "lines": {"one": 1}})


def php(stdout: str, rc: int = 0) -> PHP:
    """Return the PHP of a host whose `php` prints that."""
    return PHP(Scripted({"php": Answer(stdout, rc)}))


def test_warnings_before_the_answer_are_passed_over() -> None:
    """PHP's own warnings on standard output do not spoil the JSON after the mark."""
    asked = php("PHP Warning: {]\n" + SAID)
    assert asked.version == "8.4.24"
    assert asked.setting("memory_limit") == "128M"


def test_php_is_asked_once() -> None:
    """All facts come from one question."""
    host = Scripted({"php": Answer(SAID)})
    asked = PHP(host)
    assert (asked.version, asked.has("gd"), asked.evaluate("one")) == ("8.4.24", True, 1)
    assert len(host.asked) == 1


def test_no_php_is_absent() -> None:
    """Where there is no PHP, whatever is asked of it is absent."""
    asked = PHP(Scripted({}))
    assert (asked.version, asked.has("gd"), asked.evaluate("one")) == (None,) * 3


def test_what_php_does_not_know_is_absent() -> None:
    """A setting or a library that is not there is None; an extension is not loaded."""
    asked = php(SAID)
    assert (asked.setting("x"), asked.library("x"), asked.has("x")) == (None, None, False)


def test_an_expression_that_nobody_announced_is_a_fault() -> None:
    """A check that asks for an expression without announcing it gets no answer."""
    with pytest.raises(KeyError):
        php(SAID).evaluate("two")


@pytest.mark.parametrize("stdout", ["", "Segmentation fault", "@@fac"])
def test_a_broken_php_is_unknown(stdout: str) -> None:
    """A PHP that is there and does not answer tells nothing."""
    with pytest.raises(UnknownError, match="ended with 139"):
        _ = php(stdout, rc=139).version


def test_web_settings_are_read_from_files_without_the_shop() -> None:
    """Without the shop, the web server's own ini files are read, and no page is asked for."""
    host = Scripted({"ls -d": Answer("/etc/php/8.2/apache2\n"), "php -c": Answer(SAID)})
    web = Web(host)
    assert web.setting("memory_limit") == "128M"
    assert (web.port, web.answer("health")) == (None, None)
    assert "/etc/php/8.2/apache2/php.ini" in host.asked[-1]


@pytest.mark.parametrize(
    ("manager", "output"),
    [("dpkg-query", "libc6:amd64 2.36\nphp 8.2\n"), ("rpm", "php 8.2\n"), ("apk", "php 8.2\n")],
)
def test_packages_of_every_manager(manager: str, output: str) -> None:
    """Debian's, Red Hat's and Alpine's packages are read alike."""
    assert Packages(Scripted({manager: Answer(output)})).version("php") == "8.2"


def test_no_package_manager_is_absent() -> None:
    """Without a package manager no package has a version."""
    assert Packages(Scripted({})).version("php") is None


def test_listening_ports_are_the_kernels() -> None:
    """Ports are read from the kernel's table: only sockets that listen count."""
    table = (
        "  sl  local_address rem_address   st\n 0: 0100007F:0050 0:0 0A\n 1: 0100007F:1F90 0:0 01\n"
    )
    assert listening(Scripted({"/proc/net/tcp": Answer(table)})) == {80}


def test_missing_file_is_absent() -> None:
    """The text of a file that is not there is None."""
    assert text(Scripted({}).file("x")) is None
