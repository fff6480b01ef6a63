"""What runs as a service: by name, with the limits and settings that are really in effect."""

from typing import Any

import pytest

from deployment_drift.errors import UnknownError
from deployment_drift.probe.collect import Answer, Facts, Section
from deployment_drift.probe.services import Services
from deployment_drift.records import item

NAMES = (
    *("config-lines", "config-as-brought", "config-owned", "config-packaged-ini", "config-unread"),
    *("services", "service-limits", "sockets", "socket-owners", "mysql-settings", "accounts"),
    *("services-stale", "postgres-files", "redis-file", "memcached-arguments", "written-folders"),
    *("mysql-given", "postgres-access", "redis-hidden"),
    *("base-access", "listening-files", "services-replaced"),
)
LIMITS = """\
@@ first process
Limit                     Soft Limit           Hard Limit           Units
Max open files            20000                20000                files
Max processes             96364                96364                processes
@@ mysqld
Max open files            1024                 20000                files
@@ nginx
Max open files            20000                20000                files
"""


def services(**texts: str | Section) -> Services:
    """Return the services that sections tell of; those that are not named are not there."""
    given = {name.replace("_", "-"): text for name, text in texts.items()}
    sections = dict.fromkeys(NAMES, Section(Answer.ABSENT)) | {
        name: text if isinstance(text, Section) else Section(Answer.ANSWERED, text)
        for name, text in given.items()
    }
    return Services(Facts(lambda: sections))


def test_limits() -> None:
    """The first process shows the usual limits; a service only those in which it has others."""
    assert services(service_limits=LIMITS).limits == {
        "first process": {"open files": "20000"},
        "mysqld": {"open files": "1024, at most 20000"},
    }


def test_without_a_first_process_each_service_has_its_limits() -> None:
    """Where the usual limits are not seen, whatever a service has is told."""
    said = services(service_limits="@@ nginx\nMax open files   20000   20000   files\n").limits
    assert said == {"first process": {}, "nginx": {"open files": "20000"}}


def test_services_that_run_are_named() -> None:
    """A host that does not say what runs has no services to compare, not none that run."""
    assert services(services="7 nginx\n8 php-fpm8.4 pool\n").names == {
        "nginx": "runs",
        "php-fpm8.4 pool": "runs",
    }
    assert services().names is None


def test_umask() -> None:
    """A service that gives others the right to its files says so."""
    said = LIMITS.replace("@@ nginx", "Umask:\t0022\n@@ nginx") + "Umask:\t0002\n"
    assert services(service_limits=said).limits == {
        "first process": {"open files": "20000"},
        "mysqld": {"open files": "1024, at most 20000", "umask": "0022"},
        "nginx": {"umask": "0002"},
    }


def test_hidden_processes_are_unknown() -> None:
    """Where the processes of others are hidden, their limits are unknown."""
    with pytest.raises(UnknownError, match="hidden"):
        _ = services(service_limits=Section(Answer.REFUSED, reason="are hidden")).limits


def test_ports() -> None:
    """A port says who listens and for whom; drawn ports and an engine's own are left out."""
    said = services(
        sockets="00000000:0050 7\n0100007F:0CEA 8\n0B00007F:0035 9\n00000000:9C40 10\n",
        socket_owners="7 nginx\n9 dockerd\n",
    )
    assert said.ports == {"tcp 80": "nginx, for everybody", "tcp 3306": "for this host only"}
    both = services(
        sockets="00000000:0050 7\n0100007F:0050 8\n", socket_owners="7 php-fpm8.4\n8 apache2 old\n"
    )
    told = "apache2 old, for this host only and php-fpm, for everybody"
    assert both.ports == {"tcp 80": told}


def test_files_at_which_services_listen() -> None:
    """Who may speak to a service is told; one whose file was removed hears nobody."""
    said = "/run/php/php-fpm.sock www-data:www-data rw-rw----\n/run/redis/redis.sock missing\n"
    assert services(sockets="00000000:0050 7\n", socket_owners="", listening_files=said).ports == {
        "tcp 80": "for everybody",
        "/run/php/php-fpm.sock": "www-data:www-data rw-rw----",
        "/run/redis/redis.sock": "its file is missing",
    }


