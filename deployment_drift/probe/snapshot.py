"""What a host was at one moment, as a file that stands wherever an address does."""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import datetime
from functools import cache, lru_cache, reduce
from importlib import resources
from operator import getitem
from pathlib import Path
from typing import Any

from deployment_drift import files
from deployment_drift.errors import DriftError
from deployment_drift.paths import typed
from deployment_drift.probe import script
from deployment_drift.probe.collect import Answer, Section
from deployment_drift.probe.observe import unsound
from deployment_drift.records import Observation, Status

VERSION = 2
SUFFIX = ".json"
# What stands between the parts of a file, and between two entries: each has a line of its own.
SECTIONS, OBSERVATIONS, END = ',\n"sections": {\n', '\n},\n"observations": [\n', "\n]}\n"
NEXT = ",\n"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything that the checks saw on one host; `observations` by the check's name.

    `sections` are what the host answered, for checks that are made later; a snapshot of version 1
    has none. `secret` is the key of the digests in it: who is compared with it needs the same.
    What a script printed has no observations, and of the key only the fingerprint.
    """

    address: str
    taken: datetime
    observations: Mapping[str, Observation]
    sections: Mapping[str, Section] = field(default_factory=dict)
    secret: str = ""
    fingerprint: str = ""

    @property
    def key(self) -> str:
        """What tells its key apart from others; nothing where nothing was hidden with one."""
        return self.fingerprint or (script.fingerprint(self.secret) if self.secret else "")

    def missed(self) -> str:
        """Return why a check that was not made then, and asks the host itself, is unknown."""
        return f"the snapshot of {self.taken:%Y-%m-%d %H:%M} was taken without this check"


def is_snapshot(address: str) -> bool:
    """Whether an address is the path of a snapshot: any file, or one that ends with `.json`."""
    if "://" in address or address.endswith(SUFFIX):
        return "://" not in address
    with suppress(OSError):  # a name that is too long is that of no file
        return Path(address).is_file()
    return False


def write(path: Path, snapshot: Snapshot) -> None:
    """Write a snapshot, which has a key, for its owner alone; it is there whole or not at all.

    Raises DriftError where it would take the place of one in which less is unknown, or of
    something else: a host that is down today must not cost what is known of it.
    """
    before, unknown = require(path), _unknown(snapshot)
    if before and unknown > _unknown(before):
        raise DriftError(
            f"{path} stays as it is: {unknown} of {len(snapshot.observations)} answers are "
            f"unknown now, {_unknown(before)} were when it was taken",
            hint=f"see what is the matter, or remove it first: rm {path}",
        )
    files.write(path, _text(snapshot), files.PRIVATE)


def require(path: Path) -> Snapshot | None:
    """Return the snapshot whose place another one may take, None where there is nothing.

    Raises DriftError where there is something else, so that no host is asked for nothing.
    """
    if not path.is_file() or not path.stat().st_size:
        return None
    try:
        return read(path)
    except DriftError as error:
        raise DriftError(f"{error.what}; it stays as it is", hint=f"rm {path}") from error


def _unknown(snapshot: Snapshot) -> int:
    return sum(each.status is Status.UNKNOWN for each in snapshot.observations.values())


def _text(snapshot: Snapshot) -> str:
    """Return a snapshot as JSON, with a line for each entry."""
    about = {
        "version": VERSION,
        "address": snapshot.address,
        "taken": snapshot.taken.isoformat(),
        "secret": snapshot.secret,
    }
    told = [f"{_json(name)}: {_json(_told(each))}" for name, each in snapshot.sections.items()]
    seen = [_json(_entry(check, each)) for check, each in snapshot.observations.items()]
    head = _json(about).removesuffix("}")
    return head + SECTIONS + NEXT.join(told) + OBSERVATIONS + NEXT.join(seen) + END


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _entry(check: str, seen: Observation) -> dict[str, Any]:
    entry = {"check": check, "status": seen.status, "value": seen.value}
    return {**entry, "reason": seen.reason} if seen.reason else entry


def _told(section: Section) -> dict[str, str]:
    return {key: value for key, value in asdict(section).items() if value}


def read(path: Path) -> Snapshot:
    """Return a snapshot; DriftError where it is cut off, of a future version, or none at all.

    A file is read once as long as it stays as it is.
    """
    try:
        now = path.stat()
        return _read(path, now.st_mtime_ns, now.st_size)
    except (OSError, ValueError) as error:  # the second where there is a null character in it
        why = error.strerror if isinstance(error, OSError) else str(error)
        raise DriftError(f"{path}: {why}", hint=typed("snapshot ADDRESS")) from error


@lru_cache(maxsize=4096)
def _read(path: Path, _: int, __: int) -> Snapshot:
    content = path.read_bytes()
    first = script.starts(content)
    if not first:
        return _from_json(path, content)
    _known(path, int(first[1]), script.VERSION)
    try:
        found, told = script.sections(content, first)
    except ValueError as error:
        raise DriftError(
            f"{path} is cut off: the end of the snapshot is missing", hint="run the script again"
        ) from error
    taken = datetime.fromisoformat(told["taken"])
    return Snapshot(told["host"], taken, {}, _shared(found), fingerprint=told["key"])


def _known(path: Path, version: object, known: int) -> None:
    if isinstance(version, int) and version > known:
        raise DriftError(
            f"{path} is a snapshot of version {version}; this program knows {known}",
            hint="git pull",
        )


def _from_json(path: Path, said: bytes) -> Snapshot:
    if found := _by_entries(said):
        return found
    try:
        content = json.loads(said)
    except (ValueError, RecursionError) as error:
        raise _damaged(
            path, f"neither JSON nor what the script prints, or cut off ({error})"
        ) from error
    _known(path, content.get("version") if isinstance(content, dict) else None, VERSION)
    if fault := _fault(content):
        raise _damaged(path, fault)
    try:
        seen = {entry["check"]: _observation(entry) for entry in content["observations"]}
        sections = {name: _section(each) for name, each in content.get("sections", {}).items()}
        return _made(content, seen, _shared(sections))
    except ValueError as error:  # a day that there is not, a value without an end
        raise _damaged(path, str(error)) from error


def _by_entries(said: bytes) -> Snapshot | None:
    """Read what `write` wrote, line by line: what stands in other snapshots, too, is read once.

    None where somebody has laid it out otherwise, or where it has a fault.
    """
    try:
        head, _, rest = said.decode("utf-8").partition(SECTIONS)
        told, whole, seen = rest.removesuffix(END).partition(OBSERVATIONS)
        if not whole or not rest.endswith(END):
            return None
        content = json.loads(head + "}")
        sections = dict(map(_section_of, filter(None, told.split(NEXT))))
        observations = dict(map(_observation_of, filter(None, seen.split(NEXT))))
        sound = not _fault({**content, "observations": []})
        return _made(content, observations, sections) if sound else None
    except (ValueError, RecursionError):
        return None


@cache
def _section_of(line: str) -> tuple[str, Section]:
    ((name, entry),) = json.loads("{" + line + "}").items()
    if not _validator("sections", "additionalProperties").is_valid(entry):
        raise ValueError(name)
    return name, _section(entry)


@cache
def _observation_of(line: str) -> tuple[str, Observation]:
    entry = json.loads(line)
    if not _validator("observations", "items").is_valid(entry):
        raise ValueError(line)
    return entry["check"], _observation(entry)


def _made(
    content: dict[str, Any], seen: dict[str, Observation], told: dict[str, Section]
) -> Snapshot:
    taken, secret = datetime.fromisoformat(content["taken"]), content.get("secret", "")
    return Snapshot(content["address"], taken, seen, told, secret)


_SHARED: dict[Section, Section] = {}


def _shared(sections: dict[str, Section]) -> dict[str, Section]:
    """Return the sections; those that another snapshot has as well are the same objects."""
    return {name: _SHARED.setdefault(each, each) for name, each in sections.items()}


def _section(entry: dict[str, str]) -> Section:
    return Section(Answer(entry["status"]), entry.get("text", ""), entry.get("reason", ""))


def _observation(entry: dict[str, Any]) -> Observation:
    if fault := unsound(entry["value"]):
        raise ValueError(f"{entry['check']} {fault}")
    return Observation(Status(entry["status"]), entry["value"], entry.get("reason", ""))


@cache
def _validator(*place: str) -> Any:  # noqa: ANN401 -- jsonschema's protocol
    """Return what validates a snapshot, or the property and its part that are named."""
    from jsonschema.validators import validator_for

    found = schema("snapshot")
    return validator_for(found)(reduce(getitem, ("properties", *place), found) if place else found)


def _fault(content: object) -> str:
    from jsonschema.exceptions import best_match

    error = best_match(_validator().iter_errors(content))
    return f"{error.json_path}: {error.message[:200]}" if error else ""


def _damaged(path: Path, what: str) -> DriftError:
    return DriftError(f"{path} is not a snapshot: {what}", hint=typed("snapshot ADDRESS"))


@cache
def schema(name: str) -> Any:  # noqa: ANN401 -- a JSON schema
    """Return one of the JSON schemas that this package ships: `snapshot` or `report`."""
    return json.loads(
        resources.files("deployment_drift").joinpath("schema", f"{name}.json").read_text("utf-8")
    )
