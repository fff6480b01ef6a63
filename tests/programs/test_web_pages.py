"""Pages are asked of the host's own web server, and only what was asked for leaves it."""

import socket
import ssl
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import monotonic

import pytest

from deployment_drift.errors import UnknownError
from deployment_drift.probe import collect
from deployment_drift.probe.collect import Facts, split, values
from deployment_drift.probe.questions import Questions, WebPage
from deployment_drift.probe.servers import Pages
from tests import installed
from tests.fakes import Reply, serve, silence

SH = Path(collect.__file__).parent / "sh"
PARTS = (
    "_frame",
    "_lines",
    "_mask",
    "_mask_digests",
    "_mask_lines",
    "_php",
    "_programs",
    "_secrets",
)
PAGES = ("_pages", "_pages_place", "_pages_told", "_pages_nc", "web_pages")
CONFIGURED = "nginx_said=''\napache_said=''\n"
SECRET = "Tea4two-and-two4tea"  # noqa: S105 -- planted, to be looked for
FRONT = Reply(
    "<p>Shop, version 12 of 34</p>",
    headers=[("Content-Type", "text/html"), ("Set-Cookie", f"a={SECRET}; Path=/; Secure")],
)


def said(
    *pages: WebPage, shell: str = "sh", before: str = CONFIGURED, patience: float = 2
) -> tuple[Pages, str]:
    """Return the answers to some pages, and all that was printed; `before` is more of sh."""
    parts = "".join(SH.joinpath(f"{part}.sh").read_text("utf-8") for part in (*PARTS, *PAGES))
    asked = values("F", Questions(web_pages=pages, patience=patience))
    ended = subprocess.run(
        shell.split(), input=asked + before + parts, capture_output=True, text=True, check=False
    )
    said = ended.stdout.encode()
    return Pages(Facts(lambda: split(said, "F", "cut"))), ended.stdout + ended.stderr


@pytest.mark.parametrize(
    ("shell", "program"),
    [
        ("dash", "curl"),
        ("bash", "curl"),
        ("busybox sh", "curl"),
        ("dash", "wget"),
        ("bash", "wget"),
        ("dash", "busybox nc"),
        ("bash", "busybox nc"),
    ],
)
def test_status_headers_and_what_a_pattern_matches(
    shell: str, program: str, tmp_path: Path
) -> None:
    """In every shell and with every program a page says its status, headers and groups."""
    for needed in (shell, program):
        installed.shell(needed)
    others = "" if program == "curl" else "curl() { :; }\nphp() { :; }\n"
    if program == "busybox nc":
        (tmp_path / "nc").symlink_to(installed.need("busybox"))
        others += f"wget() {{ :; }}\nPATH=$PATH:{tmp_path}\n"
    asked: list[str] = []
    with serve({"GET /": FRONT}, asked) as at:
        page = WebPage(f"http://{at}/?a=1", "shop.example", ("content-type",), r"(\w+), .* (\d+)")
        answers, _ = said(page, shell=shell, before=CONFIGURED + others)
        port = at.partition(":")[2]
    assert answers.answer(page) == {
        "status": 200,
        "content-type": "text/html",
        "body": ["Shop", "34"],
    }
    assert asked == [f"GET /?a=1 shop.example:{port}"]


def test_a_redirect_is_an_answer() -> None:
    """Where a page leads is told, and not followed; nor is an error a failure."""
    asked: list[str] = []
    moved = Reply("", 302, [("Location", "/elsewhere")])
    with serve({"GET /old": moved}, asked) as at:
        old, gone = WebPage(f"http://{at}/old", headers=("location",)), WebPage(f"http://{at}/gone")
        answers, _ = said(old, gone)
    assert answers.answer(old) == {"status": 302, "location": "/elsewhere"}
    assert answers.answer(gone) == {"status": 404}
    assert [each.split()[1] for each in asked] == ["/old", "/gone"]


