"""A team's project file: hosts, expectations, ignored paths, allowed differences."""

from datetime import date
from pathlib import Path

import pytest

from deployment_drift import paths
from deployment_drift.compare.allowed import Allowance
from deployment_drift.compare.project import (
    Project,
    allowances,
    asked,
    found,
    options,
    read,
    secret_pattern,
    without,
)
from deployment_drift.errors import DriftError
from deployment_drift.probe.questions import WebPage
from deployment_drift.records import JSON, item

WHOLE = """
local = "golden.json"
release = ["ssh://deploy@web-1", "ssh://deploy@web-2"]
expect = ["php", "web"]
applications = ["/srv/app"]
ignore = ["/srv/app/var/*"]
secrets = ["Partner.Code"]
checks = "checks"

[[pages]]
path = "/health"
host = "shop.example"
headers = ["Content-Type"]
body = 'version ([0-9]+)'
expect = { status = 200, Content-Type = "text/html" }

[[pages]]
path = "https://www.shop.example/"

[[allowed]]
check = "kernel"
reason = "web-2 is newer"
expires = 2036-12-31
"""

PAGE = "[[pages]]\npath = '/health'\n"
ALLOWED = WHOLE[WHOLE.index("[[allowed]]") :]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Give the path of a project file."""
    return tmp_path / "drift.toml"


def test_everything_that_can_be_said_is_read(file: Path) -> None:
    """Snapshots and checks lie beside the file; addresses stay as they are."""
    file.write_text(WHOLE)
    project = read(file)
    assert project == Project(
        file,
        local=str(file.parent / "golden.json"),
        release=("ssh://deploy@web-1", "ssh://deploy@web-2"),
        expect=("php", "web"),
        applications=("/srv/app",),
        ignore=("/srv/app/var/*",),
        secrets=("Partner.Code",),
        checks=file.parent / "checks",
        pages=(
            WebPage(
                "/health",
                "shop.example",
                ("content-type",),
                "version ([0-9]+)",
                (("status", 200), ("content-type", "text/html")),
            ),
            WebPage("https://www.shop.example/"),
        ),
    )
    pages = f"--pages={file}"
    ignored, secret = "--leave-out=/srv/app/var/*", "--secret=Partner.Code"
    assert options(project) == ("--app=/srv/app", ignored, secret, pages)


def test_folders_that_were_typed_take_precedence(file: Path) -> None:
    """What is typed replaces the file's applications, and nothing else of it."""
    file.write_text(WHOLE)
    said = found(file.parent, ["/srv/other"])
    assert (said.applications, said.expect) == (("/srv/other",), ("php", "web"))
    assert found(file.parent / "nowhere", ["/srv/other"]).applications == ("/srv/other",)
    assert found(file.parent).applications == ("/srv/app",)
    with pytest.raises(DriftError, match=r"--app '-x' does not begin with /") as raised:
        found(file.parent, ["-x"])
    assert raised.value.hint == "--app /srv/app"


def test_names_of_secrets_are_looked_for_as_the_list_does() -> None:
    """The list is matched in small letters, and a point is one."""
    assert secret_pattern("Partner.Code") == "partner[.]code"
    assert asked(Project(secrets=("Partner.Code",)))["secrets"] == ("partner[.]code",)
    with pytest.raises(ValueError, match="no name"):
        secret_pattern("foo(")


def test_snapshots_of_releases_lie_beside_the_file_too(file: Path) -> None:
    """A host may be compared with what others were."""
    file.write_text('local = "ssh://a"\nrelease = ["then.json", "ssh://b"]\n')
    project = read(file)
    assert (project.local, project.release) == ("ssh://a", (f"{file.parent}/then.json", "ssh://b"))


def test_what_is_allowed_stands_in_it_too(file: Path) -> None:
    """A project file is a file of allowed differences, and one alone has no other keys."""
    file.write_text(WHOLE)
    assert allowances(file) == (Allowance("kernel", "web-2 is newer", date(2036, 12, 31)),)
    alone = file.with_name("allowed.toml")
    alone.write_text(WHOLE)
    with pytest.raises(DriftError, match=r"allowed\.toml, line 2: unknown key 'local'"):
        allowances(alone)


def test_the_documentations_example_is_one(file: Path) -> None:
    """What docs/comparing.md shows can be copied."""
    text = (paths.root() / "docs" / "comparing.md").read_text("utf-8")
    _, _, section = text.partition("## A project file")
    file.write_text(section.partition("```toml\n")[2].split("```")[0])
    assert read(file).release == ("ssh://deploy@web-1",)
    assert [each.check for each in allowances(file)] == ["kernel"]


def test_the_documentations_pages_can_be_asked(file: Path) -> None:
    """What docs/comparing.md shows of pages can be copied, and is called as it says."""
    text = (paths.root() / "docs" / "comparing.md").read_text("utf-8")
    _, _, section = text.partition("## Pages of your application")
    file.write_text(section.partition("```toml\n")[2].split("```")[0])
    health, login = read(file).pages
    assert (health.expected, login.path) == (
        {"body": None, "status": 200},
        "https://shop.example/login",
    )
    assert f"`page_{health.slug}.status`" in section


