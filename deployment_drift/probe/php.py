"""One PHP as something runs it, and what checks ask of a host's: `host.php`, `host.web`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from deployment_drift.errors import UnknownError
from deployment_drift.probe.phpinfo import Said
from deployment_drift.probe.questions import Expression
from deployment_drift.records import JSON

Variables = Mapping[str, JSON] | None


@dataclass(frozen=True)
class Runtime:
    """One PHP as something runs it; `label` is what it is called on every host.

    `settings` are items with the file and line that set them. `environment` gives the variables
    that reach it, None where they cannot be read: they differ between hosts whose PHP is the same,
    so that only who wants them looks. `pool` are php-fpm's own directives.
    """

    label: str
    said: Said
    settings: Mapping[str, JSON]
    environment: Callable[[], Variables] = dict
    pool: Mapping[str, JSON] = field(default_factory=dict)

    def origins(self) -> dict[str, JSON]:
        """Return the file that sets each setting last."""
        return {line.name: line.file for line in self.said.lines if line.name in self.settings}

    def setting(self, name: str) -> JSON:
        """Return a setting as it takes effect; None where this PHP does not know it."""
        return bare(self.settings.get(name))


def bare(value: JSON) -> JSON:
    """Return the value of an item, or what is none as it is."""
    return value["is"] if isinstance(value, Mapping) and "is" in value else value


class PHP:
    """What some PHPs of a host say. One answer where they agree, else the answers by label.

    Whatever is asked is None where there is no such PHP.
    """

    def __init__(self, runtimes: Callable[[], list[Runtime]]) -> None:
        self._runtimes = runtimes

    def each(self, question: Callable[[Runtime], JSON]) -> JSON:
        """Put a question to each of them."""
        answers = {each.label: question(each) for each in self._runtimes()}
        return merged(answers) if answers else None

    @property
    def version(self) -> JSON:
        """PHP's version, `8.4.24`."""
        return self.each(lambda php: php.said.version)

    @property
    def interface(self) -> JSON:
        """How PHP is run, as PHP names it: `apache2handler`, `fpm-fcgi`."""
        return self.each(lambda php: php.said.interface)

    @property
    def ini(self) -> JSON:
        """The path of the main php.ini; None where there is none."""
        return self.each(lambda php: php.said.loaded)

    @property
    def drop_ins(self) -> JSON:
        """The further ini files, in their order."""
        return self.each(lambda php: list(php.said.scanned))

    @property
    def settings(self) -> JSON:
        """Every setting as it takes effect, with the file and line that set it."""
        return self.each(lambda php: php.settings)

    @property
    def origins(self) -> JSON:
        """The ini file that sets each setting."""
        return self.each(Runtime.origins)

    @property
    def extensions(self) -> JSON:
        """The version of every extension that is loaded."""
        return self.each(lambda php: php.said.extensions)

    @property
    def character_sets(self) -> JSON:
        """Which character sets iconv and mbstring know."""
        return self.each(lambda php: php.said.charsets)

    @property
    def abilities(self) -> JSON:
        """What extensions can do as they were built, `{"gd: WebP Support": True}`."""
        return self.each(lambda php: php.said.more.get("abilities"))

    @property
    def apache_modules(self) -> JSON:
        """The modules of Apache, where its PHP could be asked for them."""
        return self.each(lambda php: php.said.more.get("apache_modules"))

    def setting(self, name: str) -> JSON:
        """Return a setting of php.ini as it takes effect; None where PHP does not know it."""
        return self.each(lambda php: php.setting(name))

    def has(self, extension: str) -> JSON:
        """Whether an extension is loaded."""
        return self.each(lambda php: extension in php.said.extensions)

    def library(self, name: str) -> JSON:
        """Return the version of a library that PHP was linked with, as `ICU` or `PCRE`."""
        return self.each(lambda php: php.said.libraries.get(name))

    def evaluate(self, expression: Expression) -> JSON:
        """Return what an expression gives, as JSON; an error is its class's name.

        It has to be a constant of the check's own module, so that it was asked beforehand.
        """
        return self.each(lambda php: _evaluated(php, expression.code))


def _evaluated(php: Runtime, code: str) -> Any:  # noqa: ANN401 -- JSON from the host
    try:
        return php.said.more["answers"][code]
    except KeyError:
        raise UnknownError(
            f"{code} was not asked, or has a value that is no JSON: make it a constant of the "
            "check's file"
        ) from None


def merged(answers: Mapping[str, JSON]) -> JSON:
    """Return what all say, where they say the same; else the answers by label.

    Objects are merged name by name, so that only what differs names those that differ.
    """
    first, *others = answers.values()
    if all(bare(first) == bare(other) for other in others):
        return first
    objects = {
        label: each
        for label, each in answers.items()
        if isinstance(each, Mapping) and "is" not in each
    }
    if len(objects) < len(answers):
        return {label: answer for label, answer in answers.items() if answer is not None}
    names = dict.fromkeys(name for each in objects.values() for name in each)
    return {name: _entry(name, objects) for name in names}


def _entry(name: str, objects: Mapping[str, Mapping[str, JSON]]) -> JSON:
    found = {label: each[name] for label, each in objects.items() if name in each}
    return merged(found) if len(found) == len(objects) else found
