"""Finds who the user is for a registry: what `docker login` has left, or what Amazon gives."""

import re
import sys
from base64 import b64decode
from collections.abc import Mapping

from deployment_drift.errors import DriftError

Login = dict[str, str]
"""A `username` and a `password`, or an `identitytoken`, as the SDK takes them."""

_ECR = re.compile(r"\d{12}\.dkr\.ecr(?:-fips)?\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?")


def find(registry: str) -> Login | None:
    """Return the login for a registry, None where the user has none.

    Amazon's is asked for, since it lasts hours only, unless the Docker client knows one. Raises
    DriftError where that fails, and docker's DockerException where a credential helper does.
    """
    from docker import auth

    left = auth.load_config().resolve_authconfig(registry) or {}
    if token := _identity(registry, left):
        return {"identitytoken": token}
    known = {key.lower(): str(value) for key, value in left.items()}
    if {"username", "password"} <= known.keys():
        return known
    region = None if left else _ECR.fullmatch(registry)
    return _amazon(registry, region[1]) if region else None


def _identity(registry: str, left: Mapping[str, str]) -> str:
    """Return the token that stands for a password, as a credential helper or a file has it."""
    from docker.utils import config

    said = config.load_general_config().get("auths") or {}
    return left.get("IdentityToken") or said.get(registry, {}).get("identitytoken") or ""


def _amazon(registry: str, region: str) -> Login:
    """Return a login for Amazon ECR, by whatever says to boto3 who the user is."""
    try:
        import boto3
        from botocore.exceptions import BotoCoreError, ClientError
    except ImportError:
        what = f"to log in to {registry} takes boto3, or docker login"
        raise DriftError(what, hint=f"{sys.executable} -m pip install boto3") from None
    try:
        found = boto3.Session(region_name=region).client("ecr").get_authorization_token()
    except (BotoCoreError, ClientError) as error:
        what = f"Amazon gives no login for {registry}"
        raise DriftError(what, hint="aws sts get-caller-identity", detail=str(error)) from error
    token = b64decode(found["authorizationData"][0]["authorizationToken"]).decode()
    username, _, password = token.partition(":")
    return {"username": username, "password": password}
