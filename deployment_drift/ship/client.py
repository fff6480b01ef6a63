"""Runs the client program of a target, and says what a sick version means there."""

import subprocess

from deployment_drift.errors import HostError


def run(*words: str, given: str = "") -> "subprocess.CompletedProcess[str]":
    """Run a program that is given something to read, to its end."""
    return subprocess.run(words, input=given, capture_output=True, text=True, check=False)


def said(*words: str, given: str = "", or_else: str | None = None) -> str:
    """Return what a program prints; HostError where it fails, unless there is something else."""
    done = run(*words, given=given)
    if done.returncode and or_else is None:
        raise HostError(f"{' '.join(words[:3])} failed", detail=done.stderr[-2000:])
    return done.stdout.strip() if not done.returncode else or_else or ""


def sick(detail: str) -> HostError:
    """Return the error for a version that did not get well."""
    what = "the new version did not get well: the one before was told again"
    return HostError(what, hint="look at what it says, and ship it anew", detail=detail)
