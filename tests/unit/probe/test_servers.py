"""A web server's configuration becomes directives with their file and line, alike on every host."""

from typing import Any, cast

import pytest

from deployment_drift.errors import UnknownError
from deployment_drift.probe.collect import Answer, Facts, Section
from deployment_drift.probe.servers import Mail, WebServers

ABSENT = Section(Answer.ABSENT)


def web(**texts: str) -> WebServers:
    """Return the web servers of a host whose sections have these texts."""
    names = ("web-servers", "nginx", "apache")
    sections = dict.fromkeys(names, ABSENT) | {
        name.replace("_", "-"): Section(Answer.ANSWERED, text) for name, text in texts.items()
    }
    return WebServers(Facts(lambda: sections))


def nginx(text: str, said: str = "", **files: str) -> dict[str, dict[str, Any]]:
    """Return the inventory of an nginx whose main file and further ones have these texts."""
    texts = {"/etc/nginx/nginx.conf": text} | {
        f"/etc/nginx/{name.replace('__', '/')}": content for name, content in files.items()
    }
    told = "".join(
        f"@@ file {name}\n"
        + "".join(f"{number}\t{line}\n" for number, line in enumerate(content.split("\n"), 1))
        for name, content in texts.items()
    )
    found = web(nginx=f"@@ version 1.26.3\n@@ main /etc/nginx/nginx.conf\n{told}{said}").nginx
    return cast("dict[str, dict[str, Any]]", found)


def value(inventory: dict[str, dict[str, Any]], block: str, directive: str) -> Any:  # noqa: ANN401 -- JSON
    """Return what a directive is set to."""
    return inventory[block][directive]["is"]


def test_directive_is_told_with_its_file_and_line() -> None:
    """A directive's value, file and line are told, and that no package brought the file."""
    found = nginx("user www-data;\nhttp {\n  gzip on; # fast\n}")
    assert found["http"]["gzip"] == {"is": "on", "at": "/etc/nginx/nginx.conf:3", "own": True}


def test_file_of_a_package_is_nobodys_own() -> None:
    """What stands in a file just as its package brought it was not set by hand."""
    found = nginx("gzip on;", said="@@ stock /etc/nginx/nginx.conf\n")
    assert found["main"]["gzip"]["own"] is False


def test_included_files_stand_in_their_place() -> None:
    """An include is followed, relative to the main file, by its pattern and in its order."""
    found = nginx(
        "http { include sites/*; }",
        sites__b="server { location / { include fast; } }",
        sites__deep__c="server { root /deep; }",
        fast="fastcgi_pass unix:/run/php.sock;",
    )
    assert found["location /"]["fastcgi_pass"]["at"] == "/etc/nginx/fast:1"
    assert "/deep" not in str(found)


def test_a_second_nginx_counts() -> None:
    """Of two that run, each with a file of its own, both are told."""
    told = "@@ main /srv/b/nginx.conf\n@@ file /srv/b/nginx.conf\n1\tgzip_vary on; include more;\n"
    found = nginx("gzip on;", said=f"{told}@@ file /srv/b/more\n1\tgzip_proxied any;\n")
    assert set(found["main"]) == {"gzip", "gzip_vary", "gzip_proxied"}


def test_only_virtual_host_is_the_same_on_every_host() -> None:
    """The one virtual host that serves has one name, whatever its server_name is."""
    shop, other = (
        nginx(f"http {{ server {{ server_name {name}; root /srv; }} }}")
        for name in ("shop.test", "shop.example")
    )
    assert shop.keys() == other.keys() == {"server"}
    assert value(other, "server", "server_name") == "shop.example"


def test_a_redirect_is_no_second_shop() -> None:
    """A virtual host that only redirects leaves the other one the only one that serves."""
    found = nginx("http { server { return 301 /; } server { root /srv; } }")
    assert found.keys() == {"redirect", "server"}


def test_what_the_distribution_left_is_beside_the_own_virtual_host() -> None:
    """The default site of the distribution does not rename the one that somebody set up."""
    found = nginx(
        "http { include s/*; }",
        said="@@ stock /etc/nginx/s/default\n",
        s__app="server { server_name a; root /srv; }",
        s__default="server { server_name _; root /var/www/html; }",
    )
    assert value(found, "server", "root") == "/srv"
    assert value(found, "default server", "root") == "/var/www/html"


