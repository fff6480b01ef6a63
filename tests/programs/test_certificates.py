"""What is told of the certificates with which web servers answer."""

import platform
import subprocess
from pathlib import Path

from deployment_drift.probe.collect import Facts
from deployment_drift.probe.servers import WebServers
from tests.programs.parts import SH, parts, run


def certificate(folder: Path, name: str, *options: str) -> Path:
    """Make a certificate and its key; return the certificate."""
    file = folder / f"{name}.pem"
    asked = ["-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", f"{folder}/{name}.key"]
    made = ["openssl", "req", *asked, "-subj", f"/CN={name}", "-out", str(file), *options]
    subprocess.run(made, check=True, capture_output=True)
    return file


def test_certificates_of_web_servers(shell: list[str], tmp_path: Path) -> None:
    """Whose a certificate is, how many are sent and whether it counts is told; no key is opened."""
    alternative = f"subjectAltName=DNS:{platform.node()},DNS:b.test"
    good = certificate(tmp_path, "shop.test", "-addext", alternative)
    good.write_text(good.read_text() * 2)
    old = certificate(tmp_path, "old.test")
    again = [
        "openssl",
        "x509",
        "-in",
        str(old),
        "-days",
        "-1",
        "-signkey",
        str(old.with_suffix(".key")),
    ]
    subprocess.run([*again, "-out", str(old)], check=True, capture_output=True)
    lines = (
        f"1\tssl_certificate {good};\n2\tSSLCertificateFile {old}\n"
        f"3\tssl_certificate {tmp_path}/gone.pem;\n4\tssl_certificate {tmp_path}/both.pem;\n"
        f"5\tssl_certificate_key {tmp_path}/both.pem;"
    )
    first = "# Certificates with which web servers answer: whose"
    assert first in parts()
    text = parts().replace(first, f"nginx_said='{lines}' apache_said=\n{first}")
    text += f"by_awk boot 'copy(\"/proc/stat\")'\n{(SH / 'web_tls.sh').read_text()}"
    found = run(shell, text)
    assert "btime" in found["boot"].text, "what is asked later was lost"
    told = WebServers(Facts(lambda: found)).certificates
    assert told == {
        str(path): {"is": what, "at": str(path), "own": True}
        for path, what in {
            good: "<host>, b.test, by CN=shop.test, 2 sent, valid",
            old: "CN=old.test, by CN=old.test, expired",
            tmp_path / "gone.pem": "missing",
        }.items()
    }


def test_no_certificates(shell: list[str]) -> None:
    """Where nothing is served by a certificate, there is nothing to compare."""
    found = run(shell, parts("web_tls.sh"))
    assert WebServers(Facts(lambda: found)).certificates is None


def test_certificates_below_etc(shell: list[str]) -> None:
    """One that is not a web server's is compared as a whole; a web server's is told otherwise."""
    paths = r"\n/etc/a.conf\n/etc/partner.crt\n/etc/own.crt\n"
    asked = f"printf '{paths}' | worth_a_look"
    said = run(shell, f'{parts()}tls_files=/etc/own.crt\nsection x eval "{asked}"\n')["x"].text
    assert "changed='/etc/a.conf'\n" in said
    assert "outside='/etc/partner.crt'\n" in said
    assert "own.crt" not in said
