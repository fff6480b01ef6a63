"""Lets the engine build one image, and leaves no container of the build behind."""

import json
import os
import re
import shutil
import subprocess
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING

from deployment_drift import paths
from deployment_drift.build import archive, mirrors, names
from deployment_drift.engine import leftovers, notes, ownership, streams
from deployment_drift.errors import BuildError
from deployment_drift.parallel import Cancel
from deployment_drift.paths import typed
from deployment_drift.waiting import until

if TYPE_CHECKING:
    from docker import APIClient


CERTIFICATES = "certificates.pem"
"""The file beside a Dockerfile that mentions it: whom this machine trusts, if it says so."""
OFFLINE = "DRIFT_OFFLINE"
"""The variable that says that nothing may be fetched: what would be is told as missing."""
REGISTRY = "NPM_CONFIG_REGISTRY"
REPLACED = "layer not known"
"""What Podman says where another build replaces an image at which it was just looking."""
_ANSWER_LIMIT = 20.0
SILENCE = 900.0
"""Seconds that one step of a build may print nothing."""
_SHOWN = 15
_SETTLE_LIMIT = 2.0
_NOTICE = 0.1
_PROXIES = ("http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY")


@dataclass(frozen=True, slots=True)
class Order:
    """What to build: an environment's folder, the tag for the result, the context as tar.

    `folder` may name a stage of its Dockerfile where the build ends: `local:php`. It may name
    another CPU: `container@arm64`; then somebody has to see that its programs run here. `pinned`
    are base images by the names that its Dockerfile has, as they are called by digest. What is
    built `anew` takes no step from an earlier build.
    """

    folder: str
    tag: str
    context: bytes
    arguments: Mapping[str, str] = field(default_factory=dict)
    pinned: Mapping[str, str] = field(default_factory=dict)
    anew: bool = False


def run(api: "APIClient", order: Order, say: Callable[[str], None], cancel: Cancel) -> None:
    """Build the image; `say` is told what the build prints, line by line.

    Raises BuildError with the last lines; CancelledError when cancelled, and the engine gives up.
    """
    require_online(f"the image of {order.folder}/")
    try:
        _run(api, order, say, cancel)
    except BuildError as error:
        if REPLACED not in error.what:
            raise
        _run(api, order, say, cancel)


def _run(api: "APIClient", order: Order, say: Callable[[str], None], cancel: Cancel) -> None:
    last, steps = deque[str](maxlen=_SHOWN), _Steps()
    with _no_container_left(api) as seen, _understood(order.folder):
        for message in streams.post(api, _request(order, _like(api)), cancel):
            for line in message.get("stream", "").splitlines():
                _note(line, last, seen)
                steps.hear(line)
                say(line)
            if "error" in message:
                raise _failed(order.folder, message["error"], last)


def require_online(what: str) -> None:
    """Raise BuildError where something would have to be fetched, and nothing may be."""
    if os.environ.get(OFFLINE):
        raise BuildError(f"{what} is not there, and nothing is fetched", hint=typed("prepare"))


@contextmanager
def _understood(name: str) -> Iterator[None]:
    """Raise BuildError where the engine refuses a Dockerfile before it begins."""
    from docker.errors import APIError

    try:
        yield
    except APIError as error:
        if error.status_code != HTTPStatus.BAD_REQUEST:
            raise
        raise _failed(name, str(error.explanation), deque()) from error


def _request(order: Order, like: Mapping[str, str] = {}) -> streams.Request:
    given = {name: os.environ[name] for name in _PROXIES if os.environ.get(name)}
    arguments = given or mirrors.proxies()  # an engine writes no proxy into an image's history
    _, stage, cpu = names.parse(order.folder)
    params = {
        "target": stage,
        "platform": f"linux/{cpu}" if cpu else "",
        "t": order.tag,
        "rm": "1",
        "forcerm": "1",
        "nocache": "1" if order.anew else "",
        **like,
        "labels": json.dumps(ownership.of_image(order.folder, order.tag)),
        "buildargs": json.dumps({**arguments, **order.arguments}),
    }
    return streams.Request("/build", params, SILENCE, _pinned(order))


def _like(api: "APIClient") -> dict[str, str]:
    """Return what lets a build take steps of images that an archive has brought.

    An engine keeps the images of the steps of its own builds only.
    """
    if not (paths.root() / paths.PACK).is_dir():
        return {}
    found = api.images(filters={"label": ownership.IMAGE})
    tags = [tag for image in found for tag in image["RepoTags"] or () if ownership.named(tag)]
    return {"cachefrom": json.dumps(tags)}


