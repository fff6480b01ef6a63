"""What a machine is told of the image that it is made from."""

import io
import subprocess
import tarfile

from deployment_drift.targets.disks import one_file, service

CONFIG = {
    "Env": ["SHOP_STAGE=it's local", "PATH=/usr/bin:/bin"],
    "User": "www-data",
    "Cmd": ["apache2", "-D", "two words"],
}


def test_service_is_read_by_sh() -> None:
    """Whatever an image's environment and command contain, sh reads them as they are."""
    script = f'{service(CONFIG)}printf "%s\\n" "$SHOP_STAGE" "$SERVICE_USER" "$SERVICE_COMMAND"'
    done = subprocess.run(["/bin/sh", "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == [
        "it's local",
        "www-data",
        "exec apache2 -D 'two words'",
    ]


def test_image_without_a_user_runs_as_root() -> None:
    """An image that names no user has its service run by root, as its container is."""
    assert "SERVICE_USER=root\n" in service({"Cmd": ["start"]})


def test_one_file_is_an_archive() -> None:
    """A text becomes an archive of one file."""
    with tarfile.open(fileobj=io.BytesIO(one_file("etc/service", "A=é\n"))) as tar:
        assert tar.getnames() == ["etc/service"]
        content = tar.extractfile("etc/service")
        assert content
        assert content.read() == "A=é\n".encode()