def test_several_virtual_hosts_have_their_names() -> None:
    """Several that serve are called by their names, and by their port where these are the same."""
    found = nginx(
        "http { server { listen 80; server_name a; root /1; }"
        " server { listen 443; server_name a; root /2; location /x { deny all; } } }"
    )
    assert found.keys() == {"a", "a :443", "a :443 location /x"}


def test_what_names_its_subject_is_told_by_it() -> None:
    """`fastcgi_param NAME value` is an entry of its own name, so that one forgotten is one row."""
    found = nginx("http { add_header A 1; add_header B 2; index a.php b.php; }")
    assert found["http"].keys() == {"add_header A", "add_header B", "index"}
    assert value(found, "http", "index") == "a.php b.php"


def test_order_counts_where_the_first_that_fits_is_taken() -> None:
    """The same rules in another order are told to be so."""
    one, other = (
        nginx(f"http {{ {rules} }}")
        for rules in ("allow 10.0.0.1; deny all;", "deny all; allow 10.0.0.1;")
    )
    assert value(one, "http", "order of allow, deny") == ["allow 10.0.0.1", "deny all"]
    assert value(other, "http", "order of allow, deny") == ["deny all", "allow 10.0.0.1"]


def test_order_of_patterns_counts() -> None:
    """The first location whose pattern fits is taken; that of the others decides nothing."""
    php, uploads, plain = ("location ~ [.]php$ { }", "location ~* ^/up { }", "location / { }")
    one, other = (nginx(f"server {{ root /a; {plain} {two} }}") for two in (php + uploads, uploads))
    order = ["location ~ [.]php$", "location ~* ^/up"]
    assert value(one, "server", "order of patterns") == order
    assert "order of patterns" not in other["server"]


def test_repeated_directive_is_a_list() -> None:
    """A directive that stands there twice keeps both values."""
    found = nginx("http { server { listen 80; listen 443 ssl; root /srv; } }")
    assert value(found, "server", "listen") == ["80", "443 ssl"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('log_format main \'{"a": "$b"}\';', '{"a": "$b"}'),
        ('log_format main "a;\nb";', "a;\nb"),
        ("log_format main a#b;", "a#b"),
        ("log_format main ${x}y;", "${x}y"),
    ],
)
def test_quotation_holds_what_else_ends_a_directive(text: str, expected: str) -> None:
    """Braces, semicolons, hashes and line ends within a value are part of it."""
    assert value(nginx(text), "main", "log_format main") == expected


def test_braces_of_lua_are_its_own() -> None:
    """A block of Lua ends where its own braces do."""
    found = nginx("http { content_by_lua_block { if x then { } end } gzip on; }")
    assert value(found, "http", "gzip") == "on"
    assert value(found, "content_by_lua_block", "code") == "if x then { } end"


def test_release_folders_are_the_same_place() -> None:
    """The time stamp of a roll-out in a path is no difference."""
    found = nginx("http { server { root /srv/app/releases/20250301T1200/public; } }")
    assert value(found, "server", "root") == "/srv/app/releases/*/public"


def test_line_that_was_cut_is_put_together() -> None:
    """Pieces of one line, which the host masked apart, are one line again."""
    text = "@@ main /n\n@@ file /n\n1\thttp {\n1\t log_format a '{\n1\t}';\n1\t}\n"
    assert web(nginx=text).nginx == {
        "http": {"log_format a": {"is": "{}", "at": "/n:1", "own": True}}
    }


def test_unreadable_file_is_unknown() -> None:
    """A file that this user may not read makes the whole configuration unknown."""
    with pytest.raises(UnknownError, match="/etc/nginx/secret"):
        nginx("gzip on;", said="@@ refused /etc/nginx/secret.conf\n")


def test_no_web_server_is_absent() -> None:
    """Where none runs, nothing is told: neither servers nor directives nor modules."""
    none = web()
    assert [none.running, none.nginx, none.apache, none.modules, none.others] == [None] * 5


DUMP = """@@ version 2.4.65
@@ dump
# In file: /etc/apache2/apache2.conf
#  92:
Timeout 300
# In file: /etc/apache2/sites-enabled/app.conf
#   1:
<VirtualHost *:80>
  #  12:
  DocumentRoot "/var/www/my shop"
  #  14:
  <Directory /var/www/>
    #  15:
    RewriteCond %{REQUEST_FILENAME} !-f
    #  16:
    RewriteRule ^ index.php [L]
  </Directory>
  #  20:
  php_admin_value open_basedir /var/www:/tmp
  #  21:
  Header always set X-Frame-Options DENY
</VirtualHost>
Loaded Modules:
 core_module (static)
 info_module (shared)
 rewrite_module (shared)
@@ stock /etc/apache2/apache2.conf
"""


