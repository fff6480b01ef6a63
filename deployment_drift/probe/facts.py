"""What checks ask of files, ports and packages beyond testinfra's own modules."""

from functools import cached_property
from typing import Any, cast

# How the package managers list everything that is installed, one "name version" a line.
PACKAGE_LISTS = (
    r"dpkg-query -W -f '${db:Status-Abbrev}${Package} ${Version}\n' | sed -n 's/^ii //p'",
    r"rpm -qa --qf '%{NAME} %{VERSION}-%{RELEASE}\n'",
    r"apk list --installed | sed 's/-\([0-9][^ ]*-r[0-9]*\) .*/ \1/'",
)


class Packages:
    """Every installed package with its version, whatever the package manager; asked once."""

    def __init__(self, host: Any) -> None:  # noqa: ANN401
        self._host = host

    @cached_property
    def versions(self) -> dict[str, str] | None:
        """Versions by name; None where no known package manager is."""
        for command in PACKAGE_LISTS:
            if self._host.exists(command.split()[0]):
                listed = self._host.check_output(command).splitlines()
                return dict(line.split(" ", 1) for line in listed)
        return None

    def version(self, name: str) -> str | None:
        """Return a package's version; None where it is not installed."""
        return (self.versions or {}).get(name)


def text(file: Any) -> str | None:  # noqa: ANN401 -- a testinfra file module
    """Return a file's content without the last line end; None where there is no such file."""
    return cast("str", file.content_string).rstrip("\n") if file.exists else None


def access(file: Any) -> str | None:  # noqa: ANN401 -- a testinfra file module
    """Return whose a file is and its mode, `root:root 644`; None where there is no such file."""
    return f"{file.user}:{file.group} {file.mode:o}" if file.exists else None


def hashes(host: Any, folder: str) -> dict[str, str] | None:  # noqa: ANN401
    """Return the SHA-256 of every file below a folder by its path; None without the folder."""
    if not host.file(folder).is_directory:
        return None
    listing = host.check_output("find %s -type f -exec sha256sum {} +", folder)
    pairs = (line.split("  ", 1) for line in listing.splitlines())
    return {path: digest for digest, path in pairs}


def listening(host: Any) -> set[int]:  # noqa: ANN401
    """Return the TCP ports on which something on a Linux host listens, by its kernel's table."""
    rows = host.check_output("cat /proc/net/tcp /proc/net/tcp6 2>/dev/null || true").splitlines()
    sockets = [row.split() for row in rows if ":" in row]
    # 127.0.0.11 is the engine's own name server, on a port that is another one every time
    own = [words[1] for words in sockets if words[3] == "0A" and words[1][:8] != "0B00007F"]
    return {int(address.rpartition(":")[2], 16) for address in own}
