from dataclasses import replace

from deployment_drift.scenes.mail.separation import KINDS, Contents, differences

PHP = Contents({"php": "8.4"}, ["/usr/bin/php"], {"/etc/passwd": "1"}, {}, [80], ["apache2"])


def test_same_machine_has_nothing_apart() -> None:
    """A machine has nothing that it has not."""
    assert all(differences(PHP, PHP)[kind].names == () for kind in KINDS)


def test_mail_is_what_the_other_has_not() -> None:
    """Packages, files, ports and processes that are only here, and settings that differ."""
    mail = replace(
        PHP,
        packages={**PHP.packages, "postfix": "3.7"},
        settings={"/etc/passwd": "2", "/etc/postfix/main.cf": "3"},
        ports=[25, 80],
    )
    found = differences(mail, PHP)
    assert found["packages"].names == ("postfix",)
    assert found["settings"].names == ("/etc/postfix/main.cf", "/etc/passwd")
    assert found["ports"].only_here == ("25",)
    assert found["processes"].names == ()
