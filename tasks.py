"""The talk: one task a scene. What speakers and teams need besides comes after the scenes."""

from invoke import Context, task

from deployment_drift.cli import ends_with_status
from deployment_drift.commands import LANGUAGE, compare, snapshot

__all__ = ["compare", "snapshot"]

SCENE = {
    "lang": LANGUAGE,
    "keep": "leave the servers running, and print their addresses",
    "json": "print one JSON document instead of the story",
    "full": "show every row of the table",
}


@task(
    help={
        **SCENE,
        "machines": "container; vm: two virtual machines; moved: one, moved as a whole",
    }
)
@ends_with_status
def demo_drift(
    _: Context,
    lang: str = "",
    keep: bool = False,
    json: bool = False,
    full: bool = False,
    machines: str = "container",
) -> int:
    """Problem: two servers that everybody believes to be the same."""
    from deployment_drift import show

    name = show.choose(machines, container="drift", vm="machines", moved="moved")
    return show.scene(name, lang=lang, keep=keep, json=json, full=full)


@task(help=SCENE)
@ends_with_status
def demo_container(
    _: Context, lang: str = "", keep: bool = False, json: bool = False, full: bool = False
) -> int:
    """Cure: one image that runs as both, and nothing differs."""
    from deployment_drift import show

    return show.scene("container", lang=lang, keep=keep, json=json, full=full)


@task(help=SCENE)
@ends_with_status
def demo_mail(
    _: Context, lang: str = "", keep: bool = False, json: bool = False, full: bool = False
) -> int:
    """Separation: mail in a container of its own, so that PHP alone is released."""
    from deployment_drift import show

    return show.scene("mail", lang=lang, keep=keep, json=json, full=full)


@task(help={**SCENE, "both_cpus": "build for a second CPU, too: takes minutes the first time"})
@ends_with_status
def demo_limits(
    _: Context,
    lang: str = "",
    keep: bool = False,
    json: bool = False,
    full: bool = False,
    both_cpus: bool = False,
) -> int:
    """Honesty: what a container does not give you, and what hardening gives back."""
    from deployment_drift import show

    name = "cpus" if both_cpus else "limits"
    return show.scene(name, lang=lang, keep=keep, json=json, full=full)


@task(help=SCENE)
@ends_with_status
def demo_startup(
    _: Context, lang: str = "", keep: bool = False, json: bool = False, full: bool = False
) -> int:
    """Start-up: restarting a PC against running a PHP command."""
    from deployment_drift import show

    return show.scene("startup", lang=lang, keep=keep, json=json, full=full)


@task(
    help={
        "lang": SCENE["lang"],
        "json": "print one JSON document instead of the table",
        "markdown": "print the table of the README",
    }
)
@ends_with_status
def claims(_: Context, lang: str = "", json: bool = False, markdown: bool = False) -> int:
    """Say what the scenes claim, which test asserts it, and what was measured last."""
    from deployment_drift import show

    return show.claims(lang=lang, json=json, markdown=markdown)


@task
@ends_with_status
def doctor(_: Context) -> int:
    """Say whether the scenes can be played here, and what to type where they cannot."""
    from deployment_drift import upkeep

    return upkeep.examine()


@task(help={"all_": "also the Debian images and the private engine with its data"})
@ends_with_status
def clean(_: Context, all_: bool = False) -> int:
    """Remove what the scenes left or built, and nothing that is not ours."""
    from deployment_drift import upkeep

    return upkeep.clean(everything=all_)


@task
@ends_with_status
def engine_stop(_: Context) -> int:
    """Stop the private container engine."""
    from deployment_drift import upkeep

    return upkeep.stop()


@task
@ends_with_status
def readme(_: Context) -> int:
    """Make the README's pictures and tables from real runs."""
    from deployment_drift import upkeep

    return upkeep.readme()


@task
def lock(context: Context) -> None:
    """Lock the newest versions that requirements*.in allow, with hashes (needs uv)."""
    options = "--quiet --upgrade --universal --python-version 3.11 --generate-hashes"
    how = f"{options} --no-emit-index-url --custom-compile-command 'invoke lock'"
    for name in ("requirements", "requirements-dev"):
        context.run(f"uv pip compile {how} {name}.in -o {name}.txt")


@task
def test(context: Context) -> None:
    """Lint, format, types, and every test."""
    context.run("ruff check . && ruff format --check . && mypy && pytest")
