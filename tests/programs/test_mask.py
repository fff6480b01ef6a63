"""No secret leaves a host: what is planted in all kinds of files is told as a digest only."""

import os
import subprocess
from pathlib import Path

import pytest

from deployment_drift.probe import collect
from deployment_drift.probe.questions import Questions
from tests import installed

SH = Path(collect.__file__).parent / "sh"
PLANTED = Path(__file__).parent / "planted.txt"
PARTS = [SH / "_frame.sh", SH / "_lines.sh", *sorted(SH.glob("_mask*.sh")), SH / "_secrets.sh"]


@pytest.fixture(params=["dash", "busybox sh"])
def shell(request: pytest.FixtureRequest, tmp_path: Path) -> list[str]:
    """Give an sh; busybox comes with its own awk in front of the machine's."""
    words = installed.shell(str(request.param))
    if words[0] == "busybox":
        (tmp_path / "awk").symlink_to(installed.need("busybox"))
    return ["env", f"PATH={tmp_path}:{os.environ['PATH']}", *words]


def masked(shell: list[str], text: str, key: str = "k", before: str = "") -> str:
    """Return what is left of a text when its secrets are masked."""
    parts = "".join(part.read_text("utf-8") for part in PARTS)
    program = f"frame=F secret={key}\n{before}\n{parts}\nmask"
    ended = subprocess.run(
        [*shell, "-c", program], input=text, capture_output=True, encoding="utf-8", check=True
    )
    assert not ended.stderr
    return ended.stdout


def test_planted_secrets(shell: list[str]) -> None:
    """Of three dozen planted secrets nothing is left, and every line is still there."""
    planted = PLANTED.read_text("utf-8")
    left = masked(shell, planted)
    assert "planted" in planted
    assert "planted" not in left.lower()
    assert left.count("\n") == planted.count("\n")


@pytest.mark.parametrize(
    "line",
    [
        "clear_env = no",
        "    server_tokens off;",
        "    fastcgi_pass unix:/run/php/php8.4-fpm.sock;",
        "after the key = is seen",
        "other: is seen",
        "next: is seen",
        'requirepass ""',
        "PasswordAuthentication no",
        "APP_ENV=production",
        "disable_functions = exec,password_hash,show_source",
        "    ssl_certificate_key /etc/ssl/private/x.key;",
    ],
)
def test_what_is_no_secret(shell: list[str], line: str) -> None:
    """What only looks like a secret, is empty or is a switch, is told as it is."""
    assert f"\n{line}\n" in masked(shell, PLANTED.read_text("utf-8")).replace("438\t", "")


def test_equal_secrets_have_equal_digests(shell: list[str]) -> None:
    """A digest says "the same" or "another one" under one key, and nothing under another."""
    first, same, other = masked(shell, "password = a\npassword = a\npassword = b\n").splitlines()
    assert first == same != other
    assert masked(shell, "password = a\n", key="l").strip() != first


def test_the_name_stays(shell: list[str]) -> None:
    """Only the value is hidden: its name, its number and what stands behind its quotes stay."""
    assert masked(shell, "7\tDB_PASSWORD = 'a'; x = 1\n").startswith("7\tDB_PASSWORD = <secret ")
    assert masked(shell, "7\tDB_PASSWORD = 'a'; x = 1\n").endswith(">; x = 1\n")


def test_further_secrets(shell: list[str]) -> None:
    """Somebody's own names of secrets are added to the list."""
    text = "colour = red\nshape = round\n"
    left = masked(shell, text, before="more_secrets='colour\nfigure'")
    assert "red" not in left
    assert "shape = round" in left


def test_further_secrets_are_a_parameter() -> None:
    """Further names of secrets reach the program as one of its parameters."""
    said = collect.program("F", Questions(secrets=("colour", "figure")))
    assert "more_secrets='colour\nfigure'\n" in said