def test_what_every_program_uses() -> None:
    """Folders and devices are told with who may use them; nothing where that is not known."""
    said = "/dev/null root:root crw-rw-rw- 1,3\n/ root:root drwxr-xr-x \n/dev/log there\n"
    assert services(base_access=said).base == {
        "/dev/null": "root:root crw-rw-rw- device 1,3",
        "/": "root:root drwxr-xr-x",
        "/dev/log": "there",
    }
    assert services().base is None


def test_rare_limits() -> None:
    """Locked memory is told, pending signals where they are few, and a filter of system calls."""
    rows = (
        "Max locked memory         65536                65536                bytes     \n"
        "Max pending signals       {}                   {}                   signals   \n"
        "Seccomp:\t{}\n"
    )
    few = services(service_limits=f"@@ first process\n{rows.format(10, 10, 2)}").limits
    assert few == {
        "first process": {
            "locked memory": "65536",
            "pending signals": "10",
            "system calls": "not all are allowed",
        }
    }
    many = services(service_limits=f"@@ first process\n{rows.format(96365, 96365, 0)}").limits
    assert many == {"first process": {"locked memory": "65536"}}


def test_how_the_kernel_ranks_a_service() -> None:
    """Niceness, the OOM killer's adjustment and groups of a worker that began with others."""
    said = services(
        service_limits="@@ first process\nCpus_allowed_list:\t0-1\nOom: 0\nNice: 0\nPolicy: 0\n"
        "@@ php-fpm8.4\nCpus_allowed_list:\t0\nOom: 500\nNice: 10\nPolicy: 3\n"
        "@@ php-fpm8.4\nGroups of www-data: www-data adm\n"
    )
    assert said.limits == {
        "first process": {},
        "php-fpm8.4": {
            "processors": "0",
            "adjustment of the OOM killer": "500",
            "niceness": "10",
            "scheduling policy": "3",
            "groups of www-data": "www-data adm",
        },
    }


def test_ports_without_their_programs() -> None:
    """Where this user may not see whose a port is, another program can answer on it."""
    closed = Section(Answer.REFUSED, reason="only root")
    said = services(sockets="00000000000000000000000000000000:0050 7\n", socket_owners=closed)
    with pytest.raises(UnknownError, match="only root"):
        _ = said.ports


@pytest.mark.parametrize("path", ["/etc/mysql/conf.d/mode.cnf", "/etc/my.cnf", "/etc/mariadb/a"])
def test_settings_of_mysql(path: str) -> None:
    """A setting in effect knows the line that sets it; what a host's name makes is left out."""
    said = services(
        mysql_settings="sql_mode ANSI\nport 3306\npid_file a.pid\nserver_uid x\n"
        "log_slow_query_file a-slow.log\n",
        config_lines=f"@@ {path}\n1\t[mysqld]\n2\tsql-mode=ANSI\n",
    )
    assert said.databases == {
        "MariaDB or MySQL": {
            "sql_mode": {"is": "ANSI", "at": f"{path}:2", "own": True},
            "port": {"is": "3306", "at": "", "own": False},
        }
    }


LISTED = "max_connections 151\ncharacter_set_client_handshake TRUE\nskip_name_resolve FALSE\n"


@pytest.mark.parametrize(
    ("given", "name", "value"),
    [
        ("--max-connections=9", "max_connections", "9"),
        ("--max_connections 2K", "max_connections", "2048"),
        ("--loose-max-connections=9", "max_connections", "9"),
        ("--max-conn=9", "max_connections", "9"),
        ("--skip-character-set-client-handshake", "character_set_client_handshake", "FALSE"),
        ("--character-set-client-handshake=0", "character_set_client_handshake", "FALSE"),
        ("--skip-name-resolve", "skip_name_resolve", "TRUE"),
        ("--plugin-load-add=x.so", "plugin_load_add", "x.so"),
        ("-P 3307", "-P", "3307"),
        ("-P3307", "-P", "3307"),
    ],
)
def test_what_mysql_was_started_with(given: str, name: str, value: str) -> None:
    """An option goes above the files however it is spelt, and one that is not listed is told."""
    options = f"{given}\n--defaults-file=/etc/a.cnf\n--no-defaults\n"
    (said,) = (services(mysql_settings=LISTED, mysql_given=options).databases or {}).values()
    assert said[name] == item(value, "its arguments", own=True)
    assert {*said} == {name, *(line.split()[0] for line in LISTED.splitlines())}


