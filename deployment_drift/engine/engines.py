"""Finds the container engine that the user's Docker client would use, or starts a private one."""

import os
import platform
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlencode

from deployment_drift import pace
from deployment_drift.engine import contexts, private, sockets, tunnel
from deployment_drift.errors import DriftError, EngineError
from deployment_drift.paths import typed

if TYPE_CHECKING:
    import docker

Origin = Literal["DOCKER_HOST", "context", "default", "private"]

ANSWER_LIMIT = 20
"""Seconds that an engine has to say its version at least: a busy Podman has needed more than five.

Where one has once answered after that long, it has longer.
"""
CALL_LIMIT = 240
"""Seconds that one request may be silent: a busy computer's engine has needed more than 60."""


@dataclass(frozen=True, slots=True)
class Engine:
    """An engine that answered: `url` as in DOCKER_HOST; `api` is the version that it speaks.

    config: the folder of the client's settings that have its `context`, "" for the user's own.
    """

    url: str
    origin: Origin
    version: str = ""
    os: str = ""
    architecture: str = ""
    api: str = ""
    context: str = ""
    config: str = ""

    @property
    def environment(self) -> dict[str, str]:
        """Return what leads a client program, `docker exec` say, to this same engine."""
        if not self.context:
            return {"DOCKER_HOST": self.url}
        config = {"DOCKER_CONFIG": self.config} if self.config else {}
        return {"DOCKER_CONTEXT": self.context, **config}

    def address(self, container: str) -> str:
        """Return a container's address, with what leads to this engine where that has a context."""
        way = {"config": self.config, "context": self.context}
        query = urlencode({key: value for key, value in way.items() if value})
        return f"docker://{container}{'?' * bool(query)}{query}"


def connect(announce: Callable[[str], None]) -> Engine:
    """Return the engine to use; install and start a private one where there is none.

    announce: is told in one line what is going to be installed or started.
    Raises EngineError if the engine that was chosen does not answer, or if there is none.
    """
    found = find()
    if not found:
        if error := hindrance():
            raise error
        if private.install(announce):
            found = find()  # with systemd, the package starts an engine of its own
        found = found or _ask(Engine(private.start(announce), "private"))
    if error := contexts.unusable(found):
        raise error
    return found


def find() -> Engine | None:
    """Return the engine that answers now, None if there is none; start and install nothing."""
    chosen = choice(os.environ)
    if chosen:
        return _ask(chosen)
    for path in sockets.defaults(os.environ):
        if sockets.listens(path):
            return _ask(Engine(f"unix://{path}", "default"))
    url = private.running()
    return _ask(Engine(url, "private")) if url else None


def private_environment() -> dict[str, str]:
    """Return what leads a docker client to our private engine, {} where it has one to go to."""
    with suppress(DriftError):  # one that does not let us in is for the client to complain of
        others = choice(os.environ) or any(map(sockets.listens, sockets.defaults(os.environ)))
        url = None if others else private.address()
        return {"DOCKER_HOST": url} if url else {}
    return {}


def choice(environment: Mapping[str, str]) -> Engine | None:
    """Return the engine that the user chose by DOCKER_HOST or a context, not asked yet."""
    if url := environment.get("DOCKER_HOST"):
        return Engine(url, "DOCKER_HOST")
    name = contexts.current(environment)
    if name == "default":
        return None
    host = contexts.endpoint(name, environment).get("Host")
    if not host:
        raise EngineError(
            f"The Docker context “{name}” is not known here.", hint="docker context use default"
        )
    return Engine(host, "context", context=name)


def at(context: str, config: str = "") -> Engine:
    """Return the engine of a context of the Docker client, beside the one that scenes use.

    config: the folder of settings that have the context, "" for the user's own.
    Raises EngineError if there is none, or if it does not answer.
    """
    folder = config or os.environ.get("DOCKER_CONFIG", "")
    found = choice({"DOCKER_CONTEXT": context, "DOCKER_CONFIG": folder})
    if not found:
        raise EngineError(f"{context!r} is not another engine.", hint="docker context ls")
    return _ask(replace(found, config=config))


def there(where: str) -> Engine:
    """Return another engine, by its address or its context, on whichever machine it is.

    What it publishes is open on that machine. Raises EngineError.
    """
    settings = {"DOCKER_CONTEXT": where, "DOCKER_CONFIG": os.environ.get("DOCKER_CONFIG", "")}
    found = Engine(where, "DOCKER_HOST") if "://" in where else choice(settings)
    if not found:
        raise EngineError(f"{where!r} is not another engine.", hint="docker context ls")
    return _introduced(found)