@pytest.fixture
def tls(tmp_path: Path) -> ssl.SSLContext:
    """Give a certificate that nobody has signed, for another name."""
    installed.need("openssl")
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    made = ["-keyout", str(key), "-out", str(certificate), "-days", "1", "-subj", "/CN=other.test"]
    how = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes"]
    subprocess.run([*how, *made], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context


@pytest.mark.parametrize("others", ["", "curl() { :; }\nphp() { :; }\n"])
def test_a_certificate_is_not_verified(
    tls: ssl.SSLContext, others: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server's own certificate is for its public name, and does not keep its pages away."""
    monkeypatch.setenv("SSLKEYLOGFILE", str(tmp_path / "keys"))  # a program would write there
    named: list[str | None] = []
    tls.sni_callback = lambda _, name, __: named.append(name)
    asked: list[str] = []
    with serve({"GET /": FRONT}, asked, tls=tls) as at:
        port = at.partition(":")[2]
        page = WebPage(f"https://shop.example:{port}/")
        assert said(page, before=CONFIGURED + others)[0].answer(page) == {"status": 200}
    assert asked == [f"GET / shop.example:{port}"]
    assert named == [None if others else "shop.example"]
    assert not (tmp_path / "keys").exists()


def test_wget_tells_an_error_and_no_redirect() -> None:
    """A page that is not there is an answer for wget, too; of a redirect it says nothing."""
    asked: list[str] = []
    only = f"{CONFIGURED}curl() {{ :; }}\nphp() {{ :; }}\n"
    with serve({"GET /old": Reply("", 302, [("Location", "/elsewhere")])}, asked) as at:
        gone = WebPage(f"http://{at}/gone")
        assert said(gone, before=only)[0].answer(gone) == {"status": 404}
        assert "0 redirections" in unknown(WebPage(f"http://{at}/old"), only)
    assert [each.split()[1] for each in asked] == ["/gone", "/old"]


def test_no_secret_leaves_the_host() -> None:
    """Cookies have no value, and a secret that a pattern or a header names is a digest."""
    body = f'<p>fine</p>\n{{"x": 1, "api_key": "{SECRET}"}}'
    headers = [("Set-Cookie", f"a={SECRET}; Secure"), ("X-Auth-Token", SECRET)]
    with serve({"GET /": Reply(body, headers=headers)}) as at:
        page = WebPage(f"http://{at}/", headers=("set-cookie", "x-auth-token"), body=r"Tea[\w-]+")
        answers, printed = said(page)
    found = answers.answer(page)
    assert isinstance(found, dict)
    assert found["set-cookie"] == "a=*; Secure"
    assert str(found["x-auth-token"]).startswith("<secret ")
    assert str(found["body"]).startswith("<secret ")
    assert SECRET not in printed
    assert "fine" not in printed


def unknown(page: WebPage, before: str = CONFIGURED, patience: float = 2) -> str:
    """Return why a page is unknown."""
    answers, _ = said(page, before=before, patience=patience)
    with pytest.raises(UnknownError) as raised:
        answers.answer(page)
    return raised.value.what


def test_what_stands_around_a_secret_is_compared() -> None:
    """Of what matches, only the secret is replaced: what is before and behind it still differs."""
    bodies = [f"v{number} at mysql://u:{SECRET}@db1" for number in ("1.2", "1.3")]
    seen = []
    for body in bodies:
        with serve({"GET /": Reply(body)}) as at:
            page = WebPage(f"http://{at}/", body="v[0-9.]+ .*@db[0-9]")
            pages, printed = said(page)
        seen.append(str(pages.answer(page)))
        assert SECRET not in printed
    assert "v1.2 at mysql" in seen[0]
    assert seen[0] != seen[1]


def test_early_hints_are_no_answer() -> None:
    """A server may send heads in front of the answer; what it answers is the last one."""
    hints = b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n"
    answer = b"HTTP/1.1 500 Oops\r\nX-Kind: real\r\nContent-Length: 4\r\n\r\nbody"
    with socket.create_server(("127.0.0.1", 0)) as listener, ThreadPoolExecutor() as threads:
        page = WebPage(f"http://127.0.0.1:{listener.getsockname()[1]}/", "", ("x-kind",), "b.*")
        asked = threads.submit(said, page)
        talk, _ = listener.accept()
        with talk:
            talk.recv(4096)
            talk.sendall(hints + answer)
        pages, _ = asked.result()
    assert pages.answer(page) == {"status": 500, "x-kind": "real", "body": "body"}


def test_what_cannot_be_asked_is_unknown() -> None:
    """Nobody who listens or answers, no program, half an answer: never a status or an absence."""
    refused = WebPage("http://127.0.0.1:9/")
    assert "connect" in unknown(refused)
    nothing = "curl() { :; }\nwget() { :; }\nphp() { :; }\nnc() { :; }\n"
    assert "neither curl, php, wget nor nc" in unknown(refused, CONFIGURED + nothing)
    with silence() as at:
        begin = monotonic()
        assert "ended with" in unknown(WebPage(f"http://{at}/"), patience=1)
        assert monotonic() - begin < 4
    with serve({"GET /": Reply("x\n" * 600_000)}) as at:
        assert "the answer was cut off" in unknown(WebPage(f"http://{at}/", body="version"))


def test_what_a_pattern_does_not_match_is_not_there() -> None:
    """A whole answer without a match has no body to compare."""
    with serve({"GET /": FRONT}) as at:
        page = WebPage(f"http://{at}/", body="no such thing")
        assert said(page)[0].answer(page) == {"status": 200}


NGINX = """nginx_said='12	server {{
13	listen {other};
14	}}
15	server {{
16	listen 127.0.0.1:{port};
17	server_name other.example shop.example;'
apache_said=''
"""
APACHE = """nginx_said=''
apache_said='Listen {other}
<VirtualHost *:{other}>
  ServerName other.example
</VirtualHost>
<VirtualHost *:{port}>
  ServerName www.example:80
  ServerAlias "shop.example"
</VirtualHost>'
"""


@pytest.mark.parametrize("configured", [NGINX, APACHE])
def test_a_page_is_asked_where_its_site_is_served(configured: str) -> None:
    """The configuration says at which port a virtual host listens; without it, it is port 80."""
    asked: list[str] = []
    with serve({}) as other, serve({"GET /health": FRONT}, asked) as at:
        port = at.partition(":")[2]
        before = configured.format(port=port, other=other.partition(":")[2])
        page = WebPage("/health", "shop.example")
        assert said(page, before=before)[0].answer(page) == {"status": 200}
    assert asked == [f"GET /health shop.example:{port}"]
    assert "port 80 " in unknown(page, before.replace(port, "9"))
