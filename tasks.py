"""The talk: one task a scene. What speakers and teams need besides comes after the scenes."""

from invoke import Context, task

from deployment_drift.cli import guarded

SCENE = {
    "lang": "language of what is said: en or ja (default: your locale's)",
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
@guarded
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
@guarded
def demo_container(
    _: Context, lang: str = "", keep: bool = False, json: bool = False, full: bool = False
) -> int:
    """Cure: one image that runs as both, and nothing differs."""
    from deployment_drift import show

    return show.scene("container", lang=lang, keep=keep, json=json, full=full)


@task(help=SCENE)
@guarded
def demo_mail(
    _: Context, lang: str = "", keep: bool = False, json: bool = False, full: bool = False
) -> int:
    """Separation: mail in a container of its own, so that PHP alone is released."""
    from deployment_drift import show

    return show.scene("mail", lang=lang, keep=keep, json=json, full=full)


@task(help={**SCENE, "both_cpus": "build for a second CPU, too: takes minutes the first time"})
@guarded
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
@guarded
def demo_startup(
    _: Context, lang: str = "", keep: bool = False, json: bool = False, full: bool = False
) -> int:
    """Start-up: restarting a PC against running a PHP command."""
    from deployment_drift import show

    return show.scene("startup", lang=lang, keep=keep, json=json, full=full)


@task(
    iterable=["release"],
    help={
        "local": "the reference: docker://NAME, ssh://USER@HOST, local://, a snapshot …",
        "release": "a host to compare with it; can be repeated",
        "allowed": "a TOML file of differences that are accepted",
        "checks": "a folder of checks of your own (default: tests/parity)",
        "lang": SCENE["lang"],
        "json": "print one JSON document instead of the table",
        "full": SCENE["full"],
        "junit": "write JUnit XML into this file",
        "markdown": "write Markdown into this file",
    },
)
@guarded
def compare(  # noqa: PLR0913, PLR0917 -- one argument an option
    _: Context,
    local: str,
    release: list[str],
    allowed: str = "",
    checks: str = "",
    lang: str = "",
    json: bool = False,
    full: bool = False,
    junit: str = "",
    markdown: str = "",
) -> int:
    """Ask the same of your own servers: any two hosts, or a whole fleet."""
    from deployment_drift import show

    return show.comparison(
        local,
        release,
        allowed=allowed,
        checks=checks,
        lang=lang,
        json=json,
        full=full,
        junit_file=junit,
        markdown_file=markdown,
    )


@task(
    help={
        "lang": SCENE["lang"],
        "json": "print one JSON document instead of the table",
        "markdown": "print the table of the README",
    }
)
@guarded
def claims(_: Context, lang: str = "", json: bool = False, markdown: bool = False) -> int:
    """Say what the scenes claim, which test asserts it, and what was measured last."""
    from deployment_drift import show

    return show.claims(lang=lang, json=json, markdown=markdown)


@task(help={"address": "the host, as for compare", "output": "the file to write"})
@guarded
def snapshot(_: Context, address: str, output: str = "snapshot.json") -> int:
    """Write down what a host is, to compare with it later."""
    from deployment_drift import show

    return show.snapshot(address, output)


@task
@guarded
def doctor(_: Context) -> int:
    """Say whether the scenes can be played here, and what to type where they cannot."""
    from deployment_drift import upkeep

    return upkeep.examine()


@task(help={"all_": "also the Debian images and the private engine with its data"})
@guarded
def clean(_: Context, all_: bool = False) -> int:
    """Remove what the scenes left or built, and nothing that is not ours."""
    from deployment_drift import upkeep

    return upkeep.clean(everything=all_)


@task
@guarded
def engine_stop(_: Context) -> int:
    """Stop the private container engine."""
    from deployment_drift import upkeep

    return upkeep.stop()


@task
@guarded
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
