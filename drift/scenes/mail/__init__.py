"""Separation: mail in a container of its own, so that PHP alone is developed and released."""

from drift import steps
from drift.compare.comparison import Verdict
from drift.scenes.mail import mailing, outage, separation
from drift.stage import Scene, Stage

WHOLE = ("container", "mail/catcher", "mail/relay", "mail/mailbox", "local", "release")
WITHOUT_MAIL = ("local:php", "release:php")


def build_images(stage: Stage) -> None:
    """Build all; then the servers without mail, which are earlier stages of the same builds."""
    steps.build_images(stage, WHOLE)
    steps.build_images(stage, WITHOUT_MAIL)


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
    images=(*WHOLE, *WITHOUT_MAIL),
)
