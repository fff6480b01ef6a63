"""Shows what one image does not bring along: two containers of it can still differ."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from deployment_drift import notes
from deployment_drift.build import archive
from deployment_drift.compare.comparison import Comparison, Verdict
from deployment_drift.engine import engines
from deployment_drift.run import Run
from deployment_drift.targets import throwaway
from deployment_drift.targets.hosts import HARDENED
from deployment_drift.waiting import PATIENT

if TYPE_CHECKING:
    import docker
    from docker.models.containers import Container

MARK = "outside_image"
SETTINGS = "/etc/php/8.4/cli/conf.d"
SPOOL = "/var/spool/shop"
QUESTIONS = {
    "differing_variables": "printenv SHOP_STAGE",
    "differing_files": "php -r 'echo ini_get(\"precision\");'",
    "differing_data": f"ls {SPOOL} | wc -l",
    "differing_kernel_settings": "cat /proc/sys/net/core/somaxconn",
    "differing_cpus": "nproc",
}
"""What both are asked, as lines of sh; the names are the statements'."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a container is given besides its image: options, and files for its volumes."""

    options: Mapping[str, Any]
    files: Mapping[str, Mapping[str, str]]


TWO = (
    Surroundings(
        {
            "environment": {"SHOP_STAGE": "local"},
            "sysctls": {"net.core.somaxconn": "128"},
            "cpuset_cpus": "0",
        },
        {SETTINGS: {"99-zz.ini": "precision = 14"}},
    ),
    Surroundings(
        {
            "environment": {"SHOP_STAGE": "release"},
            "sysctls": {"net.core.somaxconn": "4096"},
        },
        {SETTINGS: {"99-zz.ini": "precision = 17"}, SPOOL: {"1": "tea", "2": "cups"}},
    ),
)


def show_environment(run: Run) -> None:
    """Start one image twice, with all around it different, and ask both the same."""
    with engines.opened(run.engine) as client, ExitStack() as started:
        pair = [started.enter_context(_started(run, client, one)) for one in TWO]
        same = len({one.attrs["Image"] for one in pair}) == 1
        cpus = client.info()["NCPU"]
        for name, line in QUESTIONS.items():
            if name == "differing_cpus" and not throwaway.limits(pair[0], "CpusetCpus"):
                run.show("limits_ignored", holds=None)
                continue
            here, there = (throwaway.ask(one, line).text for one in pair)
            alone = name == "differing_cpus" and cpus == 1  # nothing to take away
            holds = None if alone else same and here != there
            run.show(name, holds=holds, here=here, there=there)
        kernels = int(throwaway.ask(pair[0], "find /boot -name 'vmlinu*' | wc -l").text)
        run.show("no_kernel_inside", holds=kernels == 0, kernels=kernels)
    _checks(run)


@contextmanager
def _started(
    run: Run, client: "docker.DockerClient", around: Surroundings
) -> Iterator["Container"]:
    volumes = [SETTINGS, SPOOL]  # without names: they go with the container
    options = {**HARDENED, **around.options, "volumes": volumes}
    image = run.built["container"].id
    with throwaway.container(
        client, run.session, image, throwaway.SLEEP, name="around", **options
    ) as one:
        for folder, files in around.files.items():
            one.put_archive(folder, archive.pack(files))
        one.reload()
        yield one


def _checks(run: Run) -> None:
    """Let every check compare the two hosts: where one image differs, the check has to say so."""
    from deployment_drift.compare import checks

    made: list[Comparison] = []
    checks.run([host.address for host in run.servers], made.append, patience=PATIENT)
    alike = (Verdict.PARITY, Verdict.NOT_APPLICABLE)
    differing = {each.check.name for each in made if each.verdict not in alike}
    seen = marked()
    holds = bool(made) and differing <= seen.keys()
    values = {"outside": len(seen), "total": len(made), "differing": sorted(differing)}
    run.show("checks_say_which", holds=holds, **values)


def marked() -> dict[str, str]:
    """Return the checks that see more than the image, and what they see instead."""
    from deployment_drift.compare import checks

    seen = ((check.name, notes(test).get(MARK, "")) for check, test in checks.own())
    return {name: what for name, what in seen if what}
