"""The Docker client's contexts, which the SDK finds only beside settings, and whether it serves."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deployment_drift.errors import EngineError

if TYPE_CHECKING:
    from docker.tls import TLSConfig

    from deployment_drift.engine.engines import Engine

EVERY_CLIENT = 41
"""Every client in use speaks API 1.41; an engine that wants more may not understand it."""
_LIMIT = 60


def current(environment: Mapping[str, str]) -> str:
    """Return the name of the context that is used, as the environment or the settings say."""
    if name := environment.get("DOCKER_CONTEXT"):
        return name
    with suppress(OSError, ValueError, AttributeError, RuntimeError):
        settings = json.loads((_client(environment) / "config.json").read_text("utf-8"))
        return str(settings.get("currentContext") or "default")
    return "default"


def endpoint(name: str, environment: Mapping[str, str]) -> dict[str, Any]:
    """Return where a context leads, as `{"Host": "unix://…"}`; {} where there is none."""
    with suppress(OSError, ValueError, KeyError, TypeError, RuntimeError):
        path = _folder("meta", name, environment) / "meta.json"
        return dict(json.loads(path.read_text("utf-8"))["Endpoints"]["docker"])
    return {}


def certificates(name: str, environment: Mapping[str, str]) -> "TLSConfig | None":
    """Return the certificates that the client keeps for a context; None where it has none."""
    from docker.tls import TLSConfig

    folder = _folder("tls", name, environment) / "docker"
    authority, own, key = (str(folder / f"{each}.pem") for each in ("ca", "cert", "key"))
    if not all(Path(path).exists() for path in (authority, own, key)):
        return None
    verify = not endpoint(name, environment).get("SkipTLSVerify")
    return TLSConfig(client_cert=(own, key), ca_cert=authority, verify=verify or None)


def write(config: Path, name: str, host: str, pems: Mapping[str, bytes]) -> None:
    """Write a context into a folder of settings that is ours.

    pems: the files `ca`, `cert` and `key`, by these names.
    """
    settings = {"DOCKER_CONFIG": str(config)}
    meta, tls = _folder("meta", name, settings), _folder("tls", name, settings) / "docker"
    for folder in (meta, tls):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    endpoints = {"docker": {"Host": host, "SkipTLSVerify": False}}
    said = {"Name": name, "Metadata": {}, "Endpoints": endpoints}
    (meta / "meta.json").write_text(json.dumps(said), "utf-8")
    for each, content in pems.items():
        file = tls / f"{each}.pem"
        file.touch(mode=0o600)
        file.write_bytes(content)


def _client(environment: Mapping[str, str]) -> Path:
    return Path(environment.get("DOCKER_CONFIG") or Path.home() / ".docker")


def _folder(kind: str, name: str, environment: Mapping[str, str]) -> Path:
    return _client(environment) / "contexts" / kind / sha256(name.encode()).hexdigest()


def unusable(engine: "Engine | None") -> EngineError | None:
    """Return what is said where no client program can ask the servers, None where one can."""
    if shutil.which("docker") is None:
        what = "There is no docker client, by which the servers are asked."
        return EngineError(what, hint="apt-get install docker-cli, or docker.io before Debian 13")
    wanted = re.fullmatch(r"1\.(\d+)", engine.oldest) if engine else None
    return _too_old(engine) if engine and wanted and int(wanted[1]) > EVERY_CLIENT else None


def _too_old(engine: "Engine") -> EngineError | None:
    done = subprocess.run(
        ["docker", "version", "--format", "{{.Server.Version}}"],
        env={**os.environ, **engine.environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=_LIMIT,
        check=False,
    )
    if done.returncode == 0:
        return None
    return EngineError(
        f"The docker client is too old for the engine {engine.version} at {engine.url}.",
        hint="install a newer docker-cli, or docker-ce-cli",
        detail=done.stderr.strip(),
    )
