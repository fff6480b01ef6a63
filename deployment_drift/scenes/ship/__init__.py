"""Shipping: the image that ran here goes through a registry, and is the image that runs there."""

from deployment_drift import steps
from deployment_drift.compare.comparison import Verdict
from deployment_drift.scene import Scene
from deployment_drift.scenes.ship import proofs, rollout, shipping
from deployment_drift.scenes.ship.places import IMAGES

SCENE = Scene(
    "ship",
    Verdict.PARITY,
    {
        "engine": steps.find_engine,
        "bases": steps.prepare_bases,
        "images": steps.build_images,
        "push": shipping.push_first,
        "pull": shipping.pull_first,
        "run": shipping.start_both,
        "digest": shipping.compare_digests,
        "checks": steps.run_checks,
        "by_hand": proofs.by_hand,
        "open": rollout.open_shop,
        "update": rollout.update,
        "roll_back": rollout.roll_back,
        "orders": rollout.count_orders,
        "tag": proofs.move_tag,
        "layer": proofs.alter_layer,
        "stop": steps.stop_hosts,
    },
    order=25,
    allowed="deployment_drift/scenes/ship/allowed.toml",
    requires=("image",),
    images=("container", "local", "release", *IMAGES.values()),
)
