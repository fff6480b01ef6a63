"""Reads a host's address strictly, where testinfra would drop or guess what it does not know."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import chain, count
from urllib.parse import parse_qsl, unquote, urlsplit

from deployment_drift.errors import DriftError

COMMON = ("sudo", "sudo_user", "timeout")
OPTIONS = {  # the options of each scheme, beside the common ones
    "docker": ("config", "context"),
    "podman": (),
    "ssh": ("ssh_config", "ssh_identity_file"),
    "kubectl": ("namespace", "container", "context", "kubeconfig"),
    "local": (),
    "ansible": ("ansible_inventory", "ssh_config", "ssh_identity_file"),
}
# what looks like a user and a password; a port is followed by nothing, or by options
PASSWORD = re.compile(
    r"(\w+://)[^/?#@\[:]*:(?![0-9]{1,5}(?:\?|$)).*@|[^/?#@\[:]*:(?!//|[0-9]{1,5}(?:\?|$)).*@"
)
SECONDS = re.compile(r"[0-9]{1,6}(\.[0-9]{1,6})?|\.[0-9]{1,6}")
EXAMPLES = {
    "docker": "docker://NAME",
    "podman": "podman://NAME",
    "ssh": "ssh://USER@SERVER",
    "kubectl": "kubectl://POD?namespace=NAME",
    "local": "local://",
    "ansible": "ansible://NAME?ansible_inventory=FILE",
}


@dataclass(frozen=True, slots=True)
class Address:
    """A valid address: `docker://web?timeout=5` is scheme docker, name web, one option.

    `name` is what stands between `://` and `?`, as testinfra wants it: `user@server:22`.
    """

    text: str
    scheme: str
    name: str
    options: dict[str, str]


def parse(text: str) -> Address:
    """Return what an address says; DriftError says what is wrong with it and what to type."""
    scheme, separator, _ = text.partition("://")
    if scheme == "ssh" or scheme not in OPTIONS:
        _refuse_password(text)
    if not separator:
        raise _wrong(text, "has no scheme", _guess(text))
    if scheme not in OPTIONS:
        near = get_close_matches(scheme, OPTIONS, 1)
        raise _wrong(text, f"has an unknown scheme: {scheme!r}", _offer(near or OPTIONS))
    if re.search(r"[\s\x00-\x1f\x7f]", text):
        raise _wrong(text, "contains a blank or a control character", "type it without")
    address = Address(text, scheme, _name(text, scheme), _options(text, scheme))
    _check_values(address)
    return address


def _refuse_password(text: str) -> None:
    """Refuse a password, which may have any sign in it, before an error repeats what was typed."""
    if PASSWORD.match(unquote(text)):
        shown = PASSWORD.sub(r"\1USER:…@", unquote(text), count=1)
        raise _wrong(
            shown, "has a password, which every process list shows", "use a key: ssh-copy-id"
        )


def expand(text: str) -> list[str]:
    """Return the addresses that an address stands for: of `ansible://`, one for each host.

    `ansible://GROUP` and `ansible://PATTERN*` are looked up in the inventory; any other address
    stands for itself. DriftError if the inventory cannot be read or has no such host.
    """
    address = parse(text)
    if address.scheme != "ansible":
        return [text]
    _, separator, query = text.partition("?")
    return [f"ansible://{name}{separator}{query}" for name in _inventory(address)]


def _name(text: str, scheme: str) -> str:
    try:
        url = urlsplit(text)
    except ValueError:
        raise _wrong(text, "has an unfinished [ ] in its name", _offer([scheme])) from None
    if url.path or url.fragment:
        rest = text[text.index(url.netloc, len(scheme) + 3) + len(url.netloc) :]
        raise _wrong(text, f"goes on after the name: {rest!r}", _offer([scheme]))
    _check_name(text, scheme, url.netloc)
    return url.netloc


def _check_name(text: str, scheme: str, name: str) -> None:
    user, at, server = unquote(name).rpartition("@")
    if scheme == "local" and name:
        raise _wrong(text, "names a host, but local:// is this machine", _offer(["local"]))
    if (not server and scheme not in {"local", "ansible"}) or (at and not user):
        raise _wrong(text, "has an empty name", _offer([scheme]))
    if user.startswith("-") or server.startswith("-"):
        raise _wrong(text, "has a name that would be read as an option", _offer([scheme]))
    if scheme == "ssh":
        _check_server(text, server)


def _check_server(text: str, server: str) -> None:
    parts = re.fullmatch(r"(?:\[[^\]]+\]|[^:\[\]]+)(?::([0-9]{1,5}))?", server)
    if not parts or not 0 < int(parts[1] or 22) < 2**16:
        raise _wrong(text, "has no valid server and port", "type ssh://SERVER:22 or ssh://[::1]:22")


def _options(text: str, scheme: str) -> dict[str, str]:
    known = (*COMMON, *OPTIONS[scheme])
    pairs = parse_qsl(text.partition("?")[2], keep_blank_values=True)
    for key, value in pairs:
        if key not in known:
            near = get_close_matches(key, known, 1)
            raise _wrong(text, f"has an unknown option: {key!r}", _choose(near or known))
        if not value:
            raise _wrong(text, f"has no value for {key!r}", f"type {key}=VALUE")
    if len(dict(pairs)) < len(pairs):
        raise _wrong(text, "has an option twice", "give each option once")
    return dict(pairs)


def _check_values(address: Address) -> None:
    if address.options.get("sudo", "true").lower() not in {"true", "false"}:
        raise _wrong(address.text, "has a wrong value for 'sudo'", "type sudo=true or sudo=false")
    timeout = address.options.get("timeout", "1")
    if not SECONDS.fullmatch(timeout) or not float(timeout):
        raise _wrong(address.text, "has a wrong value for 'timeout'", "type seconds: timeout=10")


def _inventory(address: Address) -> list[str]:
    from testinfra.utils.ansible_runner import AnsibleRunner

    runner = AnsibleRunner(address.options.get("ansible_inventory"))
    try:
        names: list[str] = runner.get_hosts(address.name or "all")
    except (AssertionError, RuntimeError, ValueError) as error:
        raise DriftError(
            f"{address.text}: the Ansible inventory cannot be read",
            hint="try: ansible-inventory --list",
            detail=str(error)[-500:],
        ) from error
    if not names:
        raise _wrong(
            address.text, "names no host of the inventory", "try: ansible-inventory --graph"
        )
    return names


def _wrong(text: str, what: str, hint: str) -> DriftError:
    return DriftError(f"the address {text} {what}", hint=hint)


def _offer(schemes: Iterable[str]) -> str:
    return _choose(EXAMPLES[scheme] for scheme in schemes)


def _choose(words: Iterable[str]) -> str:
    return "type " + " or ".join(words)


def _guess(text: str) -> str:
    begun = re.fullmatch(r"(\w+)(?::/*|/+)([^/].*)", text)  # as docker:/web
    if begun and begun[1] in OPTIONS:
        return f"type {begun[1]}://{begun[2]}"
    plain = re.fullmatch(r"[\w.@:-]+", text)
    return f"type docker://{text} or ssh://{text}" if plain else _offer(EXAMPLES)


def names(addresses: Sequence[str]) -> list[str]:
    """Return what the hosts are called: `local`, and `release` or, for several, where they are.

    Each has a name of its own: the second of two that are at one place gets a number.
    """
    if len(addresses) <= 2:  # noqa: PLR2004 -- the usual pair
        return ["local", "release"][: len(addresses)]
    found = ["local"]
    for address in addresses[1:]:
        name = address.partition("://")[2].partition("?")[0] or address
        numbered = (f"{name} ({number})" for number in count(2))
        found.append(next(each for each in chain([name], numbered) if each not in found))
    return found
