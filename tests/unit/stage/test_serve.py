"""Who may see the pages of a talk, and who may press its keys."""

import signal
import socket
from urllib.request import urlopen

import pytest
from werkzeug.test import Client, TestResponse

from deployment_drift.errors import DriftError
from deployment_drift.stage.hub import Hub
from deployment_drift.stage.serve import Pressed, Site, served

TOKEN = {"X-Token": "secret"}
BASE = "http://127.0.0.1:8321"


@pytest.fixture
def site() -> Site:
    """Give pages whose token is known."""
    return Site(Hub(), Pressed(), 8321, "secret")


def press(site: Site, key: str, **how: str) -> TestResponse:
    """Press a key as a page does, or as `how` says."""
    headers = {**TOKEN, "Origin": BASE, **{name.title(): value for name, value in how.items()}}
    token = headers.pop("Token", TOKEN["X-Token"])
    return Client(site).post("/key", base_url=BASE, data=key, headers={**headers, "X-Token": token})


def test_keys_reach_the_talk(site: Site) -> None:
    """Each key of a talk is taken from whoever knows the token."""
    for key in ("next", "back", "7", "c", "?", "r"):
        assert press(site, key).status_code == 204
        assert site.keys.read() == key


@pytest.mark.parametrize(
    ("how", "status"),
    [
        ({"token": "guessed"}, 403),
        ({"token": ""}, 403),
        ({"token": "é"}, 403),
        ({"origin": "http://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"host": "evil.example:8321"}, 403),
        ({"host": "127.0.0.1:80"}, 403),
    ],
)
def test_strangers_press_no_key(site: Site, how: dict[str, str], status: int) -> None:
    """Without the token, from another site, or by another name for us, nothing is pressed."""
    assert press(site, "next", **how).status_code == status
    assert site.keys.read(0) == ""


@pytest.mark.parametrize("key", ["", "x", "nextnext", "12", "next\n", "a" * 20])
def test_nothing_else_is_pressed(site: Site, key: str) -> None:
    """What is no key of a talk is refused, however long."""
    assert press(site, key).status_code in {400, 413}
    assert site.keys.read(0) == ""


@pytest.mark.parametrize("path", ["/", "/speaker", "/page/style.css", "/page/live.js"])
def test_pages_need_nothing_from_elsewhere(site: Site, path: str) -> None:
    """Each page forbids whatever does not come from here, and to be shown within another."""
    answer = Client(site).get(path, base_url=BASE)
    assert answer.status_code == 200
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "//" not in answer.text.replace("http://www.w3.org", "").replace("// ", "")


@pytest.mark.parametrize(
    "path", ["/page/../serve.py", "/page/%2e%2e%2fserve.py", "/page/x.js", "/x"]
)
def test_no_other_file_is_served(site: Site, path: str) -> None:
    """Only the files of the pages can be had."""
    assert Client(site).get(path, base_url=BASE).status_code == 404


@pytest.mark.parametrize("path", ["/", "/events", "/page/style.css"])
def test_other_names_see_nothing(site: Site, path: str) -> None:
    """A name that leads here from another site's page shows it nothing."""
    for base in ("http://evil.example:8321", "http://127.0.0.1:1"):
        assert Client(site).get(path, base_url=base).status_code == 403
    assert Client(site).get(path, base_url=BASE, headers={"Origin": "x"}).status_code == 403


def test_looks_change_at_once(site: Site) -> None:
    """Language, theme and view are no matter of the talk: they change while a step runs."""
    for key, name in {"l": "lang", "d": "theme", "p": "view"}.items():
        before = next(site.hub.follow())
        assert press(site, key).status_code == 204
        assert next(site.hub.follow()) != before
        assert name in before
    assert site.keys.read(0) == ""


def test_leaving_waits_for_no_step(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """`q` stops a step that runs, as Ctrl-C does."""
    sent: list[int] = []
    monkeypatch.setattr(signal, "pthread_kill", lambda _, number: sent.append(number))
    press(site, "q")
    assert sent == [signal.SIGINT]


def test_pace_goes_on_by_itself() -> None:
    """A talk with a pace needs no key; a second digit is waited for as long as it takes."""
    assert Pressed(0).read() == "next"
    assert Pressed(0).read(0.01) == ""


def test_impatient_keys_are_forgotten(site: Site) -> None:
    """What was pressed during a step does not skip what comes."""
    press(site, "next")
    site.keys.forget()
    assert site.keys.read(0) == ""


def test_nobody_else_on_the_network_is_served() -> None:
    """It answers on 127.0.0.1, as long as the block, and leaves its port free."""
    with served(Hub(), Pressed(), 0) as site:
        with urlopen(f"http://127.0.0.1:{site.port}/") as answer:
            assert answer.status == 200
        address = next(iter(socket.gethostbyname_ex(socket.gethostname())[2]), "127.0.0.1")
        if address != "127.0.0.1":
            with pytest.raises(OSError, match="refused"):
                socket.create_connection((address, site.port), 1)
    socket.create_server(("127.0.0.1", site.port)).close()


@pytest.mark.parametrize("port", [-1, 70000])
def test_port_that_cannot_be(port: int) -> None:
    """A port that there cannot be is one sentence."""
    with (
        pytest.raises(DriftError, match=f"--port {port}") as caught,
        served(Hub(), Pressed(), port),
    ):
        pass
    assert "--port 0" in caught.value.hint


def test_port_that_is_taken() -> None:
    """A port that another program has is one sentence, with what to type."""
    with (
        socket.create_server(("127.0.0.1", 0)) as other,
        pytest.raises(DriftError, match="in use"),
        served(Hub(), Pressed(), other.getsockname()[1]),
    ):
        pass
