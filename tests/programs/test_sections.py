"""One program asks everything: what comes back is cut into sections, whatever the shell."""

import subprocess
from pathlib import Path

from deployment_drift.probe import collect as collecting
from deployment_drift.probe.collect import Answer, Facts, Section, program, split
from deployment_drift.probe.questions import Questions
from deployment_drift.probe.system import System

FRAME = Path(collecting.__file__).parent / "sh" / "_frame.sh"
PARTS = """
warn() { echo noise >&2; echo "first
second"; }
empty() { :; }
gone() { return 44; }
secret() { echo "cat: /x: no" >&2; return 43; }
broken() { echo early; echo "why
it broke" >&2; return 7; }
unset_variable() { echo "$no_such_variable"; }
leaving() { echo left; exit 0; }
eating() { cat; echo ate; }
section warn warn
section empty empty
section gone gone
section secret secret
section broken broken
section unset unset_variable
section leaving leaving
section eating eating
section "say a b" echo a b
"""


def said(shell: list[str], text: str) -> str:
    """Return what a program prints in a shell."""
    ended = subprocess.run(shell, input=text.encode(), capture_output=True, check=False, timeout=60)
    return ended.stdout.decode(errors="backslashreplace")


def test_sections(shell: list[str]) -> None:
    """Every section keeps its text, and its status says what became of it."""
    printed = said(shell, "frame=F\n" + FRAME.read_text("utf-8") + PARTS)
    found = split(f"noise\n{printed}noise".encode(), "F", "cut")
    assert found["warn"] == Section(Answer.ANSWERED, "first\nsecond\n", "noise")
    assert found["empty"] == Section(Answer.ANSWERED)
    assert found["gone"] == Section(Answer.ABSENT)
    assert found["secret"] == Section(Answer.REFUSED, "", "cat: /x: no")
    assert found["broken"] == Section(Answer.FAILED, "early\n", "ended with 7: it broke")
    assert found["unset"].status is Answer.FAILED
    assert "no_such_variable" in found["unset"].reason
    assert found["leaving"].text == "left\n"
    assert found["eating"].text == "ate\n"
    assert found["say a b"].text == "a b\n"


def test_the_whole_program(shell: list[str]) -> None:
    """The shipped program runs in every sh, and says which system this is."""
    facts = Facts(lambda: split(said(shell, program("F", Questions())).encode(), "F", "cut"))
    kernel = Path("/proc/sys/kernel/osrelease").read_text("utf-8").strip()
    assert System(facts).kernel == kernel
    assert System(facts).distribution
