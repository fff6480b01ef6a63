"""Any two hosts, compared for real: over mixed transports, and on bad days."""

import io
import json
import tarfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import docker
import pytest
from docker.models.containers import Container

from deployment_drift import paths
from deployment_drift.build import images
from deployment_drift.engine import ownership
from deployment_drift.engine.engines import Engine
from deployment_drift.probe.snapshot import read
from tests.demo.conftest import Ended, Invoke
from tests.demo.ssh_server import Server
from tests.traces import files, processes

LABELS = {ownership.LABEL: "test", ownership.KEEP: "1"}
Start = Callable[..., Container]


@pytest.fixture
def start(docker_client: docker.DockerClient, trixie: str) -> Iterator[Start]:
    """Start containers of any image, by default Debian with nothing in it."""
    started: list[Container] = []

    def run(image: str = trixie, **options: Any) -> Container:  # noqa: ANN401 -- the SDK's own
        command = ["sleep", "1000"] if image == trixie else None
        container = docker_client.containers.run(
            image, command, detach=True, labels=LABELS, **options
        )
        started.append(container)
        return container

    yield run
    for container in started:
        container.remove(force=True)


@pytest.fixture(scope="module")
def release(engine: Engine) -> str:
    """Give the image of release/."""
    return images.build(engine, "release", print, root=paths.root()).id


def program(container: Container, path: str, script: str) -> None:
    """Put a program into a container."""
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w") as tar:
        info = tarfile.TarInfo(path.lstrip("/"))
        info.size, info.mode = len(script.encode()), 0o755
        tar.addfile(info, io.BytesIO(script.encode()))
    container.put_archive("/", content.getvalue())


def address(container: Container, options: str = "") -> str:
    """Return a container's address."""
    return f"docker://{container.id}{options}"


def compared(invoke: Invoke, local: str, release: str, *options: str) -> Ended:
    """Compare two hosts as a user does."""
    return invoke("compare", "--local", local, "--release", release, "--json", *options)


def values(document: dict[str, Any], name: str) -> list[Any]:
    """Return what the hosts answered to a check: a value, or the word for having none."""
    (check,) = (check for check in document["checks"] if check["name"] == name)
    return [
        seen["value"] if seen["status"] == "value" else seen["status"]
        for seen in check["observations"]
    ]


def test_same_host_is_parity(invoke: Invoke, start: Start) -> None:
    """A host is the same as itself, also where there is neither PHP nor a web server."""
    host = address(start())
    document = compared(invoke, host, host).document(status=0)
    assert document["verdict"] == "parity"
    assert values(document, "php_version") == ["absent", "absent"]


def test_missing_software_is_absent(invoke: Invoke, start: Start, release: str) -> None:
    """What one host has and the other has not is a drift of a value against absent."""
    document = compared(invoke, address(start()), address(start(release))).document(status=1)
    assert values(document, "php_version")[0] == "absent"
    assert values(document, "apache")[0] == "absent"
    statuses = {each["status"] for check in document["checks"] for each in check["observations"]}
    assert "unknown" not in statuses


def test_mixed_transports(invoke: Invoke, start: Start, server: Server) -> None:
    """A container and a server behind ssh are compared; ssh needs one connection for all of it."""
    before = server.logins()
    document = compared(invoke, address(start()), server.address()).document(status=1)
    assert values(document, "distribution") == ["debian 13", "debian 13"]
    assert server.logins() - before == 1


def test_this_machine(invoke: Invoke, start: Start) -> None:
    """The machine itself is a host like any other."""
    document = compared(invoke, "local://", address(start())).document(status=1)
    kernels = values(document, "kernel")
    assert kernels[0] == kernels[1]


def changes(server: Container) -> list[str]:
    """Return the paths that differ from a server's image; the engine lists them in any order."""
    return sorted(str(change["Path"]) for change in server.diff())


def settled(server: Container) -> list[str]:
    """Return the listing of a server's files once its services have stopped writing."""
    before: list[str] = []
    for _ in range(20):
        now = files(server)
        if now == before:
            return now
        before = now
        time.sleep(0.5)
    raise AssertionError("the server goes on writing")


@pytest.fixture(scope="module")
def nginx(docker_client: docker.DockerClient, trixie: str) -> str:
    """Give an image with nginx and php-fpm."""
    assert trixie
    path = paths.root() / "tests" / "cases" / "01-fpm-pool-memory" / "local"
    return str(docker_client.images.build(path=str(path), labels=LABELS, rm=True)[0].id)


@pytest.mark.parametrize("served", ["release", "nginx"])
def test_asking_changes_nothing(
    invoke: Invoke, start: Start, served: str, request: pytest.FixtureRequest
) -> None:
    """Files, logs and processes of a host are the same before and after, to the last time."""
    server = start(request.getfixturevalue(served))
    server.exec_run("rm -rf /var/www/shop")
    before = settled(server)
    changed, running, logs = changes(server), processes(server), server.logs()
    compared(invoke, address(server), address(server)).document(status=0)
    assert set(files(server)) ^ set(before) == set()
    assert (processes(server), server.logs()) == (running, logs)
    assert changes(server) == changed


