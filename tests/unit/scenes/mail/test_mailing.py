from email.message import EmailMessage

import pytest

from deployment_drift.errors import HostError
from deployment_drift.scenes.mail import mailing
from deployment_drift.scenes.mail.mailing import Mail, from_maildev, from_message, wait

MAIL = Mail("M-1", "hanako@example.com", "🌕 ご注文 M-1", "月夜の煎茶\n")


def test_message_is_decoded() -> None:
    """A mail as it came over SMTP is read with its Japanese subject and text."""
    message = EmailMessage()
    message["To"], message["Subject"] = MAIL.to, MAIL.subject
    message["Message-ID"] = "<M-1@moonview.example>"
    message.set_content(MAIL.body)
    assert b"=?utf-8?" in bytes(message)
    assert from_message(bytes(message)) == MAIL


def test_mail_of_the_mock_server_is_the_same() -> None:
    """What MailDev's page knows of a mail is what its reader sees."""
    mail = {
        "messageId": "M-1@moonview.example",
        "to": [{"address": MAIL.to, "name": ""}],
        "subject": MAIL.subject,
        "text": MAIL.body,
    }
    assert from_maildev(mail) == MAIL


def test_words_leave_the_order_out() -> None:
    """Two mails about two orders have the same words."""
    assert MAIL.words == "🌕 ご注文 …"


def test_a_mail_server_that_is_busy_is_asked_again() -> None:
    """A time-out of one question is no failure: the mail may still come."""
    answers: list[Exception | list[Mail]] = [TimeoutError(), [MAIL]]

    def read() -> list[Mail]:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    assert wait(read, {"M-1"}) == [MAIL]


def test_waits_for_every_order() -> None:
    """Mails are read again until the last order's is there; all that are there come back."""
    boxes = iter([[], [MAIL]])
    assert wait(lambda: next(boxes), {"M-1"}) == [MAIL]


def test_mail_that_never_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Past the limit the orders that have no mail are named."""
    monkeypatch.setattr(mailing, "LIMIT", 0.0)
    with pytest.raises(HostError, match="No mail for M-2 arrived"):
        wait(lambda: [MAIL], {"M-1", "M-2"})
