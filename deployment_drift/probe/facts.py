"""What is asked of ports beyond testinfra's own modules."""

from typing import Any


def listening(host: Any) -> set[int]:  # noqa: ANN401
    """Return the TCP ports on which something on a Linux host listens, by its kernel's table."""
    rows = host.check_output("cat /proc/net/tcp /proc/net/tcp6 2>/dev/null || true").splitlines()
    sockets = [row.split() for row in rows if ":" in row]
    # 127.0.0.11 is the engine's own name server, on a port that is another one every time
    own = [words[1] for words in sockets if words[3] == "0A" and words[1][:8] != "0B00007F"]
    return {int(address.rpartition(":")[2], 16) for address in own}
