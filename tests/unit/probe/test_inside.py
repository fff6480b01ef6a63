"""What a machine says of itself, through testinfra."""

from types import SimpleNamespace

from deployment_drift.probe.inside import DIGEST, Inside, inside


def test_answers_are_read_in_their_order() -> None:
    """Kernel, its start, first program and processes are one question, PHP's digest another."""

    def check_output(command: str) -> str:
        return "abc  /usr/bin/php8.4" if command == DIGEST else "6.1\nx-y\ninit\n64"

    host = SimpleNamespace(check_output=check_output)
    assert inside(host) == Inside("6.1", "x-y", "init", 60, "abc")  # without the four who ask
