"""Shipping to a swarm: three engines run one service; a version is sick, and a node is lost."""

from deployment_drift import steps
from deployment_drift.compare.comparison import Verdict
from deployment_drift.scene import Scene
from deployment_drift.scenes.ship import shipping
from deployment_drift.scenes.ship.places import IMAGES
from deployment_drift.scenes.swarm import nodes, rollout

SCENE = Scene(
    "swarm",
    Verdict.PARITY,
    {
        "engine": steps.find_engine,
        "bases": steps.prepare_bases,
        "images": steps.build_images,
        "nodes": nodes.open_nodes,
        "push": shipping.show_push,
        "replicas": nodes.start_replicas,
        "digest": steps.compare_images,
        "checks": steps.run_checks,
        "open": rollout.open_shop,
        "update": rollout.update,
        "roll_back": rollout.roll_back,
        "sick": rollout.release_sick,
        "lost": rollout.lose_node,
        "orders": rollout.count_orders,
        "stop": steps.stop_hosts,
    },
    order=26,
    command="demo-ship --swarm",
    requires=("image",),
    images=("container", *IMAGES.values()),
)
