"""What works on any servers, without the folders of the scenes: the command `deployment-drift`."""

from invoke import Collection, Context, task

from deployment_drift.cli import ends_with_status

LANGUAGE = "language of what is said: en or ja (default: your locale's)"


@task(
    iterable=["release"],
    help={
        "local": "the reference: docker://NAME, ssh://USER@HOST, local://, a snapshot …",
        "release": "a host to compare with it; can be repeated",
        "allowed": "a TOML file of differences that are accepted",
        "checks": "a folder of checks of your own (default: those of this project)",
        "lang": LANGUAGE,
        "json": "print one JSON document instead of the table",
        "full": "show every row of the table",
        "junit": "write JUnit XML into this file",
        "markdown": "write Markdown into this file",
    },
)
@ends_with_status
def compare(  # noqa: PLR0913, PLR0917 -- one argument an option
    _: Context,
    local: str = "",
    release: list[str] = [],  # noqa: B006 -- invoke makes a list of its own
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


@task(help={"address": "the host, as for compare", "output": "the file to write"})
@ends_with_status
def snapshot(_: Context, address: str, output: str = "snapshot.json") -> int:
    """Write down what a host is, to compare with it later."""
    from deployment_drift import show

    return show.snapshot(address, output)


EVERYWHERE = Collection(compare, snapshot)
