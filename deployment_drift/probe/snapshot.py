"""What a host was at one moment, as a file that stands wherever an address does."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from deployment_drift.errors import DriftError
from deployment_drift.paths import typed
from deployment_drift.probe import script
from deployment_drift.probe.collect import Answer, Section
from deployment_drift.records import Observation, Status

VERSION = 2
SUFFIX = ".json"


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
    return "://" not in address and (address.endswith(SUFFIX) or Path(address).is_file())


def write(path: Path, snapshot: Snapshot) -> None:
    """Write a snapshot, which has a key, for its owner alone; it is there whole or not at all."""
    content = {
        "version": VERSION,
        "address": snapshot.address,
        "taken": snapshot.taken.isoformat(),
        "secret": snapshot.secret,
        "sections": {name: _told(each) for name, each in snapshot.sections.items()},
        "observations": [_entry(check, seen) for check, seen in snapshot.observations.items()],
    }
    try:
        _replace(path.resolve(), json.dumps(content, ensure_ascii=False, indent=1) + "\n")
    except OSError as error:
        raise DriftError(f"the snapshot could not be written: {error}") from error


def _replace(path: Path, text: str) -> None:
    """Put a text in the place of a file; a device or a pipe is written to, never replaced."""
    if path.exists() and not path.is_file():
        path.write_text(text, "utf-8")
        return
    with NamedTemporaryFile(
        "w", encoding="utf-8", dir=path.parent, prefix=f".{path.name}.", delete=False
    ) as partial:
        try:
            partial.write(text)
            partial.flush()
            Path(partial.name).replace(path)
        except BaseException:
            Path(partial.name).unlink(missing_ok=True)
            raise


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
    except OSError as error:
        raise DriftError(f"{path}: {error.strerror}", hint=typed("snapshot ADDRESS")) from error


@lru_cache(maxsize=4096)
def _read(path: Path, _: int, __: int) -> Snapshot:
    content = path.read_bytes()
    first = script.starts(content)
    if not first:
        return _from_json(path, content)
    _known(path, int(first[1]), script.VERSION)
    try:
        found, told = script.sections(content, first)
    except (ValueError, KeyError) as error:
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
    try:
        content = json.loads(said)
    except ValueError as error:
        raise _damaged(
            path, f"neither JSON nor what the script prints, or cut off ({error})"
        ) from error
    _known(path, content.get("version") if isinstance(content, dict) else None, VERSION)
    _validate(path, content)
    seen = {entry["check"]: _observation(entry) for entry in content["observations"]}
    sections = {name: _section(each) for name, each in content.get("sections", {}).items()}
    taken = datetime.fromisoformat(content["taken"])
    return Snapshot(content["address"], taken, seen, _shared(sections), content.get("secret", ""))


_SHARED: dict[Section, Section] = {}


def _shared(sections: dict[str, Section]) -> dict[str, Section]:
    """Return the sections; those that another snapshot has as well are the same objects."""
    return {name: _SHARED.setdefault(each, each) for name, each in sections.items()}


def _section(entry: dict[str, str]) -> Section:
    return Section(Answer(entry["status"]), entry.get("text", ""), entry.get("reason", ""))


def _observation(entry: dict[str, Any]) -> Observation:
    return Observation(Status(entry["status"]), entry["value"], entry.get("reason", ""))


def _validate(path: Path, content: object) -> None:
    import jsonschema

    try:
        jsonschema.validate(content, schema("snapshot"))
    except jsonschema.ValidationError as error:
        raise _damaged(path, f"{error.json_path}: {error.message[:200]}") from error


def _damaged(path: Path, what: str) -> DriftError:
    return DriftError(f"{path} is not a snapshot: {what}", hint=typed("snapshot ADDRESS"))


@cache
def schema(name: str) -> Any:  # noqa: ANN401 -- a JSON schema
    """Return one of the JSON schemas that this package ships: `snapshot` or `report`."""
    return json.loads(
        files("deployment_drift").joinpath("schema", f"{name}.json").read_text("utf-8")
    )
