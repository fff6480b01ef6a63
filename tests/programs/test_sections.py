"""One program asks everything: what comes back is cut into sections, whatever the shell."""

import os
import subprocess
from pathlib import Path

import pytest

from deployment_drift.probe import collect as collecting
from deployment_drift.probe.collect import ABOUT, LOST, Answer, Facts, Section, program, split
from deployment_drift.probe.questions import Questions
from deployment_drift.probe.system import System
from tests.programs.parts import parts, run

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


def test_quick_sections(shell: list[str]) -> None:
    """A section without a process of its own says the same, and splits nobody else's words."""
    lines = [
        line for line in PARTS.splitlines() if not line.endswith(("unset_variable", "leaving"))
    ]
    parts = "\n".join(lines).replace("section ", "quick ")
    splitting = "splitting() { IFS=x; set -f; }\nwords() { set -- $1; echo $#; }\n"
    asked = "quick splitting splitting\nquick words words 'axb c'\n"
    printed = said(shell, f"frame=F\n{FRAME.read_text('utf-8')}{parts}\n{splitting}{asked}")
    found = split(printed.encode(), "F", "cut")
    assert found["warn"] == Section(Answer.ANSWERED, "first\nsecond\n")
    assert found["gone"] == Section(Answer.ABSENT)
    assert found["secret"] == Section(Answer.REFUSED, "", "cat: /x: no")
    assert found["broken"] == Section(Answer.FAILED, "early\n", "ended with 7: it broke")
    assert found["eating"].text == "ate\n"
    assert found["words"].text == "2\n"


def test_sections_that_one_awk_reads(shell: list[str], tmp_path: Path) -> None:
    """A file is printed, one that is not there is absent, one that has to be there unknown."""
    (tmp_path / "file").write_text("a b")
    parts = (FRAME.with_name(f"_{name}.sh").read_text("utf-8") for name in ("lines", "files"))
    asked = f"""
by_awk here 'copy("{tmp_path}/file")' {tmp_path}/file
by_awk again 'copy("{tmp_path}/file")'
by_awk gone 'copy("/nowhere/file")' /nowhere/file
by_awk needed 'needs("/nowhere/file")'
read_files ''
"""
    printed = said(shell, f"frame=F\n{FRAME.read_text('utf-8')}{''.join(parts)}{asked}")
    found = split(printed.encode(), "F", "cut")
    assert found["here"] == found["again"] == Section(Answer.ANSWERED, "a b\n")
    assert found["gone"] == Section(Answer.ABSENT)
    lost = "ended with 1: /nowhere/file could not be read"
    assert found["needed"] == Section(Answer.FAILED, reason=lost)


def test_the_whole_program(shell: list[str]) -> None:
    """The shipped program runs in every sh, and says which system this is."""
    facts = Facts(lambda: split(said(shell, program("F", Questions())).encode(), "F", "cut"))
    kernel = Path("/proc/sys/kernel/osrelease").read_text("utf-8").strip()
    assert System(facts).kernel == kernel
    assert System(facts).distribution


@pytest.mark.skipif(os.geteuid() != 0, reason="only root makes itself a user with no process yet")
@pytest.mark.parametrize("most", [14, 60, 5000])
def test_few_processes(most: int) -> None:
    """Where some of its processes may not be begun, nothing is an answer: their pipes are empty."""
    user = ["setpriv", "--reuid=60123", "--clear-groups", "dash"]
    text = f"{parts()}\nsection {ABOUT} echo there\nsection x echo\n"
    found = run(["prlimit", f"--nproc={most}", *user], text)
    if most < 20:
        assert found.keys() == {LOST, ABOUT}
        assert found[LOST].status is Answer.FAILED
        assert "too few processes" in found[LOST].reason
    else:
        assert found.keys() == {ABOUT, "x"}
