"""Secrets are found wherever an image hides them, and are never told."""

import io
import json
import tarfile
from collections.abc import Iterator, Mapping

import pytest

from deployment_drift.errors import DriftError
from deployment_drift.ship.secrets import ZSTD, Secret, secrets

KEY = "-----BEGIN RSA PRIVATE KEY-----\n" + "MIIEpAIBAAKCAQEA" * 4 + "\n"
PLANTED = (
    ("srv/key.pem", KEY, "a private key"),
    ("usr/share/key.pem", KEY.replace("RSA ", ""), "a private key"),
    ("srv/a.php", "<?php $id = 'AKIA" + "Q" * 16 + "';", "a key of Amazon's"),
    ("srv/b.txt", "ghp_" + "a1" * 18, "a token of GitHub's"),
    ("srv/c.txt", "glpat-" + "x" * 20, "a token of GitLab's"),
    ("srv/d.js", "key: 'AIza" + "b" * 35 + "'", "a key of Google's"),
    ("var/www/db.php", "mysql://shop:moonlight@db.example/shop", "a password in an address"),
    ("var/www/.env", "DB_PASSWORD=moonlight", "a value of DB_PASSWORD"),
    ("srv/.env.local", 'export API_KEY="moon light"', "a value of API_KEY"),
    ("srv/.env", "MAIL_TOKEN='moonlight'", "a value of MAIL_TOKEN"),
    ("root/.netrc", "machine x login y", "a file that holds credentials"),
    ("root/.ssh/id_ed25519", "anything", "a file that holds credentials"),
)
HARMLESS = {
    "usr/share/perl/HTTP.pm": "as http://user:password@host.example/ does",
    "var/www/.env": "DB_PASSWORD=$FROM_OUTSIDE\nSHOP=moonview",
    "srv/.env": "A_TOKEN='$A'\nB_TOKEN=\"$B\"\nC_TOKEN=''",
    "srv/public.pem": "-----BEGIN PUBLIC KEY-----",
    "srv/readme": "-----BEGIN PRIVATE KEY----- is how one begins",
    "root/.netrc": "",
}


def tar(files: Mapping[str, bytes], mode: str = "w") -> bytes:
    """Return an archive of files by their paths."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=mode) as packed:  # type: ignore[call-overload]
        for path, content in files.items():
            entry = tarfile.TarInfo(path)
            entry.size = len(content)
            packed.addfile(entry, io.BytesIO(content))
    return buffer.getvalue()


def saved(
    *layers: Mapping[str, str], settings: Mapping[str, object] | None = None, mode: str = "w"
) -> Iterator[bytes]:
    """Yield an image as an engine saves it, in chunks of an odd size."""
    packed = {
        f"{number}/layer.tar": tar({path: text.encode() for path, text in layer.items()}, mode)
        for number, layer in enumerate(layers)
    }
    packed["config.json"] = json.dumps(settings or {}).encode()
    whole = tar(packed)
    return (whole[at : at + 1111] for at in range(0, len(whole), 1111))


def test_layer_that_is_named_twice() -> None:
    """Podman saves a layer as a file, and names it once more by a link."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as packed:
        link, layer = tarfile.TarInfo("a/layer.tar"), tarfile.TarInfo("b.tar")
        link.type, link.linkname = tarfile.SYMTYPE, "../b.tar"
        content = tar({"srv/key.pem": KEY.encode()})
        layer.size = len(content)
        packed.addfile(layer, io.BytesIO(content))
        packed.addfile(link)
    assert secrets([buffer.getvalue()]) == [Secret("srv/key.pem", "a private key")]


@pytest.mark.parametrize("mode", ["w", "w:gz"])
@pytest.mark.parametrize(("path", "text", "what"), PLANTED)
def test_a_planted_secret_is_found(path: str, text: str, what: str, mode: str) -> None:
    """Each kind is found in a layer, packed or not, also where a later layer deletes the file."""
    folder, _, name = path.rpartition("/")
    found = secrets(saved({path: text}, {f"{folder}/.wh.{name}": ""}, mode=mode))
    assert Secret(path, what) in found


def test_history_and_variables_are_looked_at() -> None:
    """A build argument stays in the history, and a variable in the image's settings."""
    settings = {
        "config": {"Env": ["PATH=/bin", "MAIL_PASSWORD=moonlight"]},
        "history": [
            {"created_by": "|1 API_TOKEN=starlight /bin/sh -c true"},
            {"created_by": '/bin/sh -c export DB_PASSWORD="sunlight" && ./install'},
        ],
    }
    found = secrets(saved(settings=settings))
    assert found == [
        Secret("history", "a value of MAIL_PASSWORD"),
        Secret("history", "a value of API_TOKEN"),
        Secret("history", "a value of DB_PASSWORD"),
    ]


def test_a_layer_that_cannot_be_read_is_an_error() -> None:
    """What is packed another way than gzip is never taken for a layer without a secret."""
    with pytest.raises(DriftError, match="packed with zstd"):
        secrets([tar({"blobs/sha256/1": ZSTD + b"?" * 99})])


def test_no_value_is_told() -> None:
    """What is found is named by its place and its kind."""
    told = repr(secrets(saved({path: text for path, text, _ in PLANTED})))
    assert "moonlight" not in told
    assert "AKIA" not in told


def test_what_is_no_secret_is_not_found() -> None:
    """Examples in a package's files, public keys and names without a value are none."""
    assert secrets(saved(HARMLESS)) == []