def test_a_silent_database_is_unknown() -> None:
    """A database that runs and told nothing is not one without settings."""
    with pytest.raises(UnknownError, match="did not give"):
        _ = services(mysql_settings="").databases


def test_postgres_takes_the_last_value() -> None:
    """Of a setting that stands twice the last one counts, without the comment behind it."""
    text = (
        "@@ /etc/p.conf\n6\tmax_connections = 100\n9\tmax_connections = 50\t# (needs a restart)\n"
    )
    (said,) = (services(postgres_files=text).databases or {}).values()
    assert said == {"max_connections": {"is": "50", "at": "/etc/p.conf:9", "own": True}}


def test_postgres_started_with_a_setting_ignores_its_files() -> None:
    """What the server was started with is in effect."""
    text = "@@ /etc/p.conf\n6\tjit = on\n@@ its arguments\n1\tjit=off\n"
    (said,) = (services(postgres_files=text).databases or {}).values()
    assert (said["jit"]["is"], said["jit"]["at"]) == ("off", "its arguments:1")


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("'8192kB'", "8MB"),
        ("2048MB # ours", "2GB"),
        ("1000kB", "1000kB"),
        ("true", "on"),
        ("NO", "off"),
        ("'500'", "500"),
        ("'a # b'", "a # b"),
    ],
)
def test_one_spelling_of_a_value_of_postgres(written: str, value: str) -> None:
    """Quotes, units and comments are no difference."""
    (said,) = (services(postgres_files=f"@@ /p\n1\ta = {written}\n").databases or {}).values()
    assert said["a"]["is"] == value


def test_postgres_started_with_short_options() -> None:
    """-N is max_connections."""
    text = "@@ /p\n1\tmax_connections = 9\n@@ its arguments\n1\t-N 20\n2\t-p5433\n"
    (said,) = (services(postgres_files=text).databases or {}).values()
    assert (said["max_connections"]["is"], said["port"]["is"]) == ("20", "5433")


def test_what_stands_behind_an_included_file_counts() -> None:
    """A file goes on behind what it includes, and its later line wins."""
    text = "@@ /p\n1\tinclude 'q'\n@@ /q\n1\tjit = on\n@@ /p\n2\tjit = off\n"
    (said,) = (services(postgres_files=text).databases or {}).values()
    assert said["jit"] == item("off", "/p:2", own=True)


def test_who_may_log_in_to_postgres() -> None:
    """Each rule is told, and their order: the first that fits counts."""

    def rules(*lines: str) -> dict[str, Any]:
        text = "\n".join(f"{n}\t{line}" for n, line in enumerate(lines, 1))
        access = f"@@ /d/pg_hba.conf\n{text}\n"
        (said,) = (
            services(postgres_files="@@ /p\n1\tjit = on\n", postgres_access=access).databases or {}
        ).values()
        return dict(said)

    said = rules("host all  all 0.0.0.0/0 reject", "local all all peer")
    assert said["line: host all all 0.0.0.0/0 reject"] == item(
        "there", "/d/pg_hba.conf:1", own=True
    )
    again = rules("local all all peer", "host all all 0.0.0.0/0 reject")
    assert said["order of pg_hba.conf"]["is"] != again["order of pg_hba.conf"]["is"]


