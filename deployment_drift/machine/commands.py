"""The command that makes a machine to take home."""

from typing import Annotated

from invoke import Collection, Context, task

from deployment_drift import files
from deployment_drift.cli import ends_with_status

PRODUCTS = "virtualbox, vmware, hyper-v, kvm, utm or vagrant"


@task(
    positional=["server"],
    help={
        "server": "local or release",
        "for": f"what it is to run on: {PRODUCTS}",
        "key": "the public ssh key that may log in (default: yours, in ~/.ssh)",
        "user": "whom it lets in (default: your name here)",
        "output": "the folder to make (default: drift-SERVER-PRODUCT)",
    },
)
@ends_with_status
def export(
    _: Context,
    server: str | None = None,
    for_: str = "",
    key: str = "",
    user: str = "",
    output: Annotated[str, files.FOLDER] = "",
) -> int:
    """Write a server as a machine that boots by itself, with three steps to start it."""
    from deployment_drift.machine.export import export as exported
    from deployment_drift.machine.export import require
    from deployment_drift.machine.person import person

    require(server or "", for_)  # a key is asked for where it would be of use
    print(*exported(server or "", for_, output, person(user, key)), sep="\n")
    return 0


namespace = Collection("machine", export)
