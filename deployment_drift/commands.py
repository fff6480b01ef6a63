"""The commands: how a scene becomes one, and what teams, and the machine, need besides."""

import inspect
from collections.abc import Callable, Sequence
from dataclasses import fields
from typing import Annotated, Any

from invoke import Context, Task, task

from deployment_drift import files
from deployment_drift.cli import Telling, ends_with_status

SHARED = {each.name: str(each.metadata["help"]) for each in fields(Telling)}
HOSTS = ("local", "release")
"""The options of a scene that is played on somebody's own machines."""
Making = Callable[[Callable[..., Any]], "Task[Callable[..., None]]"]


def command(
    *shared: str, iterable: Sequence[str] = (), positional: Sequence[str] | None = None, **own: str
) -> Making:
    """Make a command of a function that gets how it is to be told, and its own options.

    shared: the options that it has of Telling's. own: what its own options mean.
    """

    def make(function: Callable[..., int]) -> "Task[Callable[..., None]]":
        def run(_: Context, **given: Any) -> int:  # noqa: ANN401 -- whatever an option's value is
            chosen = {**defaults, **given}  # invoke gives the default task no option at all
            how = Telling(**{name: chosen.pop(name) for name in shared})
            return function(how, **chosen)

        _, *options = signature(function, shared).parameters.values()
        defaults = {option.name: option.default for option in options}
        run.__name__, run.__doc__ = function.__name__, function.__doc__
        run.__signature__ = signature(function, shared)  # type: ignore[attr-defined]
        helped = {**{name: SHARED[name] for name in shared}, **own}
        made: Task[Callable[..., None]]
        made = task(help=helped, iterable=list(iterable), positional=positional)(
            ends_with_status(run)
        )
        return made

    return make


def signature(function: Callable[..., object], shared: Sequence[str]) -> inspect.Signature:
    """Return what invoke reads the options from: the function's own, and those that are shared."""
    _, *own = inspect.signature(function).parameters.values()
    common = inspect.signature(Telling).parameters
    context = inspect.Parameter("_", inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return inspect.Signature([context, *own, *(common[name] for name in shared)])


def scene(**own: str) -> Making:
    """Make a command of a scene: the options that it declares lead to its variants.

    own: what its own options mean.
    """

    def make(declared: Callable[..., None]) -> "Task[Callable[..., None]]":
        def play(how: Telling, **options: str | bool) -> int:
            from deployment_drift import scenes, show

            hosts = [str(options[name]) for name in HOSTS if options.get(name)]
            typed = spelled(declared, {**options, **dict.fromkeys(HOSTS, "")})
            name = scenes.typed(typed).name
            return show.on_machines(name, how, hosts) if hosts else show.scene(name, how)

        play.__name__, play.__doc__ = declared.__name__, declared.__doc__
        play.__signature__ = declared_by(declared)  # type: ignore[attr-defined]
        return command(*SHARED, **own)(play)

    return make


def declared_by(function: Callable[..., object]) -> inspect.Signature:
    """Return a scene's signature with what `command` hands over in front."""
    how = inspect.Parameter("how", inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return inspect.Signature([how, *inspect.signature(function).parameters.values()])


def spelled(function: Callable[..., object], options: dict[str, str | bool]) -> str:
    """Return what was typed: `demo-drift --machines vm`; options without a choice are left out."""
    words = [function.__name__.replace("_", "-")]
    for name, parameter in inspect.signature(function).parameters.items():
        value = options[name]
        if value != parameter.default:
            words += [f"--{name.replace('_', '-')}", *([] if value is True else [str(value)])]
    return " ".join(words)


@command(
    "lang",
    "json",
    "full",
    "events",
    iterable=["release", "app"],
    local="the reference: docker://NAME, ssh://USER@HOST, local://, a snapshot …",
    release="a host to compare with it; can be repeated",
    allowed="a TOML file of differences that are accepted",
    app="a folder of the application on the hosts; can be repeated",
    checks="a folder of checks of your own (default: those of this project)",
    expect="what has to be found on every host, as php,web",
    junit="write JUnit XML into this file",
    markdown="write Markdown into this file",
)
def compare(  # noqa: PLR0913, PLR0917 -- one argument an option
    how: Telling,
    local: str = "",
    release: list[str] = [],  # noqa: B006 -- invoke makes a list of its own
    allowed: str = "",
    app: list[str] = [],  # noqa: B006 -- the same
    checks: str = "",
    expect: str = "",
    junit: Annotated[str, files.JUNIT] = "",
    markdown: Annotated[str, files.MARKDOWN] = "",
) -> int:
    """Ask the same of your own servers: any two hosts, or a whole fleet."""
    from deployment_drift import show

    return show.comparison(
        [local, *release],
        how,
        allowed=allowed,
        apps=app,
        checks=checks,
        expect=expect,
        junit_file=junit,
        markdown_file=markdown,
    )


@task(
    positional=["address"],
    iterable=["app"],
    help={
        "address": "the host, as for compare",
        "app": "a folder of the application there; can be repeated",
        "output": "the file to write",
        "script": "print an sh file that takes the snapshot where you may not enter",
    },
)
@ends_with_status
def snapshot(
    _: Context,
    address: str | None = None,
    output: Annotated[str, files.SNAPSHOT] = "snapshot.json",
    app: list[str] = [],  # noqa: B006 -- invoke makes a list of its own
    script: bool = False,
) -> int:
    """Write down what a host is, to compare with it later."""
    from deployment_drift import show

    return show.script(app) if script else show.snapshot(address or "", output, app)


@command("lang", "json", markdown="print the table of the README")
def claims(how: Telling, markdown: bool = False) -> int:
    """Say what the scenes claim, which test asserts it, and what was measured last."""
    from deployment_drift import show

    return show.claims(how, markdown=markdown)


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
