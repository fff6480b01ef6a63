"""The counter-proofs: a tag that was moved, a layer that was altered; and the work by hand."""

import json
from functools import partial

from deployment_drift import parallel
from deployment_drift.engine import engines
from deployment_drift.run import Run
from deployment_drift.scenes.ship.places import PATH, REGISTRY, Places, places
from deployment_drift.scenes.ship.rollout import NEXT
from deployment_drift.scenes.ship.shipping import FIRST
from deployment_drift.ship import registry
from deployment_drift.ship.complaints import RegistryError
from deployment_drift.ship.contents import packages
from deployment_drift.ship.registry import Name
from deployment_drift.targets import throwaway

TAG = "latest"
BLOBS = "/var/lib/registry/docker/registry/v2/blobs/sha256"
SERVERS = ("local", "release")


def by_hand(run: Run) -> None:
    """Say what it would take to make release/ what local/ is, file by file."""
    here, there = parallel.each(partial(_packages, run), SERVERS)
    aligned = sum(here.get(name) != there.get(name) for name in {*here, *there})
    files = sum(file.is_file() for file in (run.root / "app").rglob("*"))
    run.show("by_hand", holds=aligned > 0, files=files, packages=aligned)


def _packages(run: Run, server: str, _: parallel.Cancel) -> dict[str, tuple[str, str]]:
    with engines.opened(run.engine) as client:
        return packages(client, run.session, run.built[server].id)


def move_tag(run: Run) -> None:
    """Pull one tag twice, and move it in between: two releases. By digest it stays one."""
    found = places(run)
    tags, digests = [], []
    for version in (FIRST, NEXT):
        with engines.opened(run.engine, limit=registry.SILENCE) as client:
            registry.push(client, str(found.versions[version].name), found.here(TAG))
        with engines.opened(found.second.engine, limit=registry.SILENCE) as client:
            tags.append(registry.pull(client, Name(REGISTRY, PATH, TAG)).name.digest)
            digests.append(registry.pull(client, found.there(FIRST)).name.digest)
    with engines.opened(run.engine) as client:
        client.api.remove_image(str(found.here(TAG)))
    run.show("tag_moved", holds=tags[0] != tags[1], one=tags[0][7:19], other=tags[1][7:19])
    run.show("digest_stays", holds=digests[0] == digests[1], digest=digests[0][7:19])


def alter_layer(run: Run) -> None:
    """Alter a layer where the registry keeps it, and let the second engine pull that."""
    found = places(run)
    with engines.opened(run.engine) as client:
        storage = throwaway.of(client, found.registry)
        manifest = throwaway.ask(storage, f"cat {_blob(found.versions[NEXT].name.digest)}").text
        layer = json.loads(manifest)["layers"][-1]["digest"]
        altered = throwaway.ask(
            storage, f"printf x | dd of={_blob(layer)} bs=1 seek=20 conv=notrunc"
        )
    refused = _pull_anew(found)
    run.show("altered", holds=altered.done and bool(refused), layer=layer[7:19])
    if refused:
        run.show("refused", holds="digest" in refused.what, said=refused.detail)


def _blob(digest: str) -> str:
    number = digest.partition(":")[2]
    return f"{BLOBS}/{number[:2]}/{number}/data"


def _pull_anew(found: Places) -> RegistryError | None:
    """Pull the new version once more, on an engine that has to fetch it; return what it says."""
    with engines.opened(found.second.engine, limit=registry.SILENCE) as client:
        for each in client.containers.list(all=True, filters={"ancestor": str(found.there(NEXT))}):
            each.remove(force=True)  # the new version was taken back
        client.images.remove(client.images.get(str(found.there(NEXT))).id or "", force=True)
        try:
            registry.pull(client, found.there(NEXT))
        except RegistryError as error:
            return error
    return None
