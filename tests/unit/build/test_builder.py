import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import docker
import pytest

from deployment_drift.build import archive, builder
from deployment_drift.build.builder import Order
from deployment_drift.engine import notes, streams
from deployment_drift.errors import BuildError
from deployment_drift.parallel import Cancel
from tests.fakes import serve

ORDER = Order("local", "deployment-drift/local:1", b"tar")


@pytest.fixture(autouse=True)
def _state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))


@contextmanager
def building(*messages: dict[str, Any]) -> Iterator[docker.APIClient]:
    """Yield a client of an engine that answers a build with these messages."""
    answers = {"POST /build": messages, "GET /containers/json": []}
    with (
        serve(answers) as address,
        closing(docker.APIClient(f"tcp://{address}", version="1.41")) as api,
    ):
        yield api


def test_lines_are_told_as_they_come() -> None:
    """What a build prints is told line by line, steps and output alike."""
    said: list[str] = []
    with building({"stream": "Step 1/1 : RUN x"}, {"stream": "\n"}, {"stream": "a\nb"}) as api:
        builder.run(api, ORDER, said.append, Cancel())
    assert said == ["Step 1/1 : RUN x", "", "a", "b"]


def test_failed_build_shows_its_last_lines() -> None:
    """A failed build is an error with the folder, the reason and at most fifteen lines."""
    printed = [{"stream": f"line {number}\n"} for number in range(20)]
    with (
        building(*printed, {"error": "returned a non-zero code: 100\n"}) as api,
        pytest.raises(BuildError, match=r"local/ could not be built.*non-zero code: 100") as error,
    ):
        builder.run(api, ORDER, lambda _: None, Cancel())
    assert error.value.detail.splitlines() == [f"line {number}" for number in range(5, 20)]


@pytest.mark.parametrize(
    ("error", "times"), [(builder.REPLACED, 1), (builder.REPLACED, 2), ("code: 100", 1)]
)
def test_a_layer_that_another_build_replaced_is_looked_for_again(
    monkeypatch: pytest.MonkeyPatch, error: str, times: int
) -> None:
    """Of builds side by side, Podman fails one that looks at what another replaces: once more."""
    left = [{"error": f"getting top layer info: {error}"}] * times
    monkeypatch.setattr(streams, "post", lambda *_: [left.pop()] if left else [])
    with building() as api:
        if (error, times) == (builder.REPLACED, 1):
            builder.run(api, ORDER, lambda _: None, Cancel())
        else:
            with pytest.raises(BuildError, match=error):
                builder.run(api, ORDER, lambda _: None, Cancel())
    assert left == []


def test_other_cpu_is_asked_for() -> None:
    """What is built for another CPU is asked for by platform; what is not leaves that open."""
    order = Order("container@arm64", "tag", b"tar", {"BASE": "arm64v8/debian:trixie-slim"})
    params = builder._request(order).params  # noqa: SLF001 -- what the engine is asked is the rule
    assert (params["t"], params["platform"]) == ("tag", "linux/arm64")
    assert json.loads(params["buildargs"])["BASE"] == "arm64v8/debian:trixie-slim"
    assert not builder._request(ORDER).params["platform"]  # noqa: SLF001


def test_a_base_is_built_on_by_digest() -> None:
    """Where a registry gave a digest, each FROM, or the argument that it takes, says it."""
    text = "ARG BASE=debian:a\nFROM ${BASE}\nFROM --platform=x debian:a AS b\n"
    text += "FROM debian:ab\nCMD debian:a\n"
    named = Order(
        "local", "tag", archive.pack({"Dockerfile": text}), {}, {"debian:a": "debian@sha256:d"}
    )
    body = builder._request(named).body  # noqa: SLF001 -- what the engine is sent is the rule
    assert isinstance(body, bytes)
    assert archive.read(body, "Dockerfile").splitlines() == [
        "ARG BASE=debian@sha256:d",
        "FROM ${BASE}",
        "FROM --platform=x debian@sha256:d AS b",
        "FROM debian:ab",
        "CMD debian:a",
    ]


DOCKERS = [
    "Step 1/4 : FROM debian:a AS one",
    f" ---> {'0' * 12}",
    "Step 2/4 : COPY a /a",
    " ---> Using cache",
    f" ---> {'1' * 12}",
    "Step 3/4 : RUN b",
    f" ---> Running in {'2' * 12}",
    "---> no id",
    f" ---> Removed intermediate container {'2' * 12}",
    f" ---> {'3' * 12}",
    "Step 4/4 : FROM scratch",
    " ---> ",
    f"Successfully built {'3' * 12}",
]
PODMANS = [
    "[1/2] STEP 1/3: FROM debian:a AS one",
    "[1/2] STEP 2/3: RUN a",
    f"--> Using cache {'4' * 64}",
    f"--> {'4' * 12}",
    "[1/2] STEP 3/3: RUN b",
    f"--> {'5' * 11}",
]


def test_what_steps_leave_is_noted_as_they_end() -> None:
    """What a step has left is known as ours even if the next one fails; what was there is not."""
    said = [{"stream": f"{line}\n"} for line in [*DOCKERS, *PODMANS]]
    with (
        building(*said, {"error": "non-zero code: 1"}) as api,
        pytest.raises(BuildError),
    ):
        builder.run(api, ORDER, lambda _: None, Cancel())
    assert notes.read(notes.STEPS) == ["3" * 12, "5" * 11]
