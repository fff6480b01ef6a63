"""Other worlds, for real: the right answer, or unknown; never a false absent or a false parity."""

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import docker
import pytest
from docker.models.containers import Container

from deployment_drift.engine.engines import Engine
from deployment_drift.errors import UnknownError
from deployment_drift.probe.hosts import Recalled
from deployment_drift.probe.questions import Expression, Questions
from deployment_drift.probe.script import script
from deployment_drift.probe.snapshot import read
from tests.demo.ssh_server import LABELS

WORLDS = Path(__file__).with_name("worlds")
PLANTED = {"API_PASSWORD": "tea"}
SIZE = Expression("PHP_INT_SIZE")
NO_VALUES = (Expression("NAN"), Expression("[INF]"), Expression("fopen('php://memory', 'r')"))
SCRIPT = script(Questions((SIZE, *NO_VALUES), secret="w" * 32))
World = Callable[..., Container]
Ask = Callable[..., Any]


@pytest.fixture
def world(docker_client: docker.DockerClient, trixie: str) -> Iterator[World]:
    """Give what starts a container of one of the folders in `worlds`."""
    assert trixie
    started: list[Container] = []

    def start(name: str, **options: Any) -> Container:  # noqa: ANN401 -- the SDK's own
        image, _ = docker_client.images.build(path=str(WORLDS / name), labels=LABELS, rm=True)
        run = docker_client.containers.run
        started.append(run(image, detach=True, init=False, labels=LABELS, **options))
        return started[-1]

    yield start
    for container in started:
        container.remove(force=True)


@pytest.fixture
def ask(tmp_path: Path, engine: Engine) -> Ask:
    """Give what takes a snapshot of a container by the script, and returns its host."""

    def taken(container: Container, user: str = "", **variables: str) -> Any:  # noqa: ANN401
        given = [f"--env={name}={value}" for name, value in variables.items()]
        ended = subprocess.run(
            ["docker", "exec", "-i", f"--user={user}", *given, str(container.id), "/bin/sh", "-s"],
            input=SCRIPT.encode(),
            stdout=subprocess.PIPE,
            env={**os.environ, "DOCKER_HOST": engine.url},
            check=True,
        )
        path = tmp_path / f"{container.short_id}{user}"
        path.write_bytes(ended.stdout)
        return Recalled(read(path))

    return taken


def prepare(container: Container, command: str) -> None:
    """Change a container as root."""
    status, output = container.exec_run(["/bin/sh", "-euc", command])
    assert status == 0, output


def test_busybox_and_apk(world: World, ask: Ask) -> None:
    """With busybox alone, packages are apk's, and a changed file of theirs is seen."""
    host = ask(world("apk"))
    assert host.packages.versions == {"tea": "1.2-r3", "busybox": "1.37.0-r12"}
    assert host.system.distribution == "alpine 3.22.0"
    assert "tea.conf: FAILED" in host.facts.text("config-as-brought")
    assert host.runtimes.command_line is None


def test_rpm(world: World, ask: Ask) -> None:
    """With rpm's real database, its packages are seen, and a changed file of theirs."""
    host = ask(world("rpm"))
    assert host.packages.versions == {"tea": "1.2-3"}
    assert "/etc/tea.conf: FAILED" in host.facts.text("config-as-brought")


def test_unprivileged_user(world: World, ask: Ask) -> None:
    """Who may not read a file does not know what it says: that is unknown, not absent."""
    container = world("php")
    prepare(container, "echo secret >/etc/msmtprc && chmod 600 /etc/msmtprc")
    assert ask(container).mail.relay == "secret"
    with pytest.raises(UnknownError, match="mail-relay: not allowed for this user"):
        _ = ask(container, user="nobody").mail.relay
    assert ask(container, user="nobody").php.version == ask(container).php.version


def test_php_ini_of_another_user(world: World, ask: Ask) -> None:
    """Who may not read PHP's files, or not run PHP, does not know what it is like for others."""
    container = world("php")
    prepare(container, "chmod 600 /etc/php/8.4/cli/php.ini")
    assert ask(container).php.setting("memory_limit")
    with pytest.raises(UnknownError, match=r"php\.ini may not be read"):
        _ = ask(container, user="nobody").php.settings
    prepare(container, "chmod 644 /etc/php/8.4/cli/php.ini; chmod 750 /usr/bin/php8.4")
    with pytest.raises(UnknownError, match="php: not allowed"):
        _ = ask(container, user="nobody").php.version


