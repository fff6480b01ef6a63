"""Makes a Debian root file system from packages, as a stream of tar that leaves nothing behind."""

import os
import shutil
import subprocess
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from deployment_drift.build import mirrors
from deployment_drift.engine import ownership, packages
from deployment_drift.errors import BuildError, DriftError
from deployment_drift.parallel import Cancel
from deployment_drift.records import Sentence

_SCRIPT = Path(__file__).resolve().with_name("bootstrap.sh")
_SLIM = Path(__file__).resolve().with_name("slim")
_CHUNK = 1 << 20


def require(announce: Callable[[str], None]) -> None:
    """Install mmdebstrap if it is missing; raise BuildError where that cannot be done."""
    if shutil.which("mmdebstrap"):
        return
    if not packages.can_install():
        raise BuildError(
            "Without a registry, base images are made with mmdebstrap, which is missing.",
            hint="sudo apt-get install mmdebstrap",
        )
    announce(Sentence("installing", packages="mmdebstrap"))
    try:
        packages.install(["mmdebstrap"], optional=["debian-archive-keyring"])
    except DriftError as error:
        raise BuildError(error.what, hint=error.hint, detail=error.detail) from error


def command(suite: str, architecture: str) -> list[str]:
    """Return the command that writes the root file system of a Debian suite to its output."""
    lines = mirrors.sources(suite)
    return [
        *("setpriv", "--pdeathsig=KILL", "sh", str(_SCRIPT), "--variant=minbase", "--format=tar"),
        f"--architectures={architecture}",
        "--skip=check/qemu",  # another CPU's programs do run while we hold an emulator
        f"--dpkgopt={_SLIM}/dpkg.cfg",
        f"--aptopt={_SLIM}/apt.conf",
        *(f"--aptopt={option}" for option in mirrors.options()),
        f'--customize-hook=sh "{_SLIM}/finish" "$1"',
        *(suite, "-", *lines),
    ]


@contextmanager
def _folder() -> Iterator[Path]:
    """Yield an empty folder to work in; whatever ends us, the next scene knows that it is dead."""
    with ownership.session() as session:
        folder = ownership.bootstraps() / session.id
        folder.mkdir(parents=True)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def tar(
    suite: str, architecture: str, emit: Callable[[str], None], cancel: Cancel
) -> Iterator[bytes]:
    """Yield the root file system as tar; raise BuildError with apt's last lines if it fails."""
    last: deque[str] = deque(maxlen=12)
    words = command(suite, architecture)
    with (
        _folder() as folder,
        _process(words, folder) as process,
        cancel.calling(process.kill),
    ):
        yield from _output(process, emit, last)
    cancel.check()
    if process.returncode:
        raise BuildError(
            f"No registry gave Debian {suite}, and it could not be made from packages either.",
            hint="connect to a network once; afterwards everything works without one",
            detail="\n".join(last),
        )


def _output(
    process: subprocess.Popen[bytes], emit: Callable[[str], None], last: "deque[str]"
) -> Iterator[bytes]:
    reader = threading.Thread(target=_read, args=(process.stderr, emit, last))
    reader.start()
    while process.stdout and (chunk := process.stdout.read(_CHUNK)):
        yield chunk
    reader.join()


@contextmanager
def _process(words: list[str], folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        words,
        env={**os.environ, "TMPDIR": str(folder), "LC_ALL": "C.UTF-8"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,  # Ctrl-C is ours to handle, not the terminal's to spread
    )
    with process:
        try:
            yield process
        except BaseException:
            process.kill()
            raise


def _read(stderr: IO[bytes], emit: Callable[[str], None], last: "deque[str]") -> None:
    for raw in stderr:
        line = raw.decode(errors="replace").strip()
        if line:
            last.append(line)
            emit(line.removeprefix("I: "))
