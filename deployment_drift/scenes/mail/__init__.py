"""Separation: mail in a container of its own, so that PHP alone is developed and released."""

from deployment_drift import steps
from deployment_drift.compare.comparison import Verdict
from deployment_drift.run import Run
from deployment_drift.scene import Scene
from deployment_drift.scenes.mail import mailing, outage, separation

WHOLE = ("container", "images/catcher", "images/relay", "images/mailbox", "local", "release")
WITHOUT_MAIL = ("local:php", "release:php")


def build_images(run: Run) -> None:
    """Build all; then the servers without mail, which are earlier stages of the same builds."""
    steps.build_images(run, WHOLE)
    steps.build_images(run, WITHOUT_MAIL)


SCENE = Scene(
    "mail",
    Verdict.SHOWN,
    {
        "engine": steps.find_engine,
        "bases": steps.prepare_bases,
        "images": build_images,
        "caught": mailing.develop,
        "delivered": mailing.release,
        "outage": outage.play,
        "apart": separation.play,
        "stop": steps.stop_hosts,
    },
    order=60,
    minutes=20,
    images=(*WHOLE, *WITHOUT_MAIL),
)
