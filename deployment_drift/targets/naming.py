"""Gives containers names that people can say, and never one that somebody else has."""

from http import HTTPStatus
from itertools import count
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import docker
    from docker.errors import APIError
    from docker.models.containers import Container

PREFIX = "drift-"


def create(
    client: "docker.DockerClient",
    name: str,
    image: str,
    command: list[str] | None = None,
    **options: Any,  # noqa: ANN401 -- the SDK's
) -> "Container":
    """Create a container called `drift-NAME`, or `drift-NAME-2` and so on where that is taken.

    The engine decides whether it is: of two that ask at the same moment it refuses one.
    Raises docker's APIError for what else it refuses.
    """
    import docker

    for number in count(1):  # as many as there are containers of that name at most
        called = PREFIX + name + f"-{number}" * (number > 1)
        try:
            return client.containers.create(image, command, name=called, **options)
        except docker.errors.APIError as error:
            if not _is_taken(error):
                raise
    raise AssertionError  # never: counting has no end


def _is_taken(error: "APIError") -> bool:
    # Docker says conflict; Podman has answered with other statuses, but says it in words
    words = str(error.explanation)
    return error.status_code == HTTPStatus.CONFLICT or "already in use" in words
