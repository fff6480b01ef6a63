"""Apache's configuration as directives, and what it sets for PHP."""

from typing import Any

import pytest

from deployment_drift.probe.apache import DIALECT, directives, dumped, parsed, php_values
from deployment_drift.probe.directives import inventory
from deployment_drift.probe.printed import Line, Printed, printed

MAIN = "/etc/apache2/apache2.conf"


def files(**texts: str) -> str:
    """Return a section with these files of /etc/apache2, as the host prints it."""
    parts = [f"@@ main {MAIN}"]
    for name, text in texts.items():
        lines = [f"{number}\t{line}" for number, line in enumerate(text.split("\n"), 1)]
        parts += [f"@@ file /etc/apache2/{name}.conf", *lines]
    return "\n".join(parts)


def php(text: str) -> dict[str, dict[str, Any]]:
    """Return what a configuration sets for PHP."""
    made: Any = php_values(files(apache2=text))
    return {host: {name: each["is"] for name, each in v.items()} for host, v in made.items()}


def lines(text: str) -> list[Line]:
    """Return the lines of an .htaccess."""
    return [Line("/a/.htaccess", number, line) for number, line in enumerate(text.split("\n"), 1)]


def keys(text: str) -> dict[str, Any]:
    """Return what an .htaccess sets, by what it is called."""
    made: Any = inventory(directives(lines(text), Printed({}, {})), DIALECT)
    return {key: each["is"] for key, each in made["main"].items() if not key.startswith("order")}


@pytest.mark.parametrize(
    ("line", "value"),
    [
        *((f"php_flag x {on}", "1") for on in ("on", "Yes", "true", "1")),
        *((f"php_admin_flag x {off}", "0") for off in ("off", "no", "0")),
        ("php_value x none", ""),
        ("php_value x a b", "a b"),
        ("php_admin_value x On", "On"),
    ],
)
def test_a_value_of_php(line: str, value: str) -> None:
    """A flag is on or off, `none` is nothing, and any other value is as it stands."""
    assert php(line) == {"main": {"x": value}}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("php_value x 1\nphp_value x 2", "2"),
        ("php_value x 1\nphp_admin_value x 2", "2"),
        ("php_admin_value x 1\nphp_value x 2", "1"),
        ("php_admin_value x 1\nPHP_Admin_Value x 2", "2"),
    ],
)
def test_an_administrators_value_of_php_stands(text: str, value: str) -> None:
    """The last one counts, but for those that follow an administrator's."""
    assert php(text) == {"main": {"x": value}}


def test_half_a_line_sets_nothing() -> None:
    """A name without a value, and what is not PHP's, sets nothing for PHP."""
    assert php("php_value x\nSetEnv x 1\nServerName a b") == {"main": {}}


def test_the_innermost_folder_of_the_pages_counts() -> None:
    """What is set for a folder holds where the pages are below it, the nearest last."""
    text = (
        "DocumentRoot /srv/shop\n"
        "<Directory /srv/shop/>\nphp_value x near\n</Directory>\n"
        "<Directory /srv>\nphp_value x far\nphp_value y far\n</Directory>\n"
        "<Directory /srv/sho>\nphp_value z beside\n</Directory>\n"
        "Require all granted"
    )
    assert php(text) == {"main": {"x": "near", "y": "far"}}


def test_hosts_of_one_name_are_told_by_their_port() -> None:
    """A second virtual host of the same name is called by its port; one without has 80."""
    serving = "ServerName shop\nDocumentRoot /srv\n"
    text = "".join(
        f"<VirtualHost{where}>\n{serving}php_value x {n}\n</VirtualHost>\n"
        for n, where in enumerate((" *:443", " 10.0.0.1:8080", ""))
    )
    assert php(text) == {
        "main": {},
        "shop": {"x": "0"},
        "shop :8080": {"x": "1"},
        "shop :80": {"x": "2"},
    }


def test_headers_are_called_by_what_is_done_to_them() -> None:
    """The words before a header's value are its name, also those that say when."""
    text = (
        "Header set A 1\nHeader always set B 2\nHeader onsuccess unset C 3\n"
        "RequestHeader set D 4\nOptions -Indexes"
    )
    assert keys(text) == {
        "Header set A": "1",
        "Header always set B": "2",
        "Header onsuccess unset C": "3",
        "RequestHeader set D": "4",
        "Options": "-Indexes",
    }


def test_conditions_belong_to_their_rule() -> None:
    """A rewrite rule is told with its conditions; the next one has none of them."""
    text = "# a\nRewriteCond %{A} b\nRewriteCond %{C} d\n\nRewriteRule ^x y\nRewriteRule ^z w\n"
    assert keys(text) == {"RewriteRule ^x": "y if %{A} b and %{C} d", "RewriteRule ^z": "w"}


def test_quotes_hold_words_together() -> None:
    """Both kinds of quotes do, and quotes with nothing in them are an empty word."""
    (made,) = directives(
        lines("""ErrorDocument 404 'not here' "nor there" "" x"""), Printed({}, {})
    )
    assert made.arguments == ("404", "not here", "nor there", "", "x")


def test_files_are_read_where_they_are_included() -> None:
    """Included files stand in their place, what only asks for a module is left out."""
    said = printed(
        files(
            apache2="IncludeOptional a.conf\n<IfModule x>\nListen 80\n</IfModule>\n# no\n"
            "<IfDefine y>\n<Else>\nUser z\n</Else>\n</IfDefine>\nInclude b.conf",
            a="KeepAlive on",
            b="Timeout 5",
        )
    )
    assert [(each.name, each.at.rpartition("/")[2]) for each in parsed(said, ())] == [
        ("KeepAlive", "a.conf:1"),
        ("Listen", "apache2.conf:3"),
        ("User", "apache2.conf:8"),
        ("Timeout", "b.conf:1"),
    ]


def test_a_dump_has_more_than_directives() -> None:
    """Modules and what else is printed around it are no lines of the configuration."""
    text = (
        "@@ version 2\n@@ dump\nnoise\n# In file: /a.conf\n#   3:\nListen 80\n\n"
        "Loaded Modules:\n so_module (static)\n@@ end\n#   7:\nUser b\n"
    )
    assert [each for each in dumped(text) if each.text] == [
        Line("/a.conf", 3, "Listen 80"),
        Line("/a.conf", 7, "User b"),
    ]
    names = [each.name for each in parsed(printed(text), dumped(text))]
    assert names == ["Listen", "User"]