def redis(*lines: str, **more: str) -> dict[str, Any]:
    """Return the values of a Redis whose file has these lines."""
    text = "".join(f"{n}\t{line}\n" for n, line in enumerate(lines, 1))
    (said,) = (services(redis_file=f"@@ /r\n{text}", **more).databases or {}).values()
    return {name: each["is"] for name, each in said.items()}


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("maxmemory  67108864", {"maxmemory": "64mb"}),
        ("maxmemory 64mb", {"maxmemory": "64mb"}),
        ("maxmemory 64M", {"maxmemory": "62500kb"}),
        ("maxmemory 0", {"maxmemory": "0"}),
        ("tcp-backlog 1024", {"tcp-backlog": "1024"}),
        ('dir "/var/lib/redis"', {"dir": "/var/lib/redis"}),
        ("MaxClients 9", {"maxclients": "9"}),
    ],
)
def test_one_spelling_of_a_value_of_redis(line: str, told: dict[str, str]) -> None:
    """CONFIG REWRITE writes quotes and units of its own."""
    assert redis(line) == told


def test_the_last_line_of_redis_counts() -> None:
    """But for those of which each one adds something."""
    assert redis("maxmemory 1gb", "maxmemory 2gb", "save 60 1", "save 900 1") == {
        "maxmemory": "2gb",
        "line: save 60 1": "there",
        "line: save 900 1": "there",
    }


def test_what_redis_writes_of_its_own_accord() -> None:
    """What CONFIG REWRITE adds to a file are the defaults of that Redis; another value is told."""
    usual = (
        "latency-tracking-info-percentiles 50 99 99.9",
        "user default on nopass sanitize-payload ~* &* +@all",
    )
    rewritten = ("save 3600 1", "save 300 100", "save 60 10000", *usual)
    assert redis("timeout 5", *rewritten) == redis("timeout 5")
    assert redis("timeout 5", "save 9 1", *usual) == {"timeout": "5", "save": "9 1"}


def test_options_that_a_title_hides() -> None:
    """Two of different lengths are not the same; that there are some makes a parity unknown."""
    said = redis("timeout 5", redis_hidden="97\n")
    assert said["options that its title hides"] == "97 bytes"


def test_sections_of_other_programs_set_nothing_of_the_database() -> None:
    """What mariadb-dump is told is not where the server's own value comes from."""
    lines = "@@ /etc/mysql/a.cnf\n1\t[mysqldump]\n2\tmax_allowed_packet=16M\n"
    said = services(config_lines=lines, mysql_settings="max_allowed_packet 16777216\n").databases
    (settings,) = (said or {}).values()
    assert settings["max_allowed_packet"]["at"] == ""


def test_other_databases() -> None:
    """Caches and databases without a question of their own are read from their files."""
    said = services(
        redis_file="@@ /etc/redis/redis.conf\n9\tmaxmemory 64mb\n",
        memcached_arguments="/usr/bin/memcached -m 64 -I 8m -u memcache ",
    )
    assert said.databases == {
        "Redis": {"maxmemory": {"is": "64mb", "at": "/etc/redis/redis.conf:9", "own": True}},
        "Memcached": {
            option: {"is": value, "at": "", "own": True}
            for option, value in {"-m": "64", "-I": "8m", "-u": "memcache"}.items()
        },
    }
    assert services().databases is None


@pytest.mark.parametrize(
    ("row", "can"),
    [
        ("drwx------ 2 www-data www-data 4096 Jan 1 00:00", "can"),
        ("drwxr-x--- 2 root www-data 4096 Jan 1 00:00", "cannot"),
        ("drwxrwx--- 2 root www-data 4096 Jan 1 00:00", "can"),
        ("drwx-wx-wt 2 root root 4096 Jan 1 00:00", "can"),
        ("drwxr-xr-x 2 root root 4096 Jan 1 00:00", "cannot"),
    ],
)
def test_written_folders(row: str, can: str) -> None:
    """Whether the web server's user can write follows from owner, group and mode."""
    said = services(
        written_folders=f"{row} /srv/s/.\nmissing /gone/.\n",
        accounts="www-data 33 www-data /bin/false /srv\n",
    ).folders
    assert said is not None
    assert said["/gone"] == "missing"
    assert said["/srv/s"].endswith(f", www-data {can} write")