def test_php_that_is_closed_in(world: World, ask: Ask) -> None:
    """What the command line may not open, or not call, changes no answer but these settings."""
    container = world("php")
    before = ask(container).php
    closed = "open_basedir = /srv\ndisable_functions = ini_get_all,exec,phpinfo"
    prepare(container, f"printf '%s\n' '{closed}' >/etc/php/8.4/cli/conf.d/99-closed.ini")
    after = ask(container).php
    changed = {name for name, value in after.settings.items() if value != before.settings[name]}
    assert changed == {"open_basedir", "disable_functions"}
    assert (after.version, after.extensions) == (before.version, before.extensions)
    assert after.evaluate(SIZE) == 8


def test_php_that_cannot_start(world: World, ask: Ask) -> None:
    """A PHP whose library is missing ends with 127, and is there all the same."""
    container = world("php")
    prepare(container, "rm /usr/lib/*/libargon2.so.1")
    with pytest.raises(UnknownError, match="libargon2"):
        _ = ask(container).php.version


def test_values_that_no_json_has(world: World, ask: Ask) -> None:
    """An expression that gives no number is unknown, and nothing else is."""
    php = ask(world("php")).php
    assert php.evaluate(SIZE) == 8
    for expression in NO_VALUES:
        with pytest.raises(UnknownError, match="is no JSON"):
            php.evaluate(expression)


def test_a_damaged_database(world: World, ask: Ask) -> None:
    """A database of packages that cannot be read lists no packages, rather than none."""
    container = world("php")
    prepare(container, "sed -i 300s/.*/garbage/ /var/lib/dpkg/status")
    with pytest.raises(UnknownError, match="dpkg-packages: ended with 2"):
        _ = ask(container).packages.versions


def test_hidden_processes(world: World, ask: Ask) -> None:
    """Where the processes of others are hidden, nobody concludes that no php-fpm runs."""
    container = world("php", cap_add=["SYS_ADMIN"], security_opt=["apparmor=unconfined"])
    prepare(container, "mount -o remount,hidepid=2 /proc")
    host = ask(container, user="nobody")
    with pytest.raises(UnknownError, match="hidden"):
        _ = host.runtimes.pools
    assert ask(container).runtimes.pools is None


def test_find_of_old(world: World, ask: Ask) -> None:
    """A find without `-exec … +` finds the same."""
    container = world("php")
    before = ask(container).facts.text("config-lines")
    prepare(
        container, "mv /usr/bin/find /usr/bin/find.real; mv /usr/local/bin/plain-find /usr/bin/find"
    )
    assert before
    assert ask(container).facts.text("config-lines") == before


def test_openssl_instead_of_sha256sum(world: World, ask: Ask) -> None:
    """Another program that hashes makes the same digest of the same secret."""
    container = world("php")
    before = ask(container, **PLANTED).facts.text("environ")
    prepare(container, "mv /usr/bin/sha256sum /root/")
    assert "API_PASSWORD=<secret " in before
    assert ask(container, **PLANTED).facts.text("environ") == before


def test_a_wrapper_that_warns(world: World, ask: Ask) -> None:
    """A `php` that prints warnings on both outputs says the same as the PHP behind it."""
    container = world("php")
    before = ask(container).php
    prepare(container, "mv /usr/local/bin/noisy-php /usr/local/bin/php")
    after = ask(container).php
    assert (after.version, after.settings) == (before.version, before.settings)
    assert after.evaluate(SIZE) == 8


def test_debugger(world: World, ask: Ask) -> None:
    """A debugger is told as an extension, and waits for nobody."""
    host = ask(world("php"), XDEBUG_MODE="debug", XDEBUG_CONFIG="client_host=192.0.2.1")
    assert host.php.has("xdebug")
    assert host.php.evaluate(SIZE) == 8


def test_32_bits(world: World, ask: Ask) -> None:
    """A 32-bit PHP counts in fewer bytes."""
    assert ask(world("php32")).php.evaluate(SIZE) == 4
