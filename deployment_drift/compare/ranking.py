"""Says which differences stand first: those that are likely to break an application.

| weight | what differs |
|---|---|
| ANSWER | a page or an answer of the application itself |
| BY_HAND | what somebody set on one side only: a setting, a directive, a variable, a job, an extension, a module, a package of the application, a program, a service, a limit, a folder, a language |
| CAUSE | what explains others: the version of PHP, the distribution |
| LIBRARY | a library that PHP uses |
| UNASKED | what could not be asked |
| AROUND | limits, users, certificates, a package that somebody asked for: what is around the application |
| REST | everything else |

Within a weight the subjects have an order. Effects are folded under their cause and have no row.
"""  # noqa: E501 -- a table

import re
from collections.abc import Mapping
from enum import IntEnum

from deployment_drift.records import JSON, Check, Observation, Status


class Weight(IntEnum):
    """How likely a difference breaks an application; the worst first."""

    ANSWER = 1
    BY_HAND = 2
    CAUSE = 3
    LIBRARY = 4
    UNASKED = 5
    AROUND = 6
    REST = 7


ANSWERS = ("shop", "pages", "application_answers", "web_pages")
# In this order, what somebody can have set or forgotten.
SUBJECTS = (
    "settings",
    "extensions",
    "runtimes",
    "php",
    "webserver",
    "application",
    "cli",
    "services",
    "mail",
    "system",
    "changes",
    "packages",
    "inventory",
)
# Plain values of these were made by people: nobody's package brings them.
HAND_MADE = frozenset({"application", "runtimes"})
BY_HAND_NAMES = re.compile(
    r"environment|cron|jobs\b|timers|host_names|pools|composer"
    r"|programs|^services$|service_limits|written_folders|base_access|\bports\b|locales|time_zone|resolver"
)
AROUND = frozenset({"system", "services", "mail", "files", "webserver"})
PHP_VERSION = re.compile(r"(.*_)?php_version|runtimes")
DISTRIBUTION = re.compile(r"distribution|os_release|distribution_version")
VERSION = re.compile(r"(?:\d+:)?\d+\w*[.+~-][\w.+~:-]+")
ADDRESS = re.compile(r"\d+(\.\d+){3}(:\d+)?")  # looks like a version, and is none
# Bundled with some versions of PHP only, so their absence comes with the version.
BUNDLED = frozenset({"random", "uri", "lexbor", "json", "hash", "xmlrpc"})

Seen = Mapping[str, Observation]


def is_version(value: JSON) -> bool:
    """Whether a value is the version of something."""
    if not isinstance(value, str) or ADDRESS.fullmatch(value):
        return False
    return VERSION.fullmatch(value) is not None


def everywhere_a_version(seen: Seen) -> bool:
    """Whether every host has it, in some version."""
    return all(each.status is Status.VALUE and is_version(each.value) for each in seen.values())


def is_php_version(check: Check, seen: Seen) -> bool:
    """Whether this says which PHP a host has, and every host has one."""
    return PHP_VERSION.fullmatch(check.name) is not None and everywhere_a_version(seen)


def lacking_php(check: Check, seen: Seen) -> bool:
    """Whether this says that a host has no PHP at all."""
    return PHP_VERSION.fullmatch(check.name) is not None and somewhere_absent(seen)


def is_distribution(check: Check) -> bool:
    """Whether this says which distribution a host is."""
    return DISTRIBUTION.fullmatch(check.name) is not None


def lists_extensions(check: Check) -> bool:
    """Whether this is about extensions of PHP, each alone or all of them."""
    return check.subject == "extensions" or "extension" in check.name


def lists_packages(check: Check) -> bool:
    """Whether this lists the packages of the distribution."""
    return check.name.startswith("every_package") or check.subject == "packages"


def somewhere_absent(seen: Seen) -> bool:
    """Whether a host does not have it at all."""
    return any(each.status is Status.ABSENT for each in seen.values())


