from pathlib import Path

from deployment_drift.engine import bridge


def test_name_fits_and_is_the_folders_own() -> None:
    """A bridge's name fits into the kernel's 15 characters and differs from folder to folder."""
    one, other = (bridge.name(Path(folder)) for folder in ("/one", "/other"))
    assert one != other
    assert one == bridge.name(Path("/one"))
    assert len(one) <= 15
