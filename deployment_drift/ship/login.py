"""Finds who the user is for a registry: what `docker login` has left, helpers included."""

from collections.abc import Mapping

Login = Mapping[str, str]
"""A `username` and a `password`, as the SDK takes them."""


def find(registry: str) -> Login | None:
    """Return the login for a registry, None where the user has none.

    Raises docker's DockerException with what a credential helper complains of.
    """
    from docker import auth

    found = auth.load_config().resolve_authconfig(registry) or {}
    known = {key.lower(): str(value) for key, value in found.items()}
    return known if {"username", "password"} <= known.keys() else None