def client(engine: Engine, *, limit: int = CALL_LIMIT) -> "docker.DockerClient":
    """Return a client of the engine whose requests may each be silent for `limit` seconds."""
    import docker
    from requests.utils import get_environ_proxies

    made = docker.DockerClient(version=engine.api, timeout=limit, **_reach(engine))
    if made.api.verify is not True:  # else REQUESTS_CA_BUNDLE goes before the engine's authority
        made.api.proxies = get_environ_proxies(made.api.base_url)
        made.api.trust_env = False
    return made


@contextmanager
def opened(engine: Engine, *, limit: int = CALL_LIMIT) -> Iterator["docker.DockerClient"]:
    """Yield a client for the block; an engine that fails inside it is an EngineError."""
    import docker
    import requests

    try:
        with closing(client(engine, limit=limit)) as connected:
            yield connected
    except docker.errors.APIError as error:
        raise EngineError(
            f"The engine at {engine.url} refused: {error.explanation}", hint=typed("doctor")
        ) from error
    except requests.RequestException as error:
        raise EngineError(
            f"The engine at {engine.url} stopped answering: {sockets.reason(error)}.",
            hint=typed("doctor"),
        ) from error


def hindrance() -> EngineError | None:
    """Return why no private engine can be started here, None if one can."""
    if platform.system() == "Linux" and os.geteuid() == 0:
        return None
    return no_engine(platform.system())


def no_engine(system: str) -> EngineError:
    """Return the sentence for a machine of this platform.system() that has no engine."""
    hints = {
        "Linux": f"sudo {typed('…')}  (root installs and starts one), or install Docker or Podman",
        "Darwin": "start Docker Desktop, Colima or OrbStack, then try again",
        "Windows": "run this inside WSL 2, with Docker Desktop started",
    }
    return EngineError(
        "No container engine answers on this machine.",
        hint=hints.get(system, "set DOCKER_HOST to an engine's address"),
    )


def _reach(engine: Engine) -> dict[str, Any]:
    if engine.url.startswith("ssh://"):
        return {"base_url": tunnel.socket(engine.url)}
    if engine.origin == "DOCKER_HOST":
        from docker.utils import kwargs_from_env

        return dict(kwargs_from_env(environment={**os.environ, "DOCKER_HOST": engine.url}))
    if engine.context:
        settings = {**os.environ, **engine.environment}
        return {"base_url": engine.url, "tls": contexts.certificates(engine.context, settings)}
    return {"base_url": engine.url}


def _ask(engine: Engine) -> Engine:
    """Return the engine with what it says of itself; it has to be on this machine."""
    if engine.url.startswith("ssh://"):
        raise EngineError(
            f"The engine at {engine.url} is on another machine: "
            "the ports of what it starts are open there, and not here.",
            hint=f"ssh {engine.url.removeprefix('ssh://')}, and play it there",
        )
    return _introduced(engine)


def _introduced(engine: Engine) -> Engine:
    """Return the engine with what it says of itself."""
    answer = _version(engine)
    if answer["Os"] != "linux":
        raise EngineError(
            f"The engine at {engine.url} runs {answer['Os']} containers.",
            hint="switch it to Linux containers",
        )
    return replace(
        engine,
        version=answer["Version"],
        os=answer["Os"],
        architecture=answer["Arch"],
        api=answer["ApiVersion"],
    )


def _version(engine: Engine) -> dict[str, str]:
    import docker
    from docker.constants import DEFAULT_DOCKER_API_VERSION

    # the first request carries no version, so any constant serves to ask for the real one
    probe = replace(engine, api=DEFAULT_DOCKER_API_VERSION)
    try:
        if engine.url.startswith("unix://"):
            sockets.knock(Path(engine.url.removeprefix("unix://")))
        limit, began = int(pace.limit("answer", ANSWER_LIMIT)), monotonic()
        with closing(client(probe, limit=limit)) as asked:
            answer = asked.api.version(api_version=False)
    except (OSError, docker.errors.DockerException, ValueError) as error:
        raise _unreachable(engine, sockets.reason(error)) from error
    if not isinstance(answer, dict) or not {"Version", "ApiVersion", "Os", "Arch"} <= set(answer):
        raise _unreachable(engine, "what answers there is not a container engine")
    pace.remember("answer", monotonic() - began, ANSWER_LIMIT)
    return answer


def _unreachable(engine: Engine, reason: str) -> EngineError:
    where = {
        "DOCKER_HOST": "DOCKER_HOST",
        "context": f"the Docker context “{engine.context}”",
    }.get(engine.origin, "the default socket")
    hints = {
        "DOCKER_HOST": "unset DOCKER_HOST",
        "context": "docker context use default",
    }
    return EngineError(
        f"No engine answers at {engine.url} (from {where}): {reason}.",
        hint=hints.get(engine.origin, typed("doctor")),
    )