def test_a_folder_where_the_web_server_has_another_user() -> None:
    """Without www-data it is everybody's right that counts, and nobody's name is told."""
    folders = services(written_folders="drwxrwxr-x 2 joe joe 4096 Jan 1 00:00 /srv/s/.\n").folders
    assert folders == {"/srv/s": "joe:joe rwxrwxr-x, the web server cannot write"}


def test_names() -> None:
    """A service is known by its program's name."""
    assert services(services="7 php-fpm\n9 nginx\n").names == {"php-fpm": "runs", "nginx": "runs"}


def test_what_services_were_started_with() -> None:
    """Workers of one name are one entry: as whom they run, and with which arguments each."""
    said = services(
        services="7 node\n8 php artisan\n7 node\t\t--port 80\n8 php artisan\t33\tartisan --b\n"
        "9 php artisan\t0\tartisan --a\n9 php artisan\t0\tartisan --a\n",
        accounts="www-data 33 www-data /bin/sh /var/www\n",
    ).names
    assert said == {
        "node": "runs with --port 80",
        "php artisan": "runs as root with artisan --a, and as www-data with artisan --b",
    }


def test_stale_configuration() -> None:
    """A service that has not read its files since they were changed is told with the file."""
    file = "/etc/php/8.4/fpm/conf.d/90-app.ini"
    told = item("changed after it was read", file, own=True)
    assert services(services_stale=f"php-fpm8.4 {file}\n").stale == {"php-fpm": told}
    assert services(services_stale="").stale is None
    older = services(services_replaced="php-fpm8.4 /usr/sbin/php-fpm8.4\n").stale
    assert older == {
        "php-fpm": item("older than what is there now", "/usr/sbin/php-fpm8.4", own=True)
    }


RIGHTS = "@@ first process\nCapEff:\t{0}\nCapBnd:\t{1}\nNoNewPrivs:\t{2}\n"


@pytest.mark.parametrize(
    ("effective", "bound", "told"),
    [
        ("000001ffffffffff", "000001ffffffffff", {"capabilities": "all"}),
        ("0000003fffffffff", "0000003fffffffff", {"capabilities": "all"}),
        ("0", "00000000a80425fb", {"capabilities": "those of a container"}),
        ("0", "00000000a80405fb", {"capabilities": "those of a container, without net_raw"}),
        ("0", "0", {"capabilities": "none"}),
        ("0", "400", {"capabilities": "none, with net_bind_service"}),
        (
            "400",
            "00000000a80425fb",
            {
                "capabilities": "those of a container",
                "capabilities in effect": "none, with net_bind_service",
            },
        ),
    ],
)
def test_what_only_root_may(effective: str, bound: str, told: dict[str, str]) -> None:
    """What a process may do of root's is told in short, and a user's own where it has some."""
    said = services(service_limits=RIGHTS.format(effective, bound, 0)).limits
    assert said == {"first process": told}


def test_new_privileges() -> None:
    """Where set-uid programs have no effect, sudo fails: that is told."""
    said = services(service_limits=RIGHTS.format(0, 0, 1)).limits
    assert said is not None
    assert said["first process"]["new privileges"].startswith("refused")


@pytest.mark.parametrize(("most", "told"), [("64", {"processes": "64"}), ("5000", {}), ("x", {})])
def test_few_processes(most: str, told: dict[str, str]) -> None:
    """A small limit was set by somebody; a large one follows from the memory."""
    row = f"Max processes   {most}   {most}   processes\n"
    assert services(service_limits=f"@@ first process\n{row}").limits == {"first process": told}


def test_a_worker_that_has_older_code() -> None:
    """A worker is named by what it runs, and the file that it has not read."""
    said = services(services_stale="php artisan queue:work /srv/app/A b.php\n").stale
    place = "/srv/app/A b.php"
    told = item("changed after it was read", place, own=True)
    assert said == {"php artisan queue:work": told}
