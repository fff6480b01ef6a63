"""Names of images in registries, and what their complaints become."""

import json

import pytest

from deployment_drift.engine import engines
from deployment_drift.engine.engines import Engine
from deployment_drift.errors import DriftError
from deployment_drift.ship import complaints, registry
from deployment_drift.ship.registry import Name
from tests.fakes import Reply, serve

DIGEST = f"sha256:{'a' * 64}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("docker.io/me/shop", Name("docker.io", "me/shop")),
        ("registry.example:5000/team/shop:1.2", Name("registry.example:5000", "team/shop", "1.2")),
        (f"localhost/shop@{DIGEST}", Name("localhost", "shop", "", DIGEST)),
        ("[::1]:5000/shop", Name("[::1]:5000", "shop")),
    ],
)
def test_name_is_read_and_written_back(text: str, expected: Name) -> None:
    """A name in a registry has an address, a path, and a tag or a digest."""
    assert Name.parse(text) == expected
    assert str(expected) == text


@pytest.mark.parametrize(
    "text",
    [
        "shop",
        "me/shop",
        "registry.example/Shop",
        "registry.example/shop:",
        "registry.example/shop:a b",
        "registry.example:0/shop",
        "registry.example:70000/shop",
        "https://registry.example/shop",
        "user:secret@registry.example/shop",
        "registry.example/shop@sha256:12",
        "registry.example/../shop",
        "-registry.example/shop",
        f"registry.example/{'a' * 256}",
    ],
)
def test_what_names_no_registry_is_refused(text: str) -> None:
    """Nothing is guessed: a name without a registry would go to Docker Hub."""
    with pytest.raises(DriftError, match="is not the name of an image in a registry"):
        Name.parse(text)


@pytest.mark.parametrize(
    ("text", "here"),
    [
        ("127.0.0.1:5000/shop", True),
        ("127.8.8.8/shop", True),
        ("localhost:5000/shop", True),
        ("[::1]:5000/shop", True),
        ("localhost.example/shop", False),
        ("127.0.0.1.example/shop", False),
        ("10.0.0.1:5000/shop", False),
    ],
)
def test_only_loopback_is_this_machine(text: str, *, here: bool) -> None:
    """A registry may speak unencrypted only where its address never leaves this machine."""
    assert Name.parse(text).is_here is here


@pytest.mark.parametrize(
    ("words", "told", "hint"),
    [
        ("dial tcp 10.0.0.1:5000: connect: connection refused", "does not answer", "the same"),
        ("received unexpected HTTP status: 500 Internal Server Error", "disk full", "df -h"),
        ("Client sent an HTTP request to an HTTPS server.", "does not answer", "the same"),
        ("unexpected EOF", "stopped in the middle", "is not sent again"),
        ("denied: requested access is denied", "does not let you in", "docker login r.example"),
        ("no basic auth credentials", "does not let you in", "docker login r.example"),
        ("toomanyrequests: rate limit", "left alone for a while", "a few minutes later"),
        ("manifest unknown: manifest unknown", "does not have it", "docker images --digests"),
        ("write /var: no space left on device", "no space left", "df -h"),
        ("x509: certificate signed by unknown authority", "does not trust", "certs.d/r.example/"),
        ("http: server gave HTTP response to HTTPS client", "is not encrypted", "127.0.0.1"),
        ("the image tag '1' already exists and cannot be overwritten", "nobody move it", "no tag"),
        ("cannot update tag 1. The repository has enabled tag immutability", "nobody", "no tag"),
        ("no matching manifest for linux/arm64", "for other CPUs only", "manifest inspect"),
        (f"filesystem layer verification failed for digest {DIGEST}", "other content", "push"),
    ],
)
def test_complaint_becomes_a_sentence(words: str, told: str, hint: str) -> None:
    """What a registry complains of is said in one sentence, with what to type next."""
    error = complaints.explained(Name.parse("r.example/shop"), words)
    assert told in error.what
    assert "r.example" in error.what
    assert hint in error.hint
    assert error.detail == words


def test_registry_of_this_machine_and_another_engine() -> None:
    """Podman trusts no registry for being here: there is no file to put a scene's authority in."""
    words = "x509: certificate signed by unknown authority"
    error = complaints.explained(Name.parse("127.0.0.1:5000/shop"), words)
    assert "does not trust" in error.what
    assert "on Docker" in error.hint


def test_complaint_in_other_words_than_dockers() -> None:
    """Podman calls what went wrong `error`, where the SDK looks for a `message`."""
    words = "x509: certificate signed by unknown authority"
    said = Reply(f'{{"stream":"a"}}\n{json.dumps({"errorDetail": {}, "error": words})}\n', 500)
    answers = {"POST /images/sha256:1/tag": Reply(status=201)}
    answers["POST /images/127.0.0.1:5000/shop/push"] = said
    with serve(answers | {"GET /info": {}}) as address:
        engine = Engine(f"tcp://{address}", "DOCKER_HOST", api="1.41")
        with (
            engines.opened(engine) as client,
            pytest.raises(complaints.RegistryError, match="does not trust") as raised,
        ):
            registry.push(client, "sha256:1", Name.parse("127.0.0.1:5000/shop:1"))
    assert raised.value.detail == words


def test_unknown_complaint_is_shown_as_it_is() -> None:
    """A complaint that nobody foresaw is shown, and is an error all the same."""
    error = complaints.explained(Name.parse("r.example/shop"), "the moon is full")
    assert error.detail == "the moon is full"


def test_no_secret_is_shown() -> None:
    """A password in an address that a registry complains of is left out."""
    words = "Get https://me:s3cret@r.example/v2/: unauthorized"
    error = complaints.explained(Name.parse("r.example/shop"), words)
    assert "s3cret" not in f"{error.what}{error.hint}{error.detail}"
    assert "https://r.example/v2/" in error.detail
