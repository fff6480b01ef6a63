"""Reads the mails that arrived: from the mock server's box, and from a customer's mailbox."""

import json
from base64 import b64decode
from collections.abc import Callable, Collection
from dataclasses import dataclass
from email import message_from_bytes
from email.policy import default
from typing import Any
from urllib.request import urlopen

from deployment_drift.errors import HostError
from deployment_drift.paths import typed
from deployment_drift.waiting import until

LIMIT = 15.0
"""Seconds that a mail may be on its way."""
INBOX = "/var/mail/inbox/new"
_PAUSE = 0.05
_ANSWER_LIMIT = 5.0


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail as its reader sees it; `order` is the number of the order that it confirms."""

    order: str
    to: str
    subject: str
    body: str

    @property
    def words(self) -> str:
        """The subject without the order's number, which no two orders share."""
        return self.subject.replace(self.order, "…")


def caught(url: str) -> list[Mail]:
    """Return what the mock mail server at this address has caught."""
    with urlopen(f"{url}/email", timeout=_ANSWER_LIMIT) as answer:  # noqa: S310 -- our own address
        return [from_maildev(mail) for mail in json.load(answer)]


def from_maildev(mail: dict[str, Any]) -> Mail:
    """Return a mail of MailDev's REST API."""
    to = mail["to"][0]["address"]
    return Mail(_order(mail["messageId"]), to, mail["subject"], mail["text"])


def delivered(mailbox: Any) -> list[Mail]:  # noqa: ANN401 -- testinfra's host
    """Return what lies in the mailbox of a host, which is asked as the mailbox's owner."""
    lines = mailbox.check_output(f"for f in {INBOX}/*; do base64 -w0 $f; echo; done").split()
    return [from_message(b64decode(line)) for line in lines]


def from_message(raw: bytes) -> Mail:
    """Return a mail as it came over SMTP, with everything decoded."""
    message = message_from_bytes(raw, policy=default)
    order, to, subject = (str(message[name]) for name in ("Message-ID", "To", "Subject"))
    return Mail(_order(order), to, subject, message.get_content())


def _order(message_id: str) -> str:
    return message_id.strip("<>").partition("@")[0]


def wait(read: Callable[[], list[Mail]], orders: Collection[str]) -> list[Mail]:
    """Return all mails as soon as those of these orders are among them; HostError if too late."""
    found: list[Mail] = []

    def missing() -> set[str]:
        found[:] = read()
        return set(orders) - {mail.order for mail in found}

    until(lambda: not missing(), limit=LIMIT, pause=_PAUSE, late=lambda: _late(missing()))
    return found


def _late(missing: Collection[str]) -> HostError:
    what = f"No mail for {', '.join(sorted(missing))} arrived within {LIMIT:.0f} s."
    return HostError(what, hint=typed("doctor"))
