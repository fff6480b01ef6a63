"""Mail and PHP apart, played for real: two set-ups, an outage, and the servers beside them."""

import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import docker
import pytest

from deployment_drift import paths, scenes
from deployment_drift.compare.comparison import Verdict
from deployment_drift.engine import ownership
from deployment_drift.errors import BuildError
from deployment_drift.events import Event, Found, Report, Shown, StepDone, StepStarted
from deployment_drift.probe import shell
from deployment_drift.run import play
from deployment_drift.scenes.mail.mailing import Mail, delivered
from tests.demo.conftest import Filters, quiet, too_wide
from tests.demo.typist import Typist

# Containers of a build inherit the owner from the image that they start from, but no session.
OURS: Filters = {"label": [ownership.LABEL, f"{ownership.OWNER}={ownership.owner()}"]}
ENV = ["MAIL_HOST", "MAIL_PORT", "SHOP_STAGE"]


@dataclass
class Watcher:
    """A listener that looks for itself what is on the engine, at the end of the outage."""

    client: docker.DockerClient
    found: list[Found] = field(default_factory=list)
    mails: list[Mail] = field(default_factory=list)
    volumes: list[str] = field(default_factory=list)
    hardened: dict[str, bool] = field(default_factory=dict)

    def __call__(self, event: Event) -> None:
        """Note what is told, and look."""
        if isinstance(event, Found):
            self.found.append(event)
        if isinstance(event, StepDone) and event.name == "outage":
            self._look()

    def _look(self) -> None:
        for container in self.client.containers.list(filters=OURS):
            name, host = container.attrs["Config"]["Hostname"], container.attrs["HostConfig"]
            self.hardened[name] = host["ReadonlyRootfs"] and host["CapDrop"] == ["ALL"]
            if name == "mailbox":
                with shell.connected(f"docker://customer@{container.id}") as mailbox:
                    self.mails = delivered(mailbox)
        self.volumes = [volume.name for volume in self.client.volumes.list(filters=OURS)]


@pytest.fixture(scope="module")
def watcher(docker_client: docker.DockerClient) -> Watcher:
    """Give the listener that the scene is played to."""
    return Watcher(docker_client)


@pytest.fixture(scope="module")
def typist() -> Typist:
    """Give who plays the scene, and types by hand what its steps say."""
    return Typist(scenes.find("mail"))


@pytest.fixture(scope="module")
def mail(watcher: Watcher, typist: Typist) -> Report:
    """Give the report of one real play of the scene."""
    return typist.play(watcher)


def said(report: Report, name: str) -> dict[str, Any]:
    """Return the values of a statement that is made once, and holds."""
    (shown,) = (each for each in report.statements if each.name == name)
    assert shown.holds
    return dict(shown.values)


def figures(report: Report, subject: str) -> dict[str, float | str]:
    """Return what was measured of a subject."""
    wanted = f"mail_{subject}"
    rows = (each for each in report.measurements if each.subject == wanted)
    return {each.figure.removeprefix("mail_"): each.value for each in rows}


@pytest.mark.usefixtures("mail")
def test_what_could_be_typed_gives_what_was_shown(typist: Typist) -> None:
    """Each command of the steps, typed by hand, gives something that the stage showed."""
    assert len(typist.typed) == 2
    assert typist.mistaken() == []


def test_verdict_is_shown(mail: Report) -> None:
    """Every statement of the scene holds."""
    assert [each.name for each in mail.statements if not each.holds] == []
    assert (mail.verdict, mail.status) == (Verdict.SHOWN, 0)


def test_sentences_can_be_read_from_the_last_row(mail: Report) -> None:
    """With the values of a real run, each sentence is short; what the shop says is the shop's."""
    ours = (each for each in mail.statements if each.name != "kind_words")
    assert too_wide((each.name, each.values) for each in ours) == []


def test_mail_is_shown_in_japanese(mail: Report, watcher: Watcher) -> None:
    """Caught or delivered, the mail is read with its Japanese subject and text."""
    assert said(mail, "mail_caught") == said(mail, "mail_delivered")
    assert said(mail, "same_mail")["words"] == "🌕 ご注文 … を承りました(月見茶舗)"
    subjects = [each.fact for each in watcher.found if each.subject == "Subject"]
    assert len(set(subjects)) == 2
    assert sum(each.fact.startswith("月夜の煎茶") for each in watcher.found) == 2


