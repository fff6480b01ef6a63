"""Holds the emulator of the image in its argument until it is ended from outside."""

import sys
import time

from deployment_drift.engine import engines, ownership
from deployment_drift.targets import emulation

engine = engines.connect(lambda _: None)
with (
    ownership.session() as session,
    engines.opened(engine) as client,
    emulation.emulator(client, session, sys.argv[1]) as held,
):
    held.tell("off")
    held.tell("on")
    print("held", flush=True)  # noqa: T201 -- what the test waits for
    time.sleep(60)
