"""The Docker client's contexts, which the SDK finds only beside settings, and whether it serves."""

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deployment_drift import pace
from deployment_drift.errors import EngineError

if TYPE_CHECKING:
    from docker.tls import TLSConfig

    from deployment_drift.engine.engines import Engine

_LIMIT = 20
"""Seconds that the client has to answer at least; where engines are slower, it has longer."""


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
    found = shutil.which("docker")
    if found is None:
        what = "There is no docker client, by which the servers are asked."
        return EngineError(what, hint="apt-get install docker-cli, or docker.io before Debian 13")
    said = _complaint([found, "ps", "-q"], engine) if engine else _complaint([found, "--version"])
    if said is None:
        return None
    if engine and "too old" in said:
        what = f"The docker client is too old for the engine {engine.version} at {engine.url}."
        return EngineError(what, hint="install a newer docker-cli, or docker-ce-cli", detail=said)
    where = f" with the engine {engine.version} at {engine.url}" if engine else ""
    return EngineError(
        f"The docker client {found}, by which the servers are asked, does not work{where}.",
        hint="docker ps; install docker-cli anew, or have another one earlier in PATH",
        detail=said,
    )


def _complaint(asked: list[str], engine: "Engine | None" = None) -> str | None:
    """Return what a client complains of that is asked something easy, None where it answers."""
    limit = pace.limit("answer", _LIMIT)
    try:
        done = subprocess.run(
            asked,
            env={**os.environ, **(engine.environment if engine else {})},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="backslashreplace",
            timeout=limit,
            check=False,
        )
    except OSError as error:
        return f"it cannot be started: {error.strerror}"
    except subprocess.TimeoutExpired:
        return f"it has said nothing for {limit:.0f} s"
    ended = f"it ended with {done.returncode} and said nothing"
    return (done.stderr.strip() or ended) if done.returncode else None