def test_only_the_env_file_changes(mail: Report) -> None:
    """Both set-ups run one image id of the shop; only what the env files set differs."""
    assert said(mail, "same_image")["names"] == list(ENV)


def test_one_application_a_container(mail: Report) -> None:
    """In the shop's container there is nothing but Apache; a server has mail beside it."""
    assert said(mail, "one_application") == {
        "shop": ["apache2"],
        "relay": ["smtpd"],
        "catcher": ["node"],
    }
    both = {s.values["server"]: s.values for s in mail.statements if s.name == "both_on_server"}
    assert both["local"]["processes"] == ["apache2", "python3"]
    assert str(both["release"]["processes"]).startswith("['apache2', 'master'")


@pytest.mark.parametrize(
    ("server", "port", "process"), [("local", "1025", "python3"), ("release", "25", "master")]
)
def test_servers_have_mail_to_pick_apart(
    mail: Report, server: str, port: str, process: str
) -> None:
    """On each server packages, files, settings, a port and processes belong to mail."""
    seen = figures(mail, server)
    for kind in ("packages", "files", "settings"):
        assert float(seen[kind]) > 5, kind
    assert seen["ports"] == port
    assert str(seen["processes"]).startswith(process)


def test_containers_have_nothing_to_pick_apart(mail: Report) -> None:
    """For the shop's container another mail server is another address, and nothing else."""
    seen = figures(mail, "container")
    assert seen.pop("variables") == ", ".join(ENV)
    assert seen.pop("php_settings") == "sendmail_path"  # which the address is a part of
    assert set(seen.values()) == {0}


def test_outage_loses_no_order(mail: Report, watcher: Watcher) -> None:
    """Orders without a mail server are taken, outlive the shop's container, and are mailed once."""
    assert said(mail, "order_waits")["count"] == 2
    assert said(mail, "orders_kept")["count"] == 3
    orders = [mail.order for mail in watcher.mails]
    assert len(orders) == len(set(orders)) == said(mail, "sent_once")["count"] == 5
    assert any(name.endswith("-spool-release") for name in watcher.volumes)


def test_customer_is_answered_kindly_and_soon(mail: Report) -> None:
    """Without a mail server the page says that the order is safe, and nobody waits for it."""
    assert "ご注文は確かにお預かりしました" in said(mail, "kind_words")["said"]
    assert float(said(mail, "order_waits")["seconds"]) < 5


@pytest.mark.usefixtures("mail")
def test_everything_in_containers_is_hardened(watcher: Watcher) -> None:
    """Shop, catcher, relay and mailbox have a read-only root and lose their capabilities."""
    names = {"shop-develop", "shop-release", "catcher", "mail", "mailbox"}
    assert watcher.hardened == dict.fromkeys(names, True)


def left(client: docker.DockerClient) -> list[str]:
    """Return the names of what of ours is on the engine."""
    containers = client.containers.list(all=True, filters=OURS)
    networks, volumes = (each.list(filters=OURS) for each in (client.networks, client.volumes))
    names = [str(each.attrs["Config"]["Hostname"]) for each in containers]
    return [*names, *(str(each.name) for each in (*networks, *volumes))]


@pytest.mark.parametrize("step", ["delivered", "outage"])
def test_interrupted_scene_leaves_nothing(docker_client: docker.DockerClient, step: str) -> None:
    """Ctrl-C in the middle: containers, networks and volumes are gone."""

    def interrupt(event: Event) -> None:
        at = isinstance(event, StepStarted) and event.name == step
        if at or (step == "outage" and isinstance(event, Shown) and event.name == "order_waits"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        play(scenes.find("mail"), interrupt)
    assert left(docker_client) == []


@pytest.fixture
def unreachable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a copy of the folders whose catcher must be built anew, where no registry answers."""
    for name in ("app", "local", "release", "container", "images"):
        shutil.copytree(paths.root() / name, tmp_path / name)
    package = tmp_path / "images/catcher/package.json"
    package.write_text(package.read_text().replace("catcher", tmp_path.name))
    monkeypatch.setenv("NPM_CONFIG_REGISTRY", "https://127.0.0.1:9")
    return tmp_path


def test_catcher_that_cannot_be_built(
    docker_client: docker.DockerClient, unreachable: Path
) -> None:
    """Without a registry the scene ends with an error that names the folder; nothing is left."""
    with pytest.raises(BuildError, match=r"images/catcher/ could not be built") as error:
        play(scenes.find("mail"), quiet, root=unreachable)
    assert "127.0.0.1:9" in error.value.detail
    assert left(docker_client) == []
