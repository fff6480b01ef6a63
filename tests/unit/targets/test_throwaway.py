import pytest
from docker.models.containers import Container

from deployment_drift.engine import engines
from deployment_drift.engine.engines import Engine
from deployment_drift.targets import throwaway
from deployment_drift.targets.throwaway import Answer
from tests.fakes import Reply, serve


def test_answer_that_arrives_with_its_header() -> None:
    """What a program prints is whole, also where it comes at once with the answer's header."""
    printed = "\x01\0\0\0\0\0\0\x05one\n2\x02\0\0\0\0\0\0\x04 two"
    answers = {
        "POST /containers/c/exec": {"Id": "e"},
        "POST /exec/e/start": Reply(printed),
        "GET /exec/e/json": {"ExitCode": 3},
    }
    with (
        serve(answers) as address,
        engines.opened(Engine(f"tcp://{address}", "default", api="1.41")) as client,
    ):
        asked = Container({"Id": "c"}, client=client)
        assert throwaway.ask(asked, "anything") == Answer(3, "one\n2 two")


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