def weight(
    check: Check, seen: Seen, own: frozenset[str], key: str, *, traced: bool = False
) -> Weight:
    """Return how likely what differs here breaks an application; `own` are hosts set by hand."""
    if any(each.status is Status.UNKNOWN for each in seen.values()):
        return Weight.UNASKED
    if check.subject in ANSWERS:
        return Weight.ANSWER
    no_php = lacking_php(check, seen) and not key
    if no_php or is_distribution(check) or is_php_version(check, seen):
        return Weight.CAUSE
    if check.subject == "libraries":
        return Weight.LIBRARY
    made = bool(own) and not lists_packages(check) and not lists_extensions(check)
    if made or _by_hand(check, seen, key, traced=traced):
        return Weight.BY_HAND
    wanted = bool(own) and lists_packages(check) and somewhere_absent(seen)
    return Weight.AROUND if wanted or check.subject in AROUND else Weight.REST


def _by_hand(check: Check, seen: Seen, key: str, *, traced: bool) -> bool:
    """Whether somebody set or forgot this, as far as it is not known who did."""
    if lists_extensions(check):
        return key.lower() not in BUNDLED and (_is_switched(seen) or somewhere_absent(seen))
    if check.name == "every_web_server_module" and key:
        return somewhere_absent(seen) and not _is_built_in(seen)
    return _is_known_setting(check) or (is_by_hand(check) and not traced)


def _is_built_in(seen: Seen) -> bool:
    return any(each.value == "built in" for each in seen.values())


def _is_switched(seen: Seen) -> bool:
    return any(isinstance(each.value, bool) for each in seen.values())


def _is_known_setting(check: Check) -> bool:
    return check.subject in ("settings", "webserver") and bool(check.entry)


def place(check: Check) -> int:
    """Return where a check stands among others of the same weight: by what it is about."""
    words = {"cli": "cli", "setting": "settings", "extension": "extensions", "package": "packages"}
    listed = (subject for word, subject in words.items() if word in check.name)
    subject = next(listed, "inventory") if check.subject == "inventory" else check.subject
    return SUBJECTS.index(subject) if subject in SUBJECTS else len(SUBJECTS)


# Checks whose answers a version of PHP, or a distribution, brings with it.
OF_PHP = frozenset({"php", "settings", "cli", "extensions", "answers", "runtimes", "inventory"})
STOCK_NAMES = frozenset({"packages", "system_character_sets"})
OF_DISTRIBUTION = frozenset(
    {"system", "webserver", "changes", "packages", "mail", "inventory", "services"}
)


def comes_with_php(check: Check, key: str, seen: Seen, *, traced: bool) -> bool:
    """Whether another version of PHP explains a difference that nobody made.

    traced: whether it is known who set it, so that nobody did.
    """
    if lists_packages(check):
        return "php" in key
    if lists_extensions(check):
        return not (_is_switched(seen) or somewhere_absent(seen)) or key.lower() in BUNDLED
    if check.subject == "answers" or "origin" in check.name:
        return True
    if traced or not is_by_hand(check):
        return check.subject in OF_PHP and (traced or everywhere_a_version(seen))
    return False


def comes_with_distribution(check: Check, key: str, seen: Seen, *, traced: bool) -> bool:
    """Whether another distribution explains a difference that nobody made; see above.

    Of a list, a number with dots in it is not yet a version.
    """
    if check.subject not in OF_DISTRIBUTION or (is_by_hand(check) and not traced):
        return False
    stock = traced or _is_built_in(seen) or lists_packages(check) or check.name in STOCK_NAMES
    whole = not key or check.name == "web_servers"
    return stock or (whole and everywhere_a_version(seen))


def is_by_hand(check: Check) -> bool:
    """Whether what a check asks for is always somebody's work."""
    return check.subject in HAND_MADE or BY_HAND_NAMES.search(check.name) is not None
