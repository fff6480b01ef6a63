"""Says how a release is started, whatever it runs on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

Kind = Literal["container", "machine"]
Scheme = Literal["http", "https", "smtp"]
Accelerator = Literal["tcg", "kvm"]


@dataclass(frozen=True, slots=True)
class Target:
    """Where a release runs: as `name`, a container or a virtual machine of an `image`.

    image: its id; in a scene the folder that it is built from, until it is built.
    env: variables by their names; `env_file` is a file of more, beside the Dockerfile.
    port: where it listens inside, for `scheme`; 0 for one that has no server to wait for.
    path: where a web server answers 200 when it is ready; limit: the seconds that it has for
    that, 0 for what its kind takes.
    hardened: without privileges, whatever the image says, but for these `capabilities`.
    network: where others find it by its name. volumes: paths inside by the volumes' names.
    accelerator: how a virtual machine's processor is made.
    """

    name: str
    image: str
    kind: Kind = "container"
    env: Mapping[str, str] = field(default_factory=dict)
    env_file: str = ""
    port: int = 80
    scheme: Scheme = "http"
    path: str = "/health.php"
    limit: float = 0.0
    hardened: bool = False
    capabilities: Sequence[str] = ()
    network: str = ""
    volumes: Mapping[str, str] = field(default_factory=dict)
    accelerator: Accelerator = "tcg"


def env_file(path: Path) -> dict[str, str]:
    """Read `NAME=value` lines as `docker run --env-file` does."""
    lines = [line.strip() for line in path.read_text().splitlines()]
    pairs = [line.partition("=") for line in lines if line and not line.startswith("#")]
    return {name: value for name, _, value in pairs}
