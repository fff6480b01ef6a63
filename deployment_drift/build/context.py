"""Packs what an environment is built from, always into the same bytes."""

import hashlib
import io
import re
import tarfile
from collections.abc import Sequence
from pathlib import Path
from string import Template

from deployment_drift.build import archive, names
from deployment_drift.errors import BuildError

SHARED = "app"
"""The folder that every environment deploys."""
_FROM = re.compile(
    r"^[ \t]*FROM[ \t]+(?:--\S+[ \t]+)*(\S+)(?:[ \t]+AS[ \t]+(\S+))?[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)
_ARG = re.compile(r"^[ \t]*ARG[ \t]+(\w+)=(\S+)[ \t]*$", re.IGNORECASE | re.MULTILINE)


def dockerfile(folder: str, root: Path) -> Path:
    """Return an environment's Dockerfile; raise BuildError if there is none."""
    file = root / folder / "Dockerfile"
    if not file.is_file():
        raise BuildError(f"There is no Dockerfile at {file}.", hint="ls local release container")
    return file


def bases_of(name: str, root: Path) -> list[str]:
    """Return the images that a Dockerfile starts from, without its own stages and `scratch`.

    name: its folder, `folder:stage`, or `folder@cpu`, which starts from that CPU's base.
    """
    folder, _, cpu = names.parse(name)
    text = dockerfile(folder, root).read_text(encoding="utf-8")
    defaults = dict(_ARG.findall(_FROM.split(text)[0]))  # those of a stage are not for FROM
    bases, stages = [], {"scratch"}
    for found in _FROM.finditer(text):
        base = Template(found[1]).safe_substitute(defaults)
        if base not in stages and base not in bases:
            bases.append(base)
        stages.add(found[2] or "scratch")
    return [names.base(each, cpu) for each in bases] if cpu else bases


def pack(folder: str, root: Path) -> bytes:
    """Return the build context as tar: the folder with `app/` in it, without times and owners.

    So a Dockerfile need not say in which folder it is. By hand, the same is
    `tar -c -C local . -C .. app | docker build -`.
    """
    dockerfile(folder, root)
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.GNU_FORMAT) as packed:
        for path in sorted((root / folder).rglob("*")):
            archive.copy(packed, path, path.relative_to(root / folder).as_posix())
        for path in sorted([*root.glob(SHARED), *(root / SHARED).rglob("*")]):
            archive.copy(packed, path, path.relative_to(root).as_posix())
    return buffer.getvalue()


def fingerprint(context: bytes, bases: Sequence[str]) -> str:
    """Return twelve digits for a context and the ids of its base images."""
    digest = hashlib.sha256(context)
    for base in bases:
        digest.update(base.encode())
    return digest.hexdigest()[:12]