PAGE = """
[[pages]]
path = "/health.php"
host = "shop.example"
headers = ["content-type"]
body = '(o)k'
expect = { status = 200 }
"""
HEALTH = "<?php header('Content-Type: text/plain'); echo 'ok';"
SITE = """
server { listen 8080; server_name shop.example; root /srv/app/public;
  location ~ [.]php$ { include fastcgi_params; fastcgi_pass unix:/run/php/php8.4-fpm.sock;
    fastcgi_param SCRIPT_FILENAME $document_root$fastcgi_script_name; } }
"""


TOLD = """
$asked = stream_context_create(["http" => ["header" => "Host: shop.example"]]);
$told = get_headers("http://127.0.0.1:$argv[1]/health.php", false, $asked);
exit(str_contains(implode($told), "text/plain") ? 0 : 1);
"""


@pytest.mark.parametrize(
    ("served", "folder", "port"),
    [("release", "/var/www/shop/public", 80), ("nginx", "/srv/app/public", 8080)],
)
def test_pages_are_asked_of_nginx_and_apache(  # noqa: PLR0913, PLR0917 -- fixtures
    invoke: Invoke,
    start: Start,
    served: str,
    folder: str,
    port: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> None:
    """A page that a project names is asked where its site is served, and what differs is a row."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "drift.toml").write_text(PAGE)
    one, other = (start(request.getfixturevalue(served)) for _ in range(2))
    for host, page in ((one, HEALTH), (other, HEALTH.replace("plain", "html"))):
        host.exec_run(["sh", "-c", f'mkdir -p {folder}; echo "$0" >{folder}/health.php', page])
        host.exec_run(["sh", "-c", 'echo "$0" >/etc/nginx/conf.d/shop.conf; nginx -s reload', SITE])
    document = compared(invoke, address(one), address(other)).document(status=1)
    answer = {"status": 200, "content-type": "text/plain;charset=UTF-8", "body": "o"}
    there = {**answer, "content-type": "text/html;charset=UTF-8"}
    assert values(document, "page_shop_example_health_php") == [answer, there]
    invoke("snapshot", address(one), "--output", "then.json").expect(status=0)
    other.exec_run(["sh", "-c", f'echo "$0" >{folder}/health.php', HEALTH])
    # php-fpm looks every two seconds whether a file that it has compiled is another one
    other.exec_run(
        ["timeout", "20", "sh", "-c", f"until php -r '{TOLD}' {port}; do sleep 0.1; done"]
    )
    document = compared(invoke, "then.json", address(other)).document(status=0)
    assert values(document, "page_shop_example_health_php") == [answer, answer]


LISTENS = 'exit(@fsockopen("127.0.0.1", 80) ? 0 : 1);'


def test_read_only_root_without_tmp(invoke: Invoke, start: Start) -> None:
    """A host on which nothing can be written is asked like any other."""
    host = start(read_only=True)
    document = compared(invoke, address(host), address(host)).document(status=0)
    assert values(document, "distribution") == ["debian 13"] * 2


def test_php_that_hangs_is_unknown(invoke: Invoke, start: Start) -> None:
    """A PHP that never ends makes its host unknown after the time limit, and the exit 2."""
    hanging, other = start(), start()
    program(hanging, "/usr/bin/php", "#!/bin/sh\nsleep 1000\n")
    document = compared(invoke, address(other), address(hanging, "?timeout=1")).document(status=2)
    assert document["verdict"] == "unknown"
    assert values(document, "php_version") == ["absent", "unknown"]


def test_php_says_the_same_at_any_moment(
    invoke: Invoke, start: Start, release: str, tmp_path: Path
) -> None:
    """Servers with the same PHP answer with the same text, which is then read once for a fleet."""
    host = start(release)
    host.exec_run(["sh", "-c", f"until php -r '{LISTENS}'; do sleep 0.1; done"])
    taken = [str(tmp_path / name) for name in ("now.json", "later.json")]
    for path in taken:
        invoke("snapshot", address(host), "--output", path).expect(status=0)
    now, later = (read(Path(path)).sections["php"] for path in taken)
    assert '"port":80' in now.text
    assert now == later


def test_php_that_warns_is_understood(invoke: Invoke, start: Start, release: str) -> None:
    """Warnings that PHP prints before the answer do not spoil it."""
    warning, other = start(release), start(release)
    lines = "extension=no_such_extension\\ndisplay_startup_errors=1\\ndisplay_errors=1\\n"
    ini = "/etc/php/8.2/cli/conf.d/98-warn.ini"
    warning.exec_run(["sh", "-c", f"printf '{lines}' > {ini}"])
    assert b"Warning" in warning.exec_run("php -v").output
    document = compared(invoke, address(other), address(warning)).document(status=1)
    one, same = values(document, "php_version")
    assert one == same
    assert one.startswith("8.2.")


def test_php_without_an_answer_is_unknown(invoke: Invoke, start: Start) -> None:
    """A PHP that prints something else, 10 MB or bytes, tells nothing and breaks nothing."""
    loud, binary = start(), start()
    program(loud, "/usr/bin/php", "#!/bin/sh\nhead -c 10485760 /dev/zero | tr '\\0' x\n")
    program(binary, "/usr/bin/php", "#!/bin/sh\nhead -c 4096 /dev/urandom\nexit 7\n")
    document = compared(invoke, address(loud), address(binary)).document(status=2)
    assert values(document, "php_version") == ["unknown", "unknown"]
    assert values(document, "distribution") == ["debian 13"] * 2


OWN_CHECKS = '''
def test_value(same):
    """Value: w."""
    assert same(lambda host: host.check_output("cat /value"))
'''


def test_hostile_values_are_harmless(invoke: Invoke, start: Start, tmp_path: Path) -> None:
    """10 MB, HTML and escape sequences in a value reach neither terminal, XML nor Markdown."""
    (tmp_path / "test_value.py").write_text(OWN_CHECKS)
    evil, large = start(), start()
    program(evil, "/value", "<script>alert(1)</script>\x1b[2J| [x](y)\x07")
    program(large, "/value", "x" * 10_485_760)
    files = {name: str(tmp_path / name) for name in ("junit", "markdown")}
    ended = invoke(
        *("compare", "--local", address(evil), "--release", address(large)),
        *("--checks", str(tmp_path), "--junit", files["junit"], "--markdown", files["markdown"]),
    )
    said = ended.expect(status=1)
    assert "\x1b" not in said
    assert len(said) < 10_000
    assert "<script>" not in Path(files["markdown"]).read_text()
    assert "\x1b" not in Path(files["junit"]).read_text()


def test_fleet_is_grouped(invoke: Invoke, start: Start) -> None:
    """Of several releases, the table says how many agree and who does not."""
    hosts = [start() for _ in range(4)]
    hosts[2].exec_run(["sh", "-c", "echo example.com > /etc/mailname"])
    releases = [word for host in hosts[1:] for word in ("--release", address(host))]
    said = invoke("compare", "--local", address(hosts[0]), *releases, "--full").expect(status=1)
    squeezed = said.replace(" ", "").replace("\n", "")
    assert "3of4:absent" in squeezed
    assert str(hosts[2].id)[:20] in squeezed


def test_allowed_differences(invoke: Invoke, start: Start, tmp_path: Path) -> None:
    """What a file allows is parity, and shown as allowed with its reason."""
    one, other = start(), start()
    other.exec_run(["sh", "-c", "echo example.com > /etc/mailname"])
    allowed = tmp_path / "allowed.toml"
    allowed.write_text(
        '[[allowed]]\ncheck = "mail_domain"\nreason = "a test"\nexpires = 2036-01-01\n'
    )
    options = ("--allowed", str(allowed))
    document = compared(invoke, address(one), address(other), *options).document(status=0)
    (check,) = (check for check in document["checks"] if check["name"] == "mail_domain")
    assert (check["verdict"], check["allowed"]) == ("allowed", "a test")


def test_snapshot_of_a_server_out_of_reach(invoke: Invoke, start: Start, tmp_path: Path) -> None:
    """Yesterday's server is compared with today's, also when it is gone."""
    server = start()
    path = str(tmp_path / "server.json")
    invoke("snapshot", address(server), "--output", path).expect(status=0)
    content = json.loads(Path(path).read_text())
    assert content["address"] == address(server)
    other = start()
    server.kill()
    compared(invoke, path, address(other)).document(status=0)
    other.exec_run(["sh", "-c", "echo example.com > /etc/mailname"])
    document = compared(invoke, path, address(other)).document(status=1)
    assert values(document, "mail_domain") == ["absent", "example.com"]


@pytest.mark.parametrize(
    ("wrong", "word"),
    [
        ("dokcer://web", "docker://"),
        ("docker://web?tmeout=3", "timeout"),
        ("web", "docker://web"),
        ("docker://", "docker"),
    ],
)
def test_bad_addresses_are_named(invoke: Invoke, wrong: str, word: str) -> None:
    """An address with a fault is named, with what was probably meant."""
    said = invoke("compare", "--local", "local://", "--release", wrong).error(status=2)
    assert wrong in said
    assert word in said


@pytest.mark.parametrize(
    "gone", ["ssh://no-such-host.invalid", "ssh://127.0.0.1:9", "docker://no-such-container"]
)
def test_hosts_out_of_reach_are_named(invoke: Invoke, gone: str) -> None:
    """A host that cannot be reached is unknown, named with the reason, and the exit is 2."""
    ended = invoke("compare", "--local", "local://", "--release", gone)
    said = ended.expect(status=2)
    assert gone.partition("://")[2].partition(":")[0] in said
    assert "UNKNOWN" in said
