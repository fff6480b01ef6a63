"""Says what differs between two builds of the same content, layer by layer, and why."""

from collections.abc import Iterator, Mapping
from typing import Any

from deployment_drift.ship.reproduce import Build, Layer, explained, reason
from deployment_drift.values import harmless


def lines(first: Build, second: Build) -> Iterator[str]:
    """Yield what people read of two builds: what differs, why, and how far fixing it gets."""
    yield f"first     {first.id}"
    yield f"again     {second.id}"
    pairs = list(zip(first.layers, second.layers, strict=False))
    yield f"compared  {sum(len(a.files) for a, _ in pairs)} files in {len(pairs)} layers"
    if len(first.layers) != len(second.layers):
        yield f"differs   {len(first.layers)} layers, {len(second.layers)} again"
    times = sum(_late(a, b) for a, b in pairs)
    yield f"times     {times} files differ in their times alone: they are those of the build"
    known = explained()
    for number, (one, other) in enumerate(pairs, 1):
        for path, what in _differing(one, other):
            why = reason(path, known) or "nothing explains it"
            yield harmless(f"differs   layer {number}: {path}: {what}: {why}")
    yield from (f"settings  {key} differ: when and by which container it was built"
                for key in _changed(first.settings, second.settings))  # fmt: skip
    yield from _packages(first.packages, second.packages)
    yield f"fixed     {first.fixed}"
    yield f"again     {second.fixed}"


def _late(one: Layer, other: Layer) -> int:
    same = (path for path, content in one.files.items() if other.files.get(path) == content)
    return sum(one.times[path] != other.times[path] for path in same)


def _differing(one: Layer, other: Layer) -> Iterator[tuple[str, str]]:
    for path in sorted({*one.files, *other.files}):
        left, right = one.files.get(path), other.files.get(path)
        if left is None or right is None:
            yield path, "only in one of them"
        elif left.sum != right.sum:
            yield path, "content"
        elif left != right:
            yield path, f"{left.mode}, {right.mode}"


def _changed(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
    return sorted(key for key in {*one, *other} - {"rootfs"} if one.get(key) != other.get(key))


def _packages(
    one: Mapping[str, tuple[str, str]], other: Mapping[str, tuple[str, str]]
) -> Iterator[str]:
    moved = [name for name in sorted({*one, *other}) if one.get(name) != other.get(name)]
    yield f"packages  {len(one)}, {len(moved)} of them in other versions"
    for name in moved:
        versions = (each.get(name, ("none", ""))[0] for each in (one, other))
        yield harmless(f"package   {name}: {' → '.join(versions)}: Debian has moved on meanwhile")
