"""Shows what the artifact may not do, and what the same image may do when started carelessly."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from deployment_drift.engine import engines
from deployment_drift.run import Run
from deployment_drift.targets import throwaway
from deployment_drift.targets.hosts import HARDENED

if TYPE_CHECKING:
    import docker
    from docker.models.containers import Container

CARELESS: Mapping[str, Any] = {
    "user": "0",
    "security_opt": ["seccomp=unconfined", "apparmor=unconfined"],
}
"""How people start containers when something is refused and nobody asks why."""
CAPABILITY = "SYS_ADMIN"
"""What lets a container mount; an engine may refuse to give it."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """Something that must fail when hardened and work when careless.

    `fact` is a line of sh that prints the reason, `expected` what it has to print when hardened.
    `user` is who tries in the careless container. `alike` is what is said where an engine decides
    in the same way for both, though the fact is as expected: then there is nothing to compare.
    `limit` is the limit that the engine has to have set, in the words of its API.
    """

    name: str
    command: str
    fact: str
    expected: str
    user: str = "0"
    alike: str = ""
    limit: str = ""


ATTEMPTS = (
    Attempt(
        "no_root",
        "cat /etc/shadow >/dev/null",
        "id -u",
        "33",
    ),
    Attempt(
        "no_capabilities",
        "file=$(mktemp) && chown 1 $file",
        "grep -E '^Cap(Eff|Bnd)' /proc/self/status | cut -f2 | uniq",
        "0" * 16,
    ),
    Attempt(
        "no_raw_packets",
        "perl -MSocket -e 'socket(S, PF_INET, SOCK_RAW, 1) or die'",
        "grep -E '^CapPrm' /proc/self/status | cut -f2",
        "0" * 16,
        alike="raw_packets_alike",  # Podman gives nobody the capability
    ),
    Attempt(
        "no_new_privileges",
        # only root may read when a password was set: a set-uid program's work
        "test $(passwd --status | wc -w) -gt 2",
        "grep NoNewPrivs /proc/self/status | cut -f2",
        "1",
        user="33",
    ),
    Attempt(
        "system_calls_filtered",
        "unshare --user true",
        "grep ^Seccomp: /proc/self/status | cut -f2",
        "2",
        alike="namespaces_alike",  # Podman's filter has nothing against it
    ),
    Attempt(
        "read_only_root",
        "touch /etc/attempt",
        "grep ' / ' /proc/mounts | cut -d' ' -f4 | cut -d, -f1",
        "ro",
    ),
    Attempt(
        "processes_limited",
        f"for i in $(seq {HARDENED['pids_limit'] + 50}); do sleep 1 >/dev/null 2>&1 & done",
        "cat /sys/fs/cgroup/pids/pids.max /sys/fs/cgroup/pids.max 2>/dev/null",
        str(HARDENED["pids_limit"]),
        limit="PidsLimit",
    ),
)
MOUNT = Attempt("no_mount", "mount -t tmpfs none /mnt", "id -u", "33")


def show_hardening(run: Run) -> None:
    """Try the same in a hardened and in a careless container of one image."""
    with engines.opened(run.engine) as client, ExitStack() as started:
        hardened = throwaway.container(
            client, run.session, run.servers[0].image, throwaway.SLEEP, name="hardened", **HARDENED
        )
        pair = started.enter_context(hardened), started.enter_context(careless(run, client))
        for attempt in (MOUNT, *ATTEMPTS):
            try_both(run, attempt, *pair)


def try_both(run: Run, attempt: Attempt, hardened: "Container", careless: "Container") -> None:
    """Try one thing in both containers, and say what the hardening makes of it."""
    if attempt.limit and not throwaway.limits(hardened, attempt.limit):
        run.show("limits_ignored", holds=None)
        return
    line = f"{attempt.fact}; ({attempt.command}) >/dev/null 2>&1; echo $?"
    fact, status = throwaway.ask(hardened, line).text.rsplit(maxsplit=1)
    refused = status != "0"
    done = throwaway.ask(careless, attempt.command, attempt.user).done
    if attempt is MOUNT and not careless.attrs["HostConfig"]["CapAdd"]:
        run.show("capability_refused", holds=None, capability=CAPABILITY)
        return
    as_expected = fact == attempt.expected
    if attempt.alike and as_expected and refused is not done:
        run.show(attempt.alike, holds=None)
        return
    values = {"fact": fact, "refused": refused, "careless": done}
    run.show(attempt.name, holds=as_expected and refused and done, **values)


@contextmanager
def careless(run: Run, client: "docker.DockerClient") -> Iterator["Container"]:
    """Yield a careless container, without the capability where the engine refuses that."""
    import docker

    image = run.servers[0].image
    with ExitStack() as started:
        try:
            made = throwaway.container(
                client,
                run.session,
                image,
                throwaway.SLEEP,
                name="careless",
                cap_add=[CAPABILITY],
                **CARELESS,
            )
            one = started.enter_context(made)
        except docker.errors.APIError:
            made = throwaway.container(
                client, run.session, image, throwaway.SLEEP, name="careless", **CARELESS
            )
            one = started.enter_context(made)
        one.reload()
        yield one
