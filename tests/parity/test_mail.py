"""Which way a mail takes."""

from deployment_drift import Same


def test_mail_transfer_agent(same: Same) -> None:
    """What sendmail is: mails go to customers, or to nobody."""
    assert same(lambda host: host.mail.program)


def test_mail_catcher(same: Same) -> None:
    """Mail catcher: what is caught here reaches real customers there."""
    assert same(lambda host: host.packages.version("python3-aiosmtpd"))


def test_postfix(same: Same) -> None:
    """Postfix: one server queues and retries, the other does not."""
    assert same(lambda host: host.packages.version("postfix"))


def test_msmtp(same: Same) -> None:
    """msmtp: a mail that is not accepted at once is lost."""
    assert same(lambda host: host.packages.version("msmtp"))


def test_mail_relay(same: Same) -> None:
    """Mail relay: the mail leaves through another server."""
    assert same(lambda host: host.mail.relay)


def test_mail_domain(same: Same) -> None:
    """Domain of the mails: spam filters refuse a sender that does not exist."""
    assert same(lambda host: host.mail.domain)


def test_smtp_port(same: Same) -> None:
    """Port 25 answers: programs that speak SMTP find nobody."""
    assert same(lambda host: host.mail.answers(25))


def test_catcher_port(same: Same) -> None:
    """Port 1025 answers: the developer's mail catcher is nowhere else."""
    assert same(lambda host: host.mail.answers(1025))
