"""Finds what the engine has by its tag, and removes tags that newer ones have outdated."""

from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import docker


def find(client: "docker.DockerClient", name: str) -> str:
    """Return the id of the image of that name, "" if the engine has none."""
    import docker

    try:
        return client.images.get(name).id or ""
    except docker.errors.NotFound:
        return ""


def remove_outdated(client: "docker.DockerClient", repository: str, keep: int) -> None:
    """Keep the newest images of a repository; one that is in use stays as well."""
    import docker

    found = client.api.images(repository)
    found.sort(key=lambda image: image["Created"], reverse=True)
    for image in found[keep:]:
        for tag in image["RepoTags"] or ():
            with suppress(docker.errors.APIError):
                client.api.remove_image(tag)
