"""Shows what a virtual machine has and a container has not: a kernel of its own."""

from drift.ask import shell
from drift.ask.inside import BOOT, inside
from drift.engine import engines, leftovers
from drift.run import machines, throwaway
from drift.run.access import access
from drift.stage import Stage

FOLDER = "container"


def launch_machine(stage: Stage) -> None:
    """Let a machine of the artifact boot while other things are shown."""
    way = stage.running.enter_context(access(stage.session))
    recipe = machines.Recipe("machine", stage.built[f"machine-{FOLDER}"].id)
    launching = machines.launch(stage.engine, stage.session, way, [recipe])
    stage.launched = stage.running.enter_context(launching)


def show_machine(stage: Stage) -> None:
    """Ask the machine for its kernel, and its host for the machine's processes."""
    stage.progress("machine", "is booting")
    (machine,) = machines.booted(stage.engine, stage.launched)
    with shell.connected(machine.host.address) as host:
        own = inside(host)
    with engines.opened(stage.engine) as client:
        container = throwaway.of(client, stage.servers[0])
        kernel, boot = throwaway.ask(container, BOOT).text.split()
        seen = client.containers.get(machine.container).top()["Processes"]
        leftovers.remove_container(client.api, machine.container)  # it takes a whole CPU
    stage.show("machine_kernel", holds=own.boot != boot, kernel=own.kernel, host=kernel)
    holds = len(seen) == 1 < own.processes and machines.QEMU in seen[0][-1]
    stage.show("machine_unseen", holds=holds, inside=own.processes, outside=len(seen))
