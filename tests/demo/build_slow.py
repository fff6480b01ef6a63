"""Builds the folder `slow` of the repository given as the only argument."""

import sys
from contextlib import suppress
from pathlib import Path

from deployment_drift.build import images
from deployment_drift.engine import engines


def say(_folder: str, line: str) -> None:
    """Pass a line of the build on."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


found = engines.find()
with suppress(KeyboardInterrupt):
    if found:
        images.build(found, "slow", say, root=Path(sys.argv[1]))