def _pinned(order: Order) -> bytes:
    """Return the context, whose Dockerfile starts from base images by digest where one is known."""
    known = {name: pinned for name, pinned in order.pinned.items() if name != pinned}
    if not known:
        return order.context
    text = archive.read(order.context, "Dockerfile")
    for name, pinned in known.items():
        starts = rf"^([ \t]*(?:FROM|ARG)\b.*?[ \t=]){re.escape(name)}(?=\s|$)"
        text = re.sub(starts, rf"\g<1>{pinned}", text, flags=re.MULTILINE | re.IGNORECASE)
    return archive.pack({"Dockerfile": text}, order.context)


def _note(line: str, last: "deque[str]", seen: set[str]) -> None:
    if line.strip():
        last.append(line)
    if found := re.search(r"---> Running in (\w+)", line):
        seen.add(found[1])
    if found := re.search(r"Removing intermediate container (\w+)", line):
        seen.discard(found[1])


class _Steps:
    """Notes what each step leaves as soon as the engine names it: no label says that it is ours.

    What was there before, as a base or by somebody's build, is not noted.
    """

    def __init__(self) -> None:
        self._makes = False

    def hear(self, line: str) -> None:
        """Listen to one line of a build, as Docker's builder or Podman's prints it."""
        if step := re.match(r"(?:\[\d+/\d+\] )?step \d+/\d+ ?: *(\w+)", line, re.IGNORECASE):
            self._makes = step[1].upper() != "FROM"
        elif re.match(r" ?--+> Using cache", line):
            self._makes = False
        elif self._makes and (left := re.fullmatch(r" ?--+> ([0-9a-f]{11,64})", line.rstrip())):
            self._makes = False
            notes.add(notes.STEPS, left[1])


def _failed(name: str, error: str, last: "deque[str]") -> BuildError:
    folder = names.parse(name).folder
    return BuildError(
        f"The image of {folder}/ could not be built: {error.strip()}",
        hint=f"see {folder}/Dockerfile; {typed('doctor')}",
        detail="\n".join(last),
    )


@contextmanager
def _no_container_left(api: "APIClient") -> Iterator[set[str]]:
    """Yield a set for the build's containers; when the block fails, all of them are removed."""
    before = set(_unlabelled(api))
    seen: set[str] = set()
    try:
        yield seen
    except BaseException:
        for container in seen:
            leftovers.remove_container(api, container)
        _settle(api, before)
        raise


def _settle(api: "APIClient", before: set[str]) -> None:
    """Wait for the engine to notice the closed connection and remove what it was just making."""
    Cancel().pause(_NOTICE)
    until(lambda: set(_unlabelled(api)) <= before, limit=_SETTLE_LIMIT, pause=_NOTICE)


def _unlabelled(api: "APIClient") -> list[str]:
    """Return the containers that could be a build's, which cannot be labelled."""
    found = api.containers(all=True)
    return [each["Id"] for each in found if ownership.LABEL not in (each["Labels"] or {})]


def equipped(order: Order) -> Order:
    """Return the order with what this machine's npm is told, if its Dockerfile asks for that."""
    if CERTIFICATES not in archive.read(order.context, "Dockerfile"):
        return order
    context = archive.pack({CERTIFICATES: certificates()}, order.context)
    arguments = {**order.arguments, REGISTRY: configured("registry")}
    return replace(order, context=context, arguments=arguments)


def certificates() -> bytes:
    """Return the certificates that npm or Node is told to trust on this machine, b"" for none."""
    file = configured("cafile") or os.environ.get("NODE_EXTRA_CA_CERTS", "")
    return Path(file).read_bytes() if file and Path(file).is_file() else b""


def configured(name: str) -> str:
    """Return a setting of this machine's npm; without npm, of its environment variable."""
    program = shutil.which("npm")
    if program is None:
        return os.environ.get(f"NPM_CONFIG_{name.upper()}", "")
    words = [program, "config", "get", name]
    quiet = {"NPM_CONFIG_LOGS_MAX": "0", "NPM_CONFIG_UPDATE_NOTIFIER": "false"}  # it writes at home
    asked = subprocess.run(
        words,
        capture_output=True,
        text=True,
        timeout=_ANSWER_LIMIT,
        check=False,
        env={**os.environ, **quiet},
    )
    return "" if asked.returncode else asked.stdout.strip().removeprefix("null")
