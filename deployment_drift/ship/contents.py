"""Says what an image holds: packages, layers and their history, user, ports, and no secret."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from deployment_drift.engine.ownership import Session
from deployment_drift.errors import DriftError
from deployment_drift.ship.secrets import Secret, secrets
from deployment_drift.targets import throwaway
from deployment_drift.values import harmless

if TYPE_CHECKING:
    import docker

LIST = ("dpkg-query", "-W", "-f", "${binary:Package} ${Version} ${Architecture}\\n")
"""What an image of Debian's is asked; its answer is a package a line."""
CHUNK = 2**20
SHOWN = 80  # characters of a command that made a layer


@dataclass(frozen=True, slots=True)
class Layer:
    """One line of the history: what it added, in bytes, and what made it."""

    size: int
    made_by: str


@dataclass(frozen=True, slots=True)
class Contents:
    """What an image holds; `packages` are their versions and architectures by their names."""

    id: str
    architecture: str
    user: str
    ports: Sequence[str]
    layers: Sequence[Layer]
    packages: Mapping[str, tuple[str, str]]
    secrets: Sequence[Secret]

    @property
    def size(self) -> int:
        """Bytes of all layers."""
        return sum(layer.size for layer in self.layers)


def look(client: "docker.DockerClient", session: Session, name: str) -> Contents:
    """Return what an image of an engine holds.

    name: its id or any name. Raises DriftError where the engine has no such image.
    """
    import docker

    try:
        image = client.images.get(name)
    except docker.errors.ImageNotFound:
        raise DriftError(f"the engine has no image {name}", hint=f"docker pull {name}") from None
    settings = image.attrs["Config"]
    return Contents(
        id=str(image.id),
        architecture=image.attrs["Architecture"],
        user=settings.get("User") or "root",
        ports=sorted(settings.get("ExposedPorts") or {}),
        layers=[Layer(each["Size"], each["CreatedBy"]) for each in image.history()],
        packages=packages(client, session, str(image.id)),
        secrets=secrets(image.save(chunk_size=CHUNK)),
    )


def packages(
    client: "docker.DockerClient", session: Session, image: str
) -> dict[str, tuple[str, str]]:
    """Return an image's packages: their versions and architectures by their names.

    Debian's own list is asked in a container that reaches nothing; {} where there is none.
    """
    import docker

    alone: dict[str, Any] = {"entrypoint": LIST[0], "network_mode": "none", "read_only": True}
    asking = throwaway.container(client, session, image, list(LIST[1:]), name="inspect", **alone)
    try:
        with asking as asked:
            said = throwaway.ended(asked)
    except docker.errors.APIError as error:
        if "executable file not found" in str(error.explanation):
            return {}
        raise
    rows = [line.split(" ") for line in said.text.splitlines()] if said.done else []
    return {name: (version, architecture) for name, version, architecture in rows}


def lines(found: Contents) -> list[str]:
    """Return what people read of an image's contents, the largest layers first."""
    layers = sorted(found.layers, key=lambda layer: -layer.size)
    told = [
        f"image     {found.id}",
        f"for       {found.architecture}",
        f"runs as   {found.user}",
        f"listens   {', '.join(found.ports) or 'nowhere'}",
        f"packages  {len(found.packages)}",
        f"size      {found.size / 1e6:.1f} MB",
        *(f"{each.size / 1e6:8.1f}  {' '.join(each.made_by.split())[:SHOWN]}" for each in layers),
    ]
    return [harmless(line) for line in told]


def require_no_secret(found: Sequence[Secret]) -> None:
    """Raise DriftError, which names each secret's place and not its value, where there is one."""
    if found:
        what = "the image holds a secret: whoever can pull it can read it, also of a deleted file"
        detail = "\n".join(harmless(f"{each.where}: {each.what}") for each in found)
        hint = "give it in release.env, take it out of the Dockerfile, and make it anew"
        raise DriftError(what, hint=hint, detail=detail)


def bill(found: Contents) -> str:
    """Return the packages of an image as a bill of materials: CycloneDX 1.6, as JSON."""
    from cyclonedx.model.bom import Bom
    from cyclonedx.model.component import Component, ComponentType
    from cyclonedx.output.json import JsonV1Dot6
    from packageurl import PackageURL

    made = Bom()
    whole = Component(name="shop", version=found.id, type=ComponentType.CONTAINER)
    made.metadata.component = whole
    for name, (version, architecture) in found.packages.items():
        short = name.partition(":")[0]
        url = PackageURL("deb", "debian", short, version, {"arch": architecture})
        made.components.add(
            Component(name=short, version=version, type=ComponentType.LIBRARY, purl=url)
        )
    made.register_dependency(whole, made.components)
    return str(JsonV1Dot6(made).output_as_string(indent=1)) + "\n"
