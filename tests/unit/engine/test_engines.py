import hashlib
import json
import shutil
from pathlib import Path

import pytest

from deployment_drift import pace
from deployment_drift.engine import contexts, engines, private, sockets
from deployment_drift.engine.engines import Engine
from deployment_drift.errors import EngineError
from tests.fakes import VERSION, Late, serve, silence


@pytest.fixture(autouse=True)
def _nothing_chosen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("DOCKER_HOST", "DOCKER_CONTEXT", "DOCKER_TLS_VERIFY", "DOCKER_CERT_PATH"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setattr(sockets, "defaults", lambda _: [tmp_path / "docker.sock"])
    monkeypatch.setattr(engines, "ANSWER_LIMIT", 1)


def context(name: str, url: str, folder: Path) -> None:
    """Write a Docker context as the client program does."""
    meta = folder / "config/contexts/meta" / hashlib.sha256(name.encode()).hexdigest()
    meta.mkdir(parents=True)
    (folder / "config/config.json").write_text(json.dumps({"currentContext": name}))
    endpoints = {"docker": {"Host": url, "SkipTLSVerify": False}}
    (meta / "meta.json").write_text(
        json.dumps({"Name": name, "Metadata": {}, "Endpoints": endpoints})
    )


def test_docker_host_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine that DOCKER_HOST names is asked what it is."""
    with serve({"GET /version": VERSION}) as address:
        monkeypatch.setenv("DOCKER_HOST", f"tcp://{address}")
        assert engines.find() == Engine(
            f"tcp://{address}", "DOCKER_HOST", "1.2.3", "linux", "amd64", "1.41"
        )


def test_an_engine_that_once_was_slow_has_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine's engine, which has once taken long to answer, has longer the next time."""
    monkeypatch.setattr(engines, "ANSWER_LIMIT", 2)
    with serve(Late({"GET /version": VERSION}, 0.8)) as address:
        monkeypatch.setenv("DOCKER_HOST", f"tcp://{address}")
        assert engines.find()
    monkeypatch.setattr(engines, "ANSWER_LIMIT", 0)
    with serve(Late({"GET /version": VERSION}, 0.8)) as address:
        monkeypatch.setenv("DOCKER_HOST", f"tcp://{address}")
        assert engines.find()


def test_current_context_is_used(tmp_path: Path) -> None:
    """Without DOCKER_HOST the client's current context counts, for client programs too."""
    with serve({"GET /version": VERSION}) as address:
        context("far", f"tcp://{address}", tmp_path)
        found = engines.find()
    assert found
    assert (found.origin, found.url) == ("context", f"tcp://{address}")
    assert found.environment == {"DOCKER_CONTEXT": "far"}


def test_a_context_needs_no_settings_of_the_client(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A context that the environment names is found where the client keeps contexts."""
    with serve({"GET /version": VERSION}) as address:
        context("far", f"tcp://{address}", tmp_path)
        (tmp_path / "config/config.json").unlink()
        monkeypatch.setenv("DOCKER_CONTEXT", "far")
        found = engines.find()
    assert found
    assert (found.origin, found.url) == ("context", f"tcp://{address}")
    assert list((tmp_path / "config").iterdir()) == [tmp_path / "config/contexts"]


def test_another_engine_beside_the_chosen_one(tmp_path: Path) -> None:
    """A context in settings that are ours leads to a second engine, for client programs too."""
    pems = dict.fromkeys(("ca", "cert", "key"), b"")
    with serve({"GET /version": VERSION}) as address:
        contexts.write(tmp_path / "own", "far", f"tcp://{address}", pems)
        shutil.rmtree(tmp_path / "own/contexts/tls")  # what answers here has no certificate
        found = engines.at("far", str(tmp_path / "own"))
    assert found.version == "1.2.3"
    assert found.environment == {"DOCKER_CONTEXT": "far", "DOCKER_CONFIG": str(tmp_path / "own")}
    with pytest.raises(EngineError, match=r"far.*is not known"):
        engines.at("far")
    with pytest.raises(EngineError, match="is not another engine"):
        engines.at("default")


def test_a_written_context_is_private(tmp_path: Path) -> None:
    """The key of an engine can be read by its user alone, and its certificates are used."""
    contexts.write(tmp_path, "far", "tcp://far:2376", {"ca": b"a", "cert": b"b", "key": b"c"})
    files = list(tmp_path.rglob("*.pem"))
    assert sorted(file.read_bytes() for file in files) == [b"a", b"b", b"c"]
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
    assert contexts.certificates("far", {"DOCKER_CONFIG": str(tmp_path)})


def test_unknown_context_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """A context that does not exist is an error that names it."""
    monkeypatch.setenv("DOCKER_CONTEXT", "gone")
    with pytest.raises(EngineError, match="“gone” is not known"):
        engines.find()


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("unix:///nowhere/docker.sock", "no such file or directory"),
        ("tcp://127.0.0.1:1", "connection refused"),
        ("nonsense://x", "Invalid bind address"),
    ],
)
def test_chosen_engine_that_is_not_there(
    monkeypatch: pytest.MonkeyPatch, url: str, reason: str
) -> None:
    """An engine that was chosen and is not there is an error that names the address tried."""
    monkeypatch.setenv("DOCKER_HOST", url)
    monkeypatch.setattr(private, "start", lambda _: pytest.fail("another engine was started"))
    with pytest.raises(EngineError, match=f"No engine answers at {url}.*DOCKER_HOST.*{reason}"):
        engines.connect(lambda _: None)


def test_engine_behind_ssh(monkeypatch: pytest.MonkeyPatch) -> None:
    """A scene's ports are open on the engine's machine, so it has to be played there."""
    monkeypatch.setenv("DOCKER_HOST", "ssh://somebody@somewhere")
    with pytest.raises(EngineError, match="is on another machine") as caught:
        engines.connect(lambda _: None)
    assert caught.value.hint == "ssh somebody@somewhere, and play it there"


@pytest.mark.parametrize("answer", ["<html>hello</html>", {"Version": "1"}, "[]", "null"])
def test_server_that_is_no_engine(monkeypatch: pytest.MonkeyPatch, answer: object) -> None:
    """A web server that is no engine is recognised, whatever it answers."""
    with serve({"GET /version": answer}) as address:
        monkeypatch.setenv("DOCKER_HOST", f"tcp://{address}")
        with pytest.raises(EngineError, match="is not a container engine"):
            engines.find()


def test_server_without_the_page_is_no_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    """A web server that answers 404 is no engine."""
    with serve({}) as address:
        monkeypatch.setenv("DOCKER_HOST", f"tcp://{address}")
        with pytest.raises(EngineError, match="is not a container engine"):
            engines.find()


def test_silent_socket_has_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """A socket that accepts and says nothing is an error after the limit."""
    with silence() as address:
        monkeypatch.setenv("DOCKER_HOST", f"tcp://{address}")
        with pytest.raises(EngineError, match="no answer within the time limit"):
            engines.find()


def test_windows_containers_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """An engine that runs Windows containers cannot play these scenes."""
    with serve({"GET /version": {**VERSION, "Os": "windows"}}) as address:
        monkeypatch.setenv("DOCKER_HOST", f"tcp://{address}")
        with pytest.raises(EngineError, match="runs windows containers"):
            engines.find()


def test_nothing_anywhere_is_none() -> None:
    """Where no engine is, looking for one finds none and starts none."""
    assert engines.find() is None


@pytest.mark.parametrize(
    ("system", "hint"),
    [("Linux", "sudo"), ("Darwin", "Docker Desktop"), ("Windows", "WSL 2"), ("Plan9", "DOCKER_")],
)
def test_no_engine_says_what_to_install(system: str, hint: str) -> None:
    """Where no engine can be started, one sentence says what to do, by platform."""
    error = engines.no_engine(system)
    assert error.what == "No container engine answers on this machine."
    assert hint in error.hint


def test_engine_that_stops_in_the_middle() -> None:
    """An engine that goes away is an error that names its address."""
    with serve({"GET /version": VERSION}) as address:
        gone = Engine(f"tcp://{address}", "default", api="1.41")
    with (
        pytest.raises(EngineError, match=rf"{address} stopped answering: connection refused"),
        engines.opened(gone) as client,
    ):
        client.ping()


def test_engine_that_refuses() -> None:
    """What an engine refuses is an error with its own words."""
    with (
        serve({}) as address,
        pytest.raises(EngineError, match="refused: no /containers/json"),
        engines.opened(Engine(f"tcp://{address}", "default", api="1.41")) as client,
    ):
        client.containers.list()


def test_client_is_led_to_the_private_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nobody has chosen an engine and ours runs, `docker exec` is led there."""
    assert engines.private_environment() == {}
    with serve({"GET /version": VERSION}) as address:
        monkeypatch.setattr(private, "address", lambda: f"tcp://{address}")
        assert engines.private_environment() == {"DOCKER_HOST": f"tcp://{address}"}
        monkeypatch.setenv("DOCKER_HOST", f"tcp://{address}")
        assert engines.private_environment() == {}
    assert engines.private_environment() == {}  # one that is chosen and silent


def test_address_leads_to_its_engine() -> None:
    """A container of another engine is asked through that engine's own context."""
    far = Engine("tcp://far", "context", context="far", config="/a b")
    assert far.address("web") == "docker://web?config=%2Fa+b&context=far"
    assert Engine("unix:///x", "default").address("web") == "docker://web"


def test_clients_are_led_to_the_same_engine() -> None:
    """A client program finds the engine by DOCKER_HOST when no context was used."""
    assert Engine("unix:///x", "private").environment == {"DOCKER_HOST": "unix:///x"}


def test_engines_authority_goes_before_the_environments(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """REQUESTS_CA_BUNDLE is for the web; an engine with TLS has an authority of its own."""
    for name in ("ca.pem", "cert.pem", "key.pem"):
        (tmp_path / name).touch()
    monkeypatch.setenv("DOCKER_TLS_VERIFY", "1")
    monkeypatch.setenv("DOCKER_CERT_PATH", str(tmp_path))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/etc/ssl/certs/ca-certificates.crt")
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy:3128")
    api = engines.client(Engine("tcp://far:2376", "DOCKER_HOST", api="1.41")).api
    used = api.merge_environment_settings(api.base_url, {}, None, None, None)
    assert used["verify"] == str(tmp_path / "ca.pem")
    assert used["proxies"]["https"] == "http://proxy:3128"


def test_engine_without_its_client(monkeypatch: pytest.MonkeyPatch) -> None:
    """Servers are asked by the client: without one, each question would be unknown in the end."""
    with serve({"GET /version": VERSION}) as address:
        monkeypatch.setenv("DOCKER_HOST", f"tcp://{address}")
        monkeypatch.setattr(shutil, "which", lambda _: None)
        with pytest.raises(EngineError, match="no docker client") as caught:
            engines.connect(lambda _: None)
    assert caught.value.hint.startswith("apt-get install docker-cli")


TOO_OLD = "Error response from daemon: client version 1.41 is too old"


@pytest.mark.parametrize(
    ("client", "says"),
    [
        ("#!/bin/sh\n", ""),
        (f"#!/bin/sh\necho {TOO_OLD} >&2; exit 1\n", TOO_OLD),
        ("#!/bin/sh\nexit 1\n", "it ended with 1"),
        ("#!/bin/sh\nkill -SEGV $$\n", "it ended with -11"),
        ("#!/bin/sh\nexec /bin/sleep 60\n", "it has said nothing for 1 s"),
        ("#!/none/sh\n", "it cannot be started: No such file"),
        ("\x7fELF", "it cannot be started: Exec format error"),
    ],
)
@pytest.mark.parametrize("engine", [Engine("unix:///x", "default", "29.0"), None])
def test_client_that_does_not_work(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, client: str, says: str, engine: Engine | None
) -> None:
    """A client that cannot ask is told before the scene, not by checks that are all unknown."""
    file = tmp_path / "docker"
    file.write_text(client)
    file.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(pace, "limit", lambda *_: 1.0)
    error = contexts.unusable(engine)
    if not says:
        assert error is None
        return
    assert error
    assert says in error.detail
    assert ("is too old for" if engine and says is TOO_OLD else "does not work") in error.what
    assert error.hint


@pytest.mark.parametrize("engine", [Engine("unix:///x", "default", "29.0"), None])
def test_no_scene_begins_with_a_client_that_does_not_work(
    monkeypatch: pytest.MonkeyPatch, engine: Engine | None
) -> None:
    """Neither on an engine that was found nor on one that was started."""
    broken = EngineError("broken", hint="x")
    monkeypatch.setattr(engines, "find", lambda: engine)
    monkeypatch.setattr(engines, "hindrance", lambda: None)
    monkeypatch.setattr(private, "install", lambda _: False)
    monkeypatch.setattr(private, "start", lambda _: "unix:///own")
    monkeypatch.setattr(engines, "_ask", lambda each: each)
    monkeypatch.setattr(contexts, "unusable", lambda _: broken)
    with pytest.raises(EngineError, match="broken"):
        engines.connect(lambda _: None)
