"""What a machine is told of the image that it is made from."""

import subprocess

from deployment_drift.targets.disks import service

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
