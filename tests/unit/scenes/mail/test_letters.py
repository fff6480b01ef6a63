from email.message import EmailMessage

import pytest

from deployment_drift.errors import HostError
from deployment_drift.scenes.mail import letters
from deployment_drift.scenes.mail.letters import Letter, from_maildev, from_message, wait

LETTER = Letter("M-1", "hanako@example.com", "🌕 ご注文 M-1", "月夜の煎茶\n")


def test_message_is_decoded() -> None:
    """A mail as it came over SMTP is read with its Japanese subject and text."""
    message = EmailMessage()
    message["To"], message["Subject"] = LETTER.to, LETTER.subject
    message["Message-ID"] = "<M-1@moonview.example>"
    message.set_content(LETTER.body)
    assert b"=?utf-8?" in bytes(message)
    assert from_message(bytes(message)) == LETTER


def test_mail_of_the_mock_server_is_the_same() -> None:
    """What MailDev's page knows of a mail is what its reader sees."""
    mail = {
        "messageId": "M-1@moonview.example",
        "to": [{"address": LETTER.to, "name": ""}],
        "subject": LETTER.subject,
        "text": LETTER.body,
    }
    assert from_maildev(mail) == LETTER


def test_words_leave_the_order_out() -> None:
    """Two mails about two orders have the same words."""
    assert LETTER.words == "🌕 ご注文 …"


def test_waits_for_every_order() -> None:
    """Mails are read again until the last order's is there; all that are there come back."""
    boxes = iter([[], [LETTER]])
    assert wait(lambda: next(boxes), {"M-1"}) == [LETTER]


def test_mail_that_never_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Past the limit the orders that have no mail are named."""
    monkeypatch.setattr(letters, "LIMIT", 0.0)
    with pytest.raises(HostError, match="No mail for M-2 arrived"):
        wait(lambda: [LETTER], {"M-1", "M-2"})
