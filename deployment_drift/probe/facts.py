"""What checks ask of files and ports beyond testinfra's own modules."""

from typing import Any, cast


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
