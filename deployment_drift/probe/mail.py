"""Which way a mail takes from a host."""

from deployment_drift.probe.collect import Facts

LISTENS_NOT = "0B00007F"  # 127.0.0.11, an engine's own name server, on another port every time


class Mail:
    """What hands mails on from one host."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts

    @property
    def program(self) -> str | None:
        """What `sendmail` really is; None where there is none."""
        return self._facts.line("mail-program")

    @property
    def relay(self) -> str | None:
        """What msmtp is told, without its secrets."""
        return self._facts.line("mail-relay")

    @property
    def domain(self) -> str | None:
        """The name that mails from here carry."""
        return self._facts.line("mail-name")

    def answers(self, port: int) -> bool:
        """Whether something listens on a port, by the kernel's table."""
        rows = (self._facts.text("sockets") or "").splitlines()
        found = [row.split()[0] for row in rows if not row.startswith(LISTENS_NOT)]
        return any(int(address.rpartition(":")[2], 16) == port for address in found)
