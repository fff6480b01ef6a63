"""Shows what a virtual machine has and a container has not: a kernel of its own."""

from deployment_drift.engine import engines, leftovers
from deployment_drift.probe import shell
from deployment_drift.probe.inside import BOOT, inside
from deployment_drift.records import Sentence
from deployment_drift.run import Run
from deployment_drift.targets import machines, throwaway
from deployment_drift.targets.access import access
from deployment_drift.targets.target import Target

FOLDER = "container"


def launch_machine(run: Run) -> None:
    """Let a machine of the artifact boot while other things are shown."""
    way = run.running.enter_context(access(run.session))
    target = Target("machine", run.built[f"machine-{FOLDER}"].id, "machine", port=0)
    launching = machines.launch(run.engine, run.session, way, [target])
    run.launched = run.running.enter_context(launching)


def show_machine(run: Run) -> None:
    """Ask the machine for its kernel, and its host for the machine's processes."""
    run.progress("machine", Sentence("booting"))
    (machine,) = machines.booted(run.engine, run.launched)
    with shell.connected(machine.host.address) as host:
        own = inside(host)
    with engines.opened(run.engine) as client:
        container = throwaway.of(client, run.servers[0])
        kernel, boot = throwaway.ask(container, BOOT).text.split()
        seen = client.containers.get(machine.container).top()["Processes"]
        leftovers.remove_container(client.api, machine.container)  # it takes a whole CPU
    run.show("machine_kernel", holds=own.boot != boot, kernel=own.kernel, host=kernel)
    holds = len(seen) == 1 < own.processes and machines.QEMU in seen[0][-1]
    run.show("machine_unseen", holds=holds, inside=own.processes, outside=len(seen))
