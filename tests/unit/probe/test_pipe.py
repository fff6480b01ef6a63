"""One kept sh: exact answers, whatever the command does, and nothing left behind."""

import gc
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from deployment_drift import paths
from deployment_drift.probe.pipe import LostError, Pipe

SH = ["/bin/sh"]
LIMIT = 5.0


@pytest.fixture
def pipe() -> Iterator[Pipe]:
    """Give a shell on this machine."""
    pipe = Pipe(SH, LIMIT)
    yield pipe
    pipe.close()


def running(mark: str) -> list[str]:
    """Return the processes whose command line contains a word."""
    lines = (" ".join(each.info["cmdline"] or ()) for each in psutil.process_iter(["cmdline"]))
    return [line for line in lines if mark in line]


def gone(mark: str) -> bool:
    """Tell whether no process with that word is left, at the latest in two seconds."""
    for _ in range(40):
        if not running(mark):
            return True
        time.sleep(0.05)
    return False


def test_what_was_asked_is_not_kept(pipe: Pipe) -> None:
    """A hundred open shells do not hold the long program that each of them was sent."""
    tracemalloc.start()
    try:
        assert pipe.ask("echo 1 # " + "x" * 1_000_000, LIMIT)[1] == b"1\n"
        assert tracemalloc.get_traced_memory()[0] < 100_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("status", [0, 1, 2, 3, 126, 127, 128, 130, 137, 254, 255])
def test_exit_status(pipe: Pipe, status: int) -> None:
    """An exit status is exact."""
    assert pipe.ask(f"exit {status}", LIMIT) == (status, b"", b"")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL, signal.SIGSEGV, signal.SIGTERM])
def test_killed_command(pipe: Pipe, number: signal.Signals) -> None:
    """A command that dies of a signal has 128 and its number as status, and no further words."""
    assert pipe.ask(f"kill -{number.value} $$", LIMIT) == (128 + number, b"", b"")


@pytest.mark.parametrize(
    "command",
    [
        "exit 7",
        "exec true",
        "set -e; false",
        "set -u; echo $unset",
        "set -x; true",
        "cd /; umask 777; PATH=; LC_ALL=nowhere; export PATH LC_ALL",
        "exec >&- 2>&-",
        "exec 0<&- 1<&- 2<&- 3<&-",
        "trap 'echo bye' EXIT",
        "echo 'unbalanced",
        'echo "unbalanced',
        "$(unbalanced",
        "if true",
        "}",
        ")",
        "# only a comment",
        "",
        "\n\n",
        "echo \\",
        "cat <<END\nwithout an end",
        "echo() { :; }; exit() { :; }",
        "alias echo=false",
        "kill -9 $$",
        "no-such-program",
        "/",
    ],
)
@pytest.mark.parametrize("padding", ["", " " * 200_000], ids=["short", "long"])
def test_harmless(pipe: Pipe, command: str, padding: str) -> None:
    """No command changes what the next one meets, unless it kills the shell by its number."""
    if "$$" in command:  # a long command runs in a fork of the kept shell, whose number this is
        padding = ""
    before = pipe.ask("pwd; umask; env; set -- a b; echo $#", LIMIT)
    pipe.ask(command + padding, LIMIT)
    assert pipe.ask("pwd; umask; env; set -- a b; echo $#", LIMIT) == before


def test_answer_of_a_shell(pipe: Pipe) -> None:
    """A wrong command is answered as a shell of its own answers it."""
    for command in ("echo 'x", "no-such-program", "if", "printf a; printf b >&2; exit 4"):
        alone = subprocess.run(["/bin/sh", "-c", command], capture_output=True, check=False)
        assert pipe.ask(command, LIMIT) == (alone.returncode, alone.stdout, alone.stderr)


def test_outputs_apart(pipe: Pipe) -> None:
    """Standard output and standard error stay apart, with or without a last line end."""
    assert pipe.ask("echo out; echo err >&2", LIMIT) == (0, b"out\n", b"err\n")
    assert pipe.ask("printf out; printf err >&2", LIMIT) == (0, b"out", b"err")


@pytest.mark.parametrize("command", ["cat", "read x; echo $x", "wc -c", "sh", "dd 2>/dev/null"])
def test_standard_input_is_empty(pipe: Pipe, command: str) -> None:
    """A command that reads its standard input finds nothing, and eats nothing."""
    pipe.ask(command, LIMIT)
    assert pipe.ask("echo next", LIMIT) == (0, b"next\n", b"")


