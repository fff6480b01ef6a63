"""Says in one sentence what a registry, or an engine on its way there, complained of."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from deployment_drift.errors import DriftError

if TYPE_CHECKING:
    from deployment_drift.ship.registry import Name

_SECRET = re.compile(r"(?<=://)\S+@(?!sha256:)")

# What registries and engines say, what it means, and what to type next.
_REASONS = (
    (r"HTTP response to HTTPS client", "is not encrypted, which is only for this machine's own",
     "give it a certificate, or push to 127.0.0.1"),
    (r"x509|certificate|tls: ", "shows a certificate that the engine does not trust",
     "put its authority at /etc/docker/certs.d/{registry}/ca.crt, where the engine runs"),
    (r"toomanyrequests|too many requests|\b429\b", "asks to be left alone for a while (429)",
     "the same a few minutes later; after docker login {registry} it may allow more"),
    (r"immutab|cannot be overwritten|tag .* already exists",
     "has that tag for another image, and lets nobody move it",
     "give --to no tag: then the content is the tag"),
    (r"unauthorized|denied|no basic auth|authentication required|forbidden|\b40[13]\b",
     "does not let you in", "docker login {registry}"),
    (r"read-only|unsupported|\b405\b", "takes nothing: it is read-only", "push to another one"),
    (r"verification failed|unexpected commit digest|digest invalid|does not match",
     "gives other content than the digest says", "push the image again, under a new name"),
    (r"no space left|insufficient storage|\b507\b", "or the engine has no space left",
     "df -h, where the registry and the engine keep their data"),
    (r"no matching manifest|does not match the (?:specified|detected)|wrong architecture",
     "has it for other CPUs only", "docker manifest inspect {name}"),
    (r"manifest unknown|not found|name unknown|\b404\b", "does not have it",
     "look at the name and the digest: docker images --digests"),
    (r"\b500\b", "is in trouble itself, its disk full perhaps",
     "df -h and its log, where it runs"),
    # the last is what is left of a handshake that took too long: the engine tried it unencrypted
    (r"refused|no such host|timeout|timed out|EOF|reset by peer|unreachable|\b50[234]\b|an HTTPS",
     "does not answer, or has stopped in the middle",
     "the same again: what has arrived is not sent again"),
)  # fmt: skip
# Podman could push to it unproven (tlsVerify), but up to 5 it cannot be asked for a digest there
_HERE = (
    r"x509|certificate|tls: ", "shows a certificate that the engine does not trust",
    "play it on Docker, which needs to know no certificate of this machine's own registries",
)  # fmt: skip


class RegistryError(DriftError):
    """A registry, or an engine on its behalf, did not do what it was asked for."""


@contextmanager
def told(name: "Name") -> Iterator[None]:
    """Say in one sentence what a registry, or the engine on its way there, complained of."""
    import docker
    import requests

    try:
        yield
    except RegistryError as error:
        raise explained(name, error.what) from error
    except docker.errors.DockerException as error:  # also what a credential helper says
        raise explained(name, str(getattr(error, "explanation", "") or error)) from error
    except KeyError as error:  # the SDK looks for a `message`, but Podman says `error`
        said = getattr(getattr(error.__context__, "response", None), "text", "")
        raise explained(name, said or repr(error)) from error
    except requests.RequestException as error:
        raise explained(name, f"the engine stopped answering: {error}") from error


def explained(name: "Name", words: str) -> RegistryError:
    """Return the error for what was complained of, which is shown without anybody's secrets."""
    with suppress(ValueError, LookupError, TypeError):  # what Podman says is the last of its JSON
        words = str(json.loads(words.splitlines()[-1])["error"])
    shown = _SECRET.sub("", words).strip()
    for pattern, meaning, hint in (*[_HERE] * name.is_here, *_REASONS):
        if re.search(pattern, words, re.IGNORECASE):
            where = {"registry": name.registry, "name": name}
            what = f"the registry {name.registry} {meaning}: {name}"
            return RegistryError(what, hint=hint.format(**where), detail=shown)
    return RegistryError(f"{name} could not be moved", hint="docker info", detail=shown)
