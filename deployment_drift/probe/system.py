"""What everything on a host stands on: its distribution and its kernel."""

import shlex

from deployment_drift.probe.collect import Facts


class System:
    """The operating system of one host."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts

    @property
    def kernel(self) -> str | None:
        """The kernel's release, as `6.1.0-18-amd64`."""
        said = self._facts.text("kernel")
        return said and said.split()[1]

    @property
    def distribution(self) -> str | None:
        """Name and version, `debian 13`; None where the host does not say."""
        said = self._facts.text("os-release")
        if said is None:
            return None
        pairs = dict(word.split("=", 1) for word in shlex.split(said, comments=True) if "=" in word)
        return f"{pairs.get('ID', '')} {pairs.get('VERSION_ID', '')}".strip()
