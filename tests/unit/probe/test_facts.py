"""Ports, against hosts that are made of answers."""

from dataclasses import dataclass, field

from deployment_drift.probe.facts import listening


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


def test_listening_ports_are_the_kernels() -> None:
    """Ports are read from the kernel's table: only sockets that listen count."""
    table = (
        "  sl  local_address rem_address   st\n 0: 0100007F:0050 0:0 0A\n 1: 0100007F:1F90 0:0 01\n"
    )
    assert listening(Scripted({"/proc/net/tcp": Answer(table)})) == {80}
