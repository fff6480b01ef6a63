"""The commands: those of `tasks.py` in a checkout, those for any servers where it is installed."""

from deployment_drift.cli import Command


def installed() -> None:
    """Run `deployment-drift`, which needs no checkout."""
    from importlib.metadata import version

    from deployment_drift.commands import EVERYWHERE

    Command(version("deployment-drift"), EVERYWHERE, "Deployment-drift", "deployment-drift").run()


if __name__ == "__main__":
    Command(name="Invoke", binary="./invoke", binary_names=["invoke"]).run()
