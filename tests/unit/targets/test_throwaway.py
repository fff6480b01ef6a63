import pytest

from deployment_drift.engine import engines
from deployment_drift.engine.engines import Engine
from deployment_drift.errors import DriftError, EngineError, HostError
from deployment_drift.targets import throwaway
from deployment_drift.targets.throwaway import Answer
from tests.fakes import Reply, serve


def registry(status: str) -> dict[str, object]:
    """Return what an engine says of a container: that it has ended, or that it runs."""
    return {
        "GET /containers/c/json": {
            "Id": "c",
            "Name": "/drift-registry",
            "State": {"Status": status, "ExitCode": 137},
            "Config": {"Tty": False},
        },
        "GET /containers/c/logs": Reply("\x01\0\0\0\0\0\0\x04last"),
    }


def test_answer_that_arrives_with_its_header() -> None:
    """What a program prints is whole, also where it comes at once with the answer's header."""
    printed = "\x01\0\0\0\0\0\0\x05one\n2\x02\0\0\0\0\0\0\x04 two"
    answers = {
        "POST /containers/c/exec": {"Id": "e"},
        "POST /exec/e/start": Reply(printed),
        "GET /exec/e/json": {"ExitCode": 3},
        "GET /containers/c/json": {"Id": "c", "State": {"Status": "running"}},
    }
    with (
        serve(answers) as address,
        engines.opened(Engine(f"tcp://{address}", "default", api="1.41")) as client,
    ):
        asked = client.containers.get("c")
        assert throwaway.ask(asked, "anything") == Answer(3, "one\n2 two")


@pytest.mark.parametrize(("status", "error"), [("exited", HostError), ("running", EngineError)])
def test_a_container_that_has_ended_is_called_by_its_name(
    status: str, error: type[DriftError]
) -> None:
    """Where an engine refuses because a container does not run, its name is said."""
    answers = {
        "POST /containers/c/exec": Reply('{"message": "Container c is not running"}', 409),
        **registry(status),
    }

    def ask(address: str) -> None:
        with engines.opened(Engine(f"tcp://{address}", "default", api="1.41")) as client:
            throwaway.ask(client.containers.get("c"), "anything")

    with serve(answers) as address, pytest.raises(error) as caught:
        ask(address)
    said = "drift-registry does not run any more. The container is now exited with exit status 137."
    assert (caught.value.what == said) is (status == "exited")


@pytest.mark.parametrize("printed", ["", "OCI runtime exec failed: exec failed: no process"])
def test_a_failure_to_ask_is_no_answer(printed: str) -> None:
    """What is printed in a program's place where its container ends meanwhile is not its answer."""
    answers = {
        "POST /containers/c/exec": {"Id": "e"},
        "POST /exec/e/start": Reply(f"\x01\0\0\0\0\0\0{chr(len(printed))}{printed}"),
        "GET /exec/e/json": {"ExitCode": 128},
        **registry("exited"),
    }
    with (
        serve(answers) as address,
        engines.opened(Engine(f"tcp://{address}", "default", api="1.41")) as client,
        pytest.raises(HostError, match="drift-registry does not run any more"),
    ):
        throwaway.ask(client.containers.get("c"), "cat /proc/net/dev")


LISTED = """\
1 (init) S 0 1 1
20 (shim) S 1 20 1
30 (qemu (system)) S 20 30 1
31 (a) child) S 30 30 1
32 (grandchild) Z 31 30 1
40 (of another) S 20 40 1
"""


@pytest.mark.parametrize(
    ("first", "names"),
    [(30, ["qemu (system)", "a) child", "grandchild"]), (40, ["of another"]), (99, [])],
)
def test_programs_of_a_container(first: int, names: list[str]) -> None:
    """A container's programs come from its first one, also where all share one group."""
    assert throwaway.descended(LISTED, first) == names
