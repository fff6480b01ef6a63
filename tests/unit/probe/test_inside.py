"""What a machine says of itself, through testinfra."""

import subprocess
from dataclasses import dataclass, field
from types import SimpleNamespace

import pytest

from deployment_drift.probe.inside import (
    DIGEST,
    LOWEST,
    Inside,
    inside,
    listening,
    lowest,
    running_on,
    started,
)

STAT = """\
1 (apache2) S 0 1 1 0
7 (apache2) S 1 0 0 0
8 (python3 (x)) S 7 0 0 0
9 (my) job) S 7 0 0 0
20 (sh) S 0 20 20 0
21 (cat) R 20 20 20 0
"""


def test_answers_are_read_in_their_order() -> None:
    """Kernel, its start, first program and processes are one question, PHP's digest another."""

    def check_output(command: str) -> str:
        if command == DIGEST:
            return "abc  /usr/bin/php8.4"
        assert command.startswith("uname -r; ")
        return "6.1\nx-y\nmy init\n64"

    host = SimpleNamespace(check_output=check_output)
    assert inside(host) == Inside("6.1", "x-y", "my init", 60, "abc")  # without the four who ask


@pytest.mark.parametrize(
    ("said", "layer"),
    [
        ("x86_64 0 0 AMD EPYC 7B13, Intel(R)||Dell Inc.", "hardware AMD EPYC 7B13 Intel"),
        ("x86_64 1 0 AMD EPYC 7B13||Some Cloud, Inc.", "virtual Some Cloud Inc."),
        ("x86_64 1 5 AMD EPYC 7B13|xen|Some Cloud", "virtual xen"),
        ("x86_64 1 5 AMD EPYC 7B13||", "virtual"),
        ("x86_64 0 2 AMD EPYC 7B13||", "hardware AMD EPYC 7B13"),
        ("aarch64 0 2 ||Some Cloud", "virtual Some Cloud"),
        ("aarch64 0 0 |xen|", "virtual xen"),
        ("aarch64 0 0 ||", "unseen aarch64"),
    ],
)
def test_lowest_layer_is_hardware_only_where_that_is_told(said: str, layer: str) -> None:
    """A processor of x86 has a flag where a hypervisor gives it; others prove no hardware."""
    machine, flags, devices, rest = said.split(" ", 3)
    model, kind, vendor = rest.split("|")
    facts = {"machine": machine, "flags": flags, "devices": devices}
    facts |= {"model": model, "type": kind, "vendor": vendor}
    assert lowest("\n".join(f"{name}={value}" for name, value in facts.items())) == layer


def test_every_host_can_be_asked_for_its_lowest_layer() -> None:
    """The lines of sh come to an answer on this machine, too, whatever files it has."""
    said = subprocess.run(["sh", "-euc", LOWEST], capture_output=True, text=True, check=False)
    assert (said.stderr, said.returncode) == ("", 0)
    assert lowest(said.stdout).partition(" ")[0] in {"hardware", "virtual", "unseen"}


def test_only_what_the_host_started() -> None:
    """Process 1 and all below it count, each name once; who asks from outside does not."""
    assert started(STAT) == ["apache2", "my) job", "python3 (x)"]


@dataclass
class Answer:
    """What a command gave, with testinfra's names."""

    stdout: str = ""
    rc: int = 0
    stderr: str = ""


@dataclass
class Scripted:
    """A host that gives the answer of the first key that its command begins with."""

    answers: dict[str, Answer]
    asked: list[str] = field(default_factory=list)

    def run(self, command: str, *_: str) -> Answer:
        """Answer a command; an unknown one is not found."""
        self.asked.append(command)
        return next(
            (a for key, a in self.answers.items() if command.startswith(key)), Answer(rc=127)
        )

    def check_output(self, command: str) -> str:
        """Return a command's output."""
        return self.run(command).stdout.rstrip("\n")


def test_what_runs_is_what_the_host_started() -> None:
    """The kernel's own table is what is asked."""
    host = Scripted({"cat /proc/[0-9]*/stat": Answer(STAT)})
    assert running_on(host) == ["apache2", "my) job", "python3 (x)"]


SOCKETS = """  sl  local_address rem_address   st
   0: 0100007F:0050 0:0 0A
   1: 0100007F:1F90 0:0 01
   2: 0B00007F:9C41 0:0 0A
"""


def test_listening_ports_are_the_kernels() -> None:
    """Of the kernel's table only sockets that listen count, and not an engine's name server."""
    assert listening(Scripted({"cat /proc/net/tcp": Answer(SOCKETS)})) == {80}