def test_without_a_file_nothing_is_said(tmp_path: Path, file: Path) -> None:
    """A folder without a project file asks for nothing, and neither does an empty file."""
    assert found(tmp_path) == Project()
    assert options(Project()) == ()
    file.write_text("")
    assert found(tmp_path) == Project(file)


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ('local = "a"\nrelaese = ["b"]\n', 2, "unknown key 'relaese': did you mean 'release'?"),
        ("zzz = 1\n", 1, "unknown key 'zzz'$"),
        ('local = "a"\n\nrelease = "b"\n', 3, "'release' has to be a list of texts"),
        ("ignore = [1]\n", 1, "'ignore' has to be a list of texts"),
        ("local = 1\n", 1, "'local' has to be a text"),
        ("\nlocal = 1\n" + ALLOWED + ALLOWED, 2, "'local' has to be a text"),
        ('\nexpect = ["phpp"]\n', 2, r"--expect phpp: .*--expect php\)"),
        ("\nexpect = ['php', 'phpp']\n" + ALLOWED + ALLOWED, 2, "--expect phpp"),
        (WHOLE.replace("reason", "raeson"), 22, "unknown key 'raeson': did you mean 'reason'?"),
        ("\nsecrets = ['a', '.*']\n", 2, r"'\.\*' is no name or part of one"),
        ("secrets = ['']\n", 1, "'' is no name or part of one"),
        ("applications = ['srv/app']\n", 1, "'srv/app' does not begin with /"),
        (
            "\napplications = ['srv/app']\n" + ALLOWED + ALLOWED,
            2,
            "'srv/app' does not begin with /",
        ),
        ("pages = 1\n", 1, "'pages' has to be tables"),
        (f"{PAGE}\n{PAGE}heders = []\n", 6, "unknown key 'heders': did you mean 'headers'?"),
        (f"{ALLOWED}{PAGE}reason = 'a'\n", 7, "unknown key 'reason'"),
        (
            f"{PAGE}host = 'a'\n[[pages]]\npath = '/b'\nhost = 'a b'\n",
            6,
            "'host' has to be the name",
        ),
        (f"{PAGE}headers = 'a'\n", 3, "'headers' has to be a list of texts"),
        (f"{PAGE}headers = ['a: b']\n", 3, "'a: b' is the name of no header"),
        (f"{PAGE}host = 'a b'\n", 3, "'host' has to be the name of a virtual host"),
        (f"{PAGE}body = '(?i)ok'\n", 3, r"'\(\?i\)ok' is no pattern for grep -E: '\(\?' is not"),
        (
            f"{PAGE}expect = {{ server = 'a' }}\n",
            3,
            "'server' is not asked for: there are status, body$",
        ),
        (f"{PAGE}expect = 200\n", 3, "'expect' has to be a table"),
        (f"{PAGE}{PAGE}", 4, "/health stands here twice"),
        ("[[pages]]\nhost = 'a'\n", 1, "'path' has to be as /health or https:"),
        ("[[pages]]\npath = 'http://a:70000/'\n", 2, "'path' has to be as /health"),
        ("[[pages]]\npath = 'http://a:0/'\n", 2, "'path' has to be as /health"),
        ("[[pages]]\npath = 'http://a:b@c/'\n", 2, "'path' has to be as /health"),
    ],
)
def test_faults_name_line_and_likely_key(file: Path, text: str, line: int, what: str) -> None:
    """A wrong key or kind names file, line and the likely right one."""
    file.write_text(text)
    with pytest.raises(DriftError, match=rf"drift\.toml, line {line}: {what}"):
        read(file)


def test_what_a_page_answers_can_be_expected(file: Path) -> None:
    """Status, body and the headers that are asked for are what a page can be held to."""
    file.write_text(
        f"{PAGE}headers = ['Server']\nexpect = {{ status = 1, body = 'a', SERVER = 'b' }}"
    )
    assert read(file).pages[0].expected == {"status": 1, "body": "a", "server": "b"}


@pytest.mark.parametrize(
    ("value", "left"),
    [
        (["/a/cache/x", "/a/b"], ["/a/b"]),
        ({"/a/cache/x": 1, "/a/b": 2}, {"/a/b": 2}),
        ({"/a/cache/x": {"k": 1}, "/a/b": {"/a/cache/y": 1}}, {"/a/b": {}}),
        ({"k": item(1, "/a/cache/x:12"), "l": item(1, "/a/b:3")}, {"l": item(1, "/a/b:3")}),
        ("/a/cache/x", "/a/cache/x"),
        ({"k": item(1, "/b:a/cache:12"), "l": 1}, {"l": 1}),
        (item(["/a/cache/x"]), item(["/a/cache/x"])),
        (None, None),
    ],
)
def test_ignored_paths_are_left_out(value: JSON, left: JSON) -> None:
    """Entries about a path, or set in a file, that matches are not compared."""
    assert without(value, ["/a/cache/*", "/b:a/cache"]) == left