def test_random_bytes(pipe: Pipe, tmp_path: Path) -> None:
    """Any bytes come back as they are, from both outputs at once."""
    chance = random.Random(3)  # noqa: S311 -- the same bytes each time
    for size in [0, 1, 2, *(chance.randrange(200_000) for _ in range(20))]:
        out, err = tmp_path / "out", tmp_path / "err"
        out.write_bytes(chance.randbytes(size))
        err.write_bytes(chance.randbytes(size // 3) + b"\0\n\r\n")
        answer = pipe.ask(f"cat {out}; cat {err} >&2; exit {size % 256}", LIMIT)
        assert answer == (size % 256, out.read_bytes(), err.read_bytes())


def test_random_words(pipe: Pipe) -> None:
    """Any characters of a command arrive as they are, quoted once."""
    chance = random.Random(4)  # noqa: S311 -- the same words each time
    alphabet = "ab'\"\\$`!#*?~ \t\n\r;&|<>(){}[]=%-é日\u202f😀\udcff"
    for _ in range(60):
        word = "".join(chance.choices(alphabet, k=chance.randrange(1, 30)))
        quoted = "'" + word.replace("'", "'\\''") + "'"
        expected = word.encode(errors="surrogateescape")
        assert pipe.ask(f"printf %s {quoted}", LIMIT) == (0, expected, b"")


def test_large_output(pipe: Pipe) -> None:
    """100 MB come back whole."""
    status, out, err = pipe.ask("head -c 104857600 /dev/zero", 10 * LIMIT)
    assert (status, len(out), out.count(0), err) == (0, 100 * 2**20, 100 * 2**20, b"")


def test_both_outputs_large(pipe: Pipe) -> None:
    """Two floods at once do not block each other."""
    flood = "head -c 9000000 /dev/zero"
    status, out, err = pipe.ask(f"{flood} & {flood} >&2; wait", 10 * LIMIT)
    assert (status, len(out), len(err)) == (0, 9_000_000, 9_000_000)


def test_long_command(pipe: Pipe) -> None:
    """A command may be longer than what fits into one argument of a program."""
    assert pipe.ask(f"x={'é' * 2**20}; echo ${{#x}}; exit 9", LIMIT)[0] == 9


def test_null_byte(pipe: Pipe) -> None:
    """A command with a null byte is refused, and the shell remains."""
    with pytest.raises(ValueError, match="embedded null byte"):
        pipe.ask("echo \0", LIMIT)
    assert pipe.ask("echo ok", LIMIT)[1] == b"ok\n"


def test_marks_are_not_guessed(pipe: Pipe) -> None:
    """What looks like a mark of another command is ordinary output."""
    mark = "0123456789abcdef" * 4
    answer = pipe.ask(f"echo {mark} 0; echo {mark} >&2; printf {mark}; exit 1", LIMIT)
    assert answer == (1, f"{mark} 0\n{mark}".encode(), f"{mark}\n".encode())


def test_background(pipe: Pipe) -> None:
    """A background process that holds the outputs keeps nobody waiting, and no later answer."""
    begin = time.monotonic()
    assert pipe.ask("(sleep 0.2; echo late; echo late >&2) & echo ok", LIMIT) == (0, b"ok\n", b"")
    assert time.monotonic() - begin < 0.2
    time.sleep(0.4)
    assert pipe.ask("echo next", LIMIT) == (0, b"next\n", b"")


def test_banner() -> None:
    """What a login prints before the shell is there belongs to no command."""
    noise = "echo Welcome; echo Beware >&2; printf 'no line end'; exec /bin/sh"
    pipe = Pipe(["/bin/sh", "-c", noise], LIMIT)
    assert pipe.ask("echo x", LIMIT) == (0, b"x\n", b"")
    pipe.close()


@pytest.mark.parametrize("value", ["tr_TR.UTF-8", "ja_JP.SJIS", "zh_CN.GBK", "no such locale"])
def test_strange_locale(value: str) -> None:
    """The host's locale changes neither marks nor bytes."""
    pipe = Pipe(["env", f"LC_ALL={value}", "/bin/sh"], LIMIT)
    assert pipe.ask("printf '日é\\377\\\\'", LIMIT)[1] == "日é".encode() + b"\xff\\"
    pipe.close()


@pytest.mark.parametrize(
    "shell", [s for s in (["bash", "--posix"], ["busybox", "sh"]) if shutil.which(s[0])]
)
def test_other_shells(shell: list[str]) -> None:
    """A host's own shell may be another one."""
    pipe = Pipe(shell, LIMIT)
    assert pipe.ask("echo out; echo err >&2; exit 3", LIMIT) == (3, b"out\n", b"err\n")
    pipe.close()


def test_no_cat(tmp_path: Path) -> None:
    """A host needs a shell and nothing else."""
    pipe = Pipe(["env", f"PATH={tmp_path}", "/bin/sh"], LIMIT)
    assert pipe.ask("printf 'a\\\\nb\\n  c'; exit 3", LIMIT) == (3, b"a\\nb\n  c", b"")
    pipe.close()


def test_time_limit(pipe: Pipe) -> None:
    """A command that takes too long ends the shell, leaves nothing, and loses what comes after."""
    begin = time.monotonic()
    with pytest.raises(LostError) as raised:
        pipe.ask("echo last words >&2; sleep 7777.1", 0.3)
    assert raised.value.reason == "timeout"
    assert b"last words" in raised.value.err
    assert time.monotonic() - begin < 1
    assert gone("sleep 7777.1")
    with pytest.raises(LostError, match="closed"):
        pipe.ask("true", LIMIT)


def test_silent_client() -> None:
    """A client that never gives a shell is ended when the time is over."""
    with pytest.raises(LostError, match="timeout"):
        Pipe(["sleep", "7777.2"], 0.3)
    assert gone("sleep 7777.2")


def test_client_that_ends() -> None:
    """A client that ends at once is noticed at once, with its last words on both outputs."""
    begin = time.monotonic()
    with pytest.raises(LostError, match="ended") as raised:
        Pipe(["/bin/sh", "-c", "echo out; echo err >&2; exit 255"], LIMIT)
    assert (raised.value.out, raised.value.err) == (b"out\n", b"err\n")
    assert time.monotonic() - begin < 1


@pytest.mark.parametrize("level", ["inner", "outer"])
def test_killed_shell(pipe: Pipe, level: str) -> None:
    """A shell that is killed while a command runs is noticed at once, and leaves nothing."""
    inner = pipe.ask("cut -d' ' -f4 /proc/$$/stat", LIMIT)[1].decode().strip()
    outer = os.getpgid(int(inner))
    begin = time.monotonic()
    with pytest.raises(LostError, match="ended"):
        pipe.ask(f"sleep 0.2; kill -9 {inner if level == 'inner' else outer}; sleep 7777.3", LIMIT)
    assert time.monotonic() - begin < 2
    assert gone("sleep 7777.3")


def test_killed_between(pipe: Pipe) -> None:
    """A shell that was killed while nobody asked is noticed by the next command."""
    pipe.kill()
    with pytest.raises(LostError, match="ended"):
        pipe.ask("true", LIMIT)


def test_close_leaves_nothing() -> None:
    """Closing ends the client and what a command has left in the background."""
    pipe = Pipe(["/bin/sh"], LIMIT)
    pipe.ask("sleep 7777.4 >/dev/null 2>&1 &", LIMIT)
    assert running("sleep 7777.4")
    pipe.close()
    assert gone("sleep 7777.4")


def test_close_gives_every_descriptor_back() -> None:
    """What a shell has open here is closed with it, and not when garbage is collected one day."""
    gc.disable()
    try:
        before = psutil.Process().num_fds()
        pipe = Pipe(SH, LIMIT)
        pipe.ask("true", LIMIT)
        pipe.close()
        with pytest.raises(LostError):
            Pipe(["/bin/false"], LIMIT)
        assert psutil.Process().num_fds() == before
    finally:
        gc.enable()


def test_forgotten() -> None:
    """A shell that nobody holds any more is closed."""
    pipe = Pipe(["/bin/sh"], LIMIT)
    pipe.ask("sleep 7777.5 >/dev/null 2>&1 &", LIMIT)
    del pipe
    assert gone("sleep 7777.5")


@pytest.mark.parametrize("end", ["sys.exit()", "os.kill(os.getpid(), 9)", "os._exit(1)"])
def test_end_of_python(end: str) -> None:
    """However Python ends, it leaves no client and no command behind."""
    mark = f"7777.6{len(end)}"
    code = (
        "import os, sys\nfrom deployment_drift.probe.pipe import Pipe\n"
        "pipe = Pipe(['/bin/sh'], 5)\n"
        f"pipe.ask('sleep {mark} >/dev/null 2>&1 &', 5)\n{end}"
    )
    root = str(paths.root())
    subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, "PYTHONPATH": root}, check=False
    )
    assert gone(f"sleep {mark}")


def test_interrupt(pipe: Pipe) -> None:
    """A Ctrl-C while a command runs closes the shell: its answer must not become the next one's."""
    threading.Timer(0.2, signal.raise_signal, [signal.SIGINT]).start()
    with pytest.raises(KeyboardInterrupt):
        pipe.ask("sleep 7777.7", LIMIT)
    assert gone("sleep 7777.7")
    with pytest.raises(LostError, match="closed"):
        pipe.ask("true", LIMIT)