def test_apaches_dump_gives_file_and_line() -> None:
    """Each directive of the dump has the file and the line that the dump names."""
    found = cast("dict[str, dict[str, Any]]", web(apache=DUMP).apache)
    assert found["main"]["Timeout"] == {
        "is": "300",
        "at": "/etc/apache2/apache2.conf:92",
        "own": False,
    }
    assert found["server"]["php_admin_value open_basedir"] == {
        "is": "/var/www:/tmp",
        "at": "/etc/apache2/sites-enabled/app.conf:20",
        "own": True,
    }
    assert value(found, "server", "DocumentRoot") == "/var/www/my shop"
    assert value(found, "server", "Header always set X-Frame-Options") == "DENY"


def test_condition_belongs_to_its_rule() -> None:
    """A RewriteCond is part of the rule that follows it."""
    found = cast("dict[str, dict[str, Any]]", web(apache=DUMP).apache)
    rule = value(found, "Directory /var/www/", "RewriteRule ^")
    assert rule == "index.php [L] if %{REQUEST_FILENAME} !-f"


def test_modules_are_those_of_the_server() -> None:
    """The module that the dump itself needs is not told, the others are."""
    assert web(apache=DUMP).modules == {"core_module": "static", "rewrite_module": "shared"}
    built = "@@ module http_ssl\n@@ module stream=dynamic\n"
    assert web(nginx=built).modules == {"http_ssl": "built in", "stream": "dynamic"}


def test_apaches_files_stand_in_where_there_is_no_dump() -> None:
    """Without a dump the files are read: includes followed, conditions looked through."""
    text = (
        "@@ main /etc/httpd/httpd.conf\n@@ base /etc/httpd\n"
        "@@ file /etc/httpd/httpd.conf\n1\tInclude conf.d/*.conf\n2\t# Timeout 1\n"
        "@@ file /etc/httpd/conf.d/a.conf\n1\t<IfModule x>\n"
        "2\tKeepAlive \\\n3\t On\n4\t</IfModule>\n"
    )
    found = cast("dict[str, dict[str, Any]]", web(apache=text).apache)
    assert found == {
        "main": {"KeepAlive": {"is": "On", "at": "/etc/httpd/conf.d/a.conf:2", "own": True}}
    }


def test_other_servers_are_told_with_how_they_were_started() -> None:
    """Of a server without a section of its own, its arguments and its file's lines are told."""
    text = "@@ server caddy caddy run -c /etc/caddy/C \n@@ file /etc/caddy/C\n1\t:80\n2\t# x\n"
    other = web(web_servers=text)
    assert other.running == {"Caddy": "caddy run -c /etc/caddy/C"}
    assert other.others == {
        "/etc/caddy/C": {":80": {"is": "set", "at": "/etc/caddy/C:1", "own": True}}
    }


def test_known_servers_are_told_with_their_version() -> None:
    """Of nginx and Apache the version is told."""
    unit = web(web_servers="@@ server unitd unit: main v1.34 \n@@ unasked unitd\n")
    assert unit.running == {"nginx Unit": "unit: main v1.34"}
    with pytest.raises(UnknownError, match="nginx Unit runs, and its configuration is not found"):
        _ = unit.others
    assert web(web_servers="@@ server apache x\n", apache=DUMP).running == {"Apache": "2.4.65"}


def test_mail() -> None:
    """Mail is told by its program, relay and name, and by who listens in the kernel's table."""
    listening = (
        "0B00007F:0019 4711\n0100007F:0019 4711\n00000000000000000000000001000000:1F90 4711\n"
    )
    texts = {"mail-program": "/usr/bin/msmtp\n", "mail-relay": "mail:25\n", "sockets": listening}
    sections = {name: Section(Answer.ANSWERED, text) for name, text in texts.items()}
    mail = Mail(Facts(lambda: {**sections, "mail-name": ABSENT}))
    assert (mail.program, mail.relay, mail.domain) == ("/usr/bin/msmtp", "mail:25", None)
    assert [mail.answers(port) for port in (25, 8080, 26)] == [True, True, None]


def test_an_engines_name_server_is_no_mail_server() -> None:
    """What listens at the engine's own address is not the host's."""
    only = {"sockets": Section(Answer.ANSWERED, "0B00007F:0019 4711\n")}
    assert not Mail(Facts(lambda: only)).answers(25)
