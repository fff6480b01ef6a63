"""On which engines a computer can be emulated."""

from pathlib import Path
from typing import Any

import pytest

from deployment_drift import paths
from deployment_drift.engine.engines import Engine
from deployment_drift.errors import HostError
from deployment_drift.targets import computers, disks
from tests.fakes import VERSION, serve


@pytest.mark.parametrize(
    ("cpu", "memory", "said"),
    [
        ("arm64", 8, "emulated on x86-64 alone; this engine's machine is arm64"),
        ("amd64", 1, "takes 2048 MiB of memory; there are 1024"),
    ],
)
def test_machine_that_is_too_small_or_another(cpu: str, memory: int, said: str) -> None:
    """Before anything is built it is said what keeps the computer from being emulated."""
    with serve({"GET /version": VERSION, "GET /info": {"MemTotal": memory * 2**30}}) as address:
        engine = Engine(f"tcp://{address}", "DOCKER_HOST", architecture=cpu, api="1.41")
        with pytest.raises(HostError, match=said):
            computers.require(engine)


def test_machine_that_is_large_enough() -> None:
    """Nothing is said where there is enough of everything, or the engine does not tell."""
    for told in ({"MemTotal": 4 * 2**30}, {}):
        with serve({"GET /version": VERSION, "GET /info": told}) as address:
            computers.require(
                Engine(f"tcp://{address}", "DOCKER_HOST", architecture="amd64", api="1.41")
            )


class Switched:
    """The container of a computer that is on as long as its console has something to say."""

    def __init__(self, *said: str) -> None:
        self.said = list(said)
        self.status = "running"
        self.attrs = {"State": {"Status": "exited", "ExitCode": 1}}

    def reload(self) -> None:
        """Go off when all is said."""
        self.status = "running" if len(self.said) > 1 else "exited"

    def logs(self, **_: object) -> bytes:
        """Return what was said until now."""
        return (self.said.pop(0) if len(self.said) > 1 else self.said[0]).encode()


@pytest.fixture
def _hurried(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setattr(computers, "_PAUSE", 0.0)


@pytest.mark.usefixtures("_hurried")
def test_guests_are_asked_when_all_have_begun_to_serve() -> None:
    """Until each of them has said so, no question is sent that they would have to answer later."""
    local, both = "local starts what it serves", "\ncontainer starts what it serves\n"
    one: Any = Switched("Xen", f"Xen\n{local}", f"Xen\n{local}{both}", "more")
    computers._await_guests(one, ["local", "container"])  # noqa: SLF001 -- a part of `start`
    assert one.said == ["more"]


@pytest.mark.usefixtures("_hurried")
def test_computer_that_goes_off_has_named_who_was_waited_for() -> None:
    """It is said which guest is missing, and what was on the console last."""
    one: Any = Switched("Xen", "local starts what it serves\npanic")
    with pytest.raises(HostError, match="container ended before it was ready") as raised:
        computers._await_guests(one, ["local", "container"])  # noqa: SLF001
    assert raised.value.detail.endswith("panic")


class Hanging(Switched):
    """A computer with a guest that begins when it is switched on once more, or never."""

    def __init__(self, again: str) -> None:
        super().__init__("Linux")
        self.again = again

    def reload(self) -> None:
        """Stay on."""

    def restart(self, timeout: int) -> None:
        """Begin anew, and say so."""
        assert timeout == 0
        self.said = [f"Linux\nLinux\n{self.again}"]


@pytest.mark.usefixtures("_hurried")
@pytest.mark.parametrize("again", ["container starts what it serves", ""])
def test_computer_that_hangs_is_switched_on_again(
    again: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once: whoever hangs then, too, is named, with its console."""
    monkeypatch.setattr(computers, "LIMIT", 0.05)
    one: Any = Hanging(again)

    def awaited(*_: object) -> bool:
        computers._await_guests(one, ["container"])  # noqa: SLF001 -- a part of `start`
        return True

    monkeypatch.setattr(computers, "_awaited", awaited)
    way: Any = None
    if again:
        assert computers._awaited_twice(one, way, ["container"])  # noqa: SLF001
    else:
        with pytest.raises(HostError, match="container was not ready") as raised:
            computers._awaited_twice(one, way, ["container"])  # noqa: SLF001
        assert raised.value.detail.endswith("Linux\nLinux")


def test_guests_say_that_they_begin_to_serve() -> None:
    """What is waited for is what the machines' own program writes."""
    said = (paths.root() / disks.GUEST / "service").read_text("utf-8")
    assert f'echo "{computers.STARTS.format("$(hostname)")}"' in said
