"""How services are asked: when they read their files, whose a port is, what data services use."""

import os
import subprocess
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from deployment_drift.probe.collect import Answer, Facts, Section
from deployment_drift.probe.services import Services
from deployment_drift.waiting import until
from tests.programs.conftest import fake
from tests.programs.parts import SH, parts, run, write

GONE = Section(Answer.ABSENT)
MD5_OF_A = "0cc175b9c0f1b6a831c399e269772661"


@pytest.mark.parametrize(("age", "stale"), [(10, ""), (-10, "nginx {}/new.conf\n")])
def test_configuration_that_was_not_read(
    shell: list[str], tmp_path: Path, age: int, stale: str
) -> None:
    """A file that is newer than the service which reads it has no effect yet."""
    started = int(time.time()) - 100
    write(tmp_path, "old.conf", "new.conf", "sites-available/other.conf")
    for name, at in (("old.conf", started - 50), ("new.conf", started - age)):
        os.utime(tmp_path / name, (at, at))
    fakes = f"everybody() {{ :; }}\nreaders='nginx {started}'\n"
    text = (SH / "services_stale.sh").read_text("utf-8").replace("=/etc/nginx", f"={tmp_path}")
    text = text.replace("quick services-stale", f"{fakes}quick services-stale")
    assert run(shell, parts() + text)["services-stale"].text == stale.format(tmp_path)


@pytest.mark.parametrize("closed", ["conf.d", "."])
def test_configuration_that_may_not_be_looked_through(shell: list[str], closed: str) -> None:
    """Where this user may not look, nobody knows whether something was changed."""
    if os.geteuid() == 0:
        shell = ["setpriv", "--reuid=65534", "--clear-groups", *shell]
    with TemporaryDirectory() as name:
        (Path(name) / "conf.d").mkdir()
        Path(name).chmod(0o755)
        (Path(name) / closed).chmod(0)
        fakes = "everybody() { :; }\nreaders='nginx 1000'\n"
        text = (SH / "services_stale.sh").read_text("utf-8")
        text = text.replace("=/etc/nginx", f"={name}/conf.d")
        found = run(shell, parts() + text.replace("quick serv", f"{fakes}quick serv"))
        (Path(name) / closed).chmod(0o755)
    assert found["services-stale"].status is Answer.REFUSED


def test_process_that_ends_meanwhile(shell: list[str]) -> None:
    """One that has ended has no root, and may have been a container's: it is not this machine's."""
    text = "section ended here {}\nsection living here {}\nsection gone here 9999999\n"
    with subprocess.Popen(["true"]) as ended:
        stat = Path(f"/proc/{ended.pid}/stat")
        assert until(lambda: ") Z " in stat.read_text("ascii"), limit=10, pause=0.01)
        found = run(shell, parts() + text.format(ended.pid, os.getpid()))
    seen = {name for name in ("ended", "living", "gone") if found[name].status is Answer.ANSWERED}
    assert seen == {"living"}


@pytest.mark.parametrize(("number", "status"), [("0", Answer.ANSWERED), ("33", Answer.REFUSED)])
def test_what_another_users_worker_was_started_with(
    shell: list[str], number: str, status: Answer
) -> None:
    """Root of a container asks as the worker's own user; nobody else can, and says so."""
    text = f"{parts()}setpriv() {{ printf 'QUEUE=sync\\0no name\\0'; }}\nown_number={number}\n"
    found = run(shell, f"{text}section x environ_of_another 9999999 33")["x"]
    assert found.status is status
    assert found.text == ("QUEUE=sync\n" if status is Answer.ANSWERED else "")


def test_when_a_service_has_read_its_files(shell: list[str], tmp_path: Path) -> None:
    """Of a service with children the oldest of these counts, for a reload replaces them."""
    rows = [
        f"{pid} ({name}) S {parent} {'0 ' * 17}{start}00 0"
        for pid, name, parent, start in (
            (10, "php-fpm8.4", 1, 5),
            (11, "php-fpm8.4", 10, 70),
            (12, "php-fpm8.4", 10, 60),
            (20, "mariadbd", 1, 8),
            (30, "bash", 1, 9),
        )
    ]
    (tmp_path / "stat").write_text("btime 1000\n")
    listed = "".join(f"==> /proc/{row.split()[0]}/stat <==\n{row}\n\n" for row in rows)
    (tmp_path / "listed").write_text(listed)
    text = parts().replace('"/proc/', f'"{tmp_path}/')
    asked = f'asked() {{ awk "$quoted$look_read$look_told" {tmp_path}/listed; }}'
    found = run(shell, f"{text}\n{asked}\nsection x asked")["x"].text
    assert "readers='php-fpm8.4 1060\nmariadbd 1008\n'" in found


def test_groups_in_which_a_worker_runs(shell: list[str], tmp_path: Path) -> None:
    """Whoever was added to a group later is not in it before the service begins anew."""
    stat = "==> /proc/10/stat <==\n10 (php-fpm8.4) S 1 {}7 0\n\n".format("0 " * 17)
    status = "==> /proc/10/status <==\nUid:\t33\t33\t33\t33\nGroups:\t4 33 \n"
    (tmp_path / "listed").write_text(stat + status)
    (tmp_path / "group").write_text("adm:x:4:\nwww-data:x:33:\n")
    asked = (
        f'asked() {{ awk -v keeper="$keeper" "$quoted$look_read$look_told" {tmp_path}/listed; }}'
    )
    found = run(shell, f"{parts()}\n{asked}\nsection x asked")["x"].text
    assert "worker_groups='10 php-fpm 33 4 33 \n'" in found
    text = parts().replace('"/etc/group"', f'"{tmp_path}/group"')
    given = "worker_groups='10 php-fpm 33 4 33'\nby_awk x 'groups_of(ENVIRON[\"worker_groups\"])'"
    told = run(shell, f"{text}\n{given}\n")["x"].text
    assert told == "@@ php-fpm\nGroups of www-data: adm www-data\n"


@pytest.mark.parametrize(
    ("number", "owners", "status"),
    [
        ("33", "7 apache2\n", Answer.ANSWERED),
        ("33", "", Answer.REFUSED),
        ("0", "", Answer.ANSWERED),
    ],
)
def test_whose_a_port_is_can_be_seen_of_all_or_not_told(
    shell: list[str], number: str, owners: str, status: Answer
) -> None:
    """Who runs all that listens sees whose each port is; an engine's name server is nobody's."""
    ports = "00000000:1F90 7\n0B00007F:0035 9\n"
    given = f"own_number={number} listening={ports!r} owners={owners!r}\n"
    given = given.replace("\\n", "\n")
    text = parts() + given + (SH / "services.sh").read_text("utf-8")
    assert run(shell, text)["socket-owners"].status is status


def test_whose_a_process_is_does_not_change_its_program(shell: list[str], tmp_path: Path) -> None:
    """A program that was found by its name is the same once its process's user is known."""
    fake(tmp_path, "apache2", "exit 0")
    asked = 'asked() { program_of 7 apache2; our_process 7; echo "$program"; }'
    text = f'{parts()}kinds="7 apache 1 33 "\n{asked}\nsection x asked\n'
    assert run(shell, text, tmp_path)["x"].text == f"{tmp_path}/apache2\n"


APACHE = """echo "$*" >>{folder}/asked
case $* in
    -v) echo 'Server version: Apache/2.4.67 (Debian)' ;;
    *-V) printf '%s\\n' '-D HTTPD_ROOT="/opt/httpd"' '-D SERVER_CONFIG_FILE="main.conf"' ;;
    *' {modules}/modules/mod_info.so '*) echo 'Listen 80' ;;
    *) exit 1 ;;
esac"""


@pytest.mark.parametrize(("modules", "times"), [("/usr/lib/apache2", 0), ("/opt/httpd", 1)])
def test_apache_reads_its_configuration_once(
    shell: list[str], tmp_path: Path, modules: str, times: int
) -> None:
    """Only where its modules are not where Debian has them Apache is asked how it was built."""
    fake(tmp_path, "apache2", APACHE.format(folder=tmp_path, modules=modules))
    asked = f"asked() {{ program={tmp_path}/apache2; effective -D X; }}"
    said = run(shell, f"{parts()}{asked}\nsection x asked\n")["x"]
    assert said.text.startswith("@@ version 2.4.67\n@@ dump\nListen 80\n")
    words = (tmp_path / "asked").read_text("utf-8").splitlines()
    assert words.count("-D X -V") == times


def test_nobody_speaks_for_another_process(shell: list[str]) -> None:
    """Arguments that look like the listing of another's are the first line of one's own."""
    with subprocess.Popen(["sleep", "30"]) as victim:
        said = (
            f"x\n\n==> /proc/{victim.pid}/cmdline <==\n/usr/sbin/apache2\x1f-f\x1f/tmp/evil.conf\n"
        )
        with subprocess.Popen(["sh", "-c", "sleep 30; :", said]) as forger:
            found = run(shell, f'{parts()}words {victim.pid}; section x echo "$words"')["x"].text
            forger.kill()
        victim.kill()
    assert found == "sleep\n30\n"


MARIADBD = """echo 'Variables (--variable-name=value)'
echo '--------- -----'
echo 'max-connections 151'
echo 'net-buffer-length 16384'
echo 'datadir /var/lib/mysql'
"""


def data(shell: list[str], folder: Path, service: str, arguments: str) -> dict[str, Section]:
    """Return what is said of a service that runs with these arguments."""
    words = arguments.replace(" ", "\x1f")
    state = f"running_services='7 {service}'\nprocesses='7 {service}\x1f{words}'\nours() {{ :; }}\n"
    asked = "".join(
        (SH / f"services_{n}.sh").read_text("utf-8") for n in ("data", "caches", "postgres")
    )
    return run(shell, parts() + state + asked, folder)


def test_options_of_a_database_go_above_its_files(shell: list[str], tmp_path: Path) -> None:
    """What a database was started with is told, without secrets; it is not used to ask it."""
    fake(tmp_path, "mariadbd", f"[ $# = 2 ] || exit 1\n{MARIADBD}")
    given = "--max-connections 9 --skip-log-bin --report-password tea"
    found = data(shell, tmp_path, "mariadbd", given)
    assert found["mysql-settings"].text.startswith("max_connections 151\nnet_buffer_length 16384\n")
    told = found["mysql-given"].text
    assert told.startswith("--max-connections 9\n--skip-log-bin\n--report-password <secret ")
    assert told.endswith(">\n")


@pytest.mark.parametrize(
    ("name", "size", "told"),
    [
        ("MAD", 8192, "empty"),
        ("MAD", 16384, "filled"),
        ("MYD", 0, "empty"),
        ("MYD", 9999, "filled"),
    ],
)
def test_time_zones_of_a_database(
    shell: list[str], tmp_path: Path, name: str, size: int, told: str
) -> None:
    """Whether its tables of time zones hold anything is seen by their size."""
    fake(tmp_path, "mariadbd", MARIADBD.replace("/var/lib/mysql", f"{tmp_path}/"))
    (tmp_path / "mysql").mkdir()
    (tmp_path / "mysql" / f"time_zone_name.{name}").write_bytes(b"x" * size)
    found = data(shell, tmp_path, "mariadbd", "-P 3307")["mysql-settings"].text
    assert found.endswith(f"\ntime_zone_tables {told}\n")


def test_options_of_redis_are_settings(shell: list[str], tmp_path: Path) -> None:
    """A Redis that was started without a file is told by its options, and secrets stay."""
    given = "--maxmemory 64mb --requirepass tea --save 60 1"
    found = data(shell, tmp_path, "redis-server", given)["redis-file"].text
    assert found.startswith("@@ its arguments\n1\tmaxmemory 64mb\n2\trequirepass <secret ")
    assert found.endswith(">\n3\tsave 60 1\n")


def test_files_that_redis_includes(shell: list[str], tmp_path: Path) -> None:
    """They are read where they are named, as is the file with the users' rights."""
    (tmp_path / "redis.conf").write_text(
        f"maxmemory 1gb\ninclude {tmp_path}/d/*.conf\ntimeout 5\naclfile {tmp_path}/users.acl\n"
    )
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "a.conf").write_text("maxmemory 2gb\n")
    (tmp_path / "users.acl").write_text("user shop on >tea ~* +@read\n")
    found = data(shell, tmp_path, "redis-server", f"{tmp_path}/redis.conf")["redis-file"].text
    assert found.startswith(
        f"@@ {tmp_path}/redis.conf\n1\tmaxmemory 1gb\n2\tinclude {tmp_path}/d/*.conf\n"
        f"@@ {tmp_path}/d/a.conf\n1\tmaxmemory 2gb\n@@ {tmp_path}/redis.conf\n3\ttimeout 5\n"
    )
    assert "@@ " + str(tmp_path / "users.acl") in found
    assert "tea" not in found
    assert found.endswith("> ~* +@read\n")


@pytest.mark.parametrize(("pause", "unseen"), [("5.0001", []), ("05", ["unseen redis"])])
def test_options_that_a_title_hides(shell: list[str], pause: str, unseen: list[str]) -> None:
    """A Redis whose arguments were longer than a plain start's may have been given settings."""
    state = f"""sleep {pause} >/dev/null 2>&1 & pid=$!
    running_services="$pid redis-server" kinds= processes="$pid redis-server *:6379"
    """
    caches = (SH / "services_caches.sh").read_text("utf-8")
    tools = (SH / "services_data.sh").read_text("utf-8")
    text = parts() + state.replace("    ", "") + tools + "sleep 0.1\n" + caches
    assert [name for name in run(shell, text) if name.startswith("unseen")] == unseen


@pytest.fixture
def postgres(tmp_path: Path) -> str:
    """Give the arguments of a PostgreSQL with a file that includes others."""
    main, more = tmp_path / "postgresql.conf", tmp_path / "conf.d"
    main.write_text("work_mem = 4MB\n include_dir 'conf.d'\ninclude_if_exists = 'gone.conf'\n")
    more.mkdir()
    (more / "team.conf").write_text("\n# ours\nwork_mem = 8MB\ninclude '../more'\n")
    (tmp_path / "more").write_text("port = 1\n")
    return f"-D {tmp_path} -c config_file={main} -c jit=off --work_mem=16MB -p 5433"


def test_postgres_is_told_by_all_that_it_reads(
    shell: list[str], tmp_path: Path, postgres: str
) -> None:
    """Included files come behind the main one, and what it was started with behind both."""
    assert data(shell, tmp_path, "postgres", postgres)["postgres-files"].text == (
        f"@@ {tmp_path}/postgresql.conf\n1\twork_mem = 4MB\n2\t include_dir 'conf.d'\n"
        f"@@ {tmp_path}/conf.d/team.conf\n3\twork_mem = 8MB\n4\tinclude '../more'\n"
        f"@@ {tmp_path}/conf.d/../more\n1\tport = 1\n"
        f"@@ {tmp_path}/postgresql.conf\n3\tinclude_if_exists = 'gone.conf'\n"
        f"@@ its arguments\n1\tconfig_file={tmp_path}/postgresql.conf\n"
        "2\tjit=off\n3\twork_mem=16MB\n4\t-p 5433\n"
    )


def test_who_may_log_in_to_postgres(shell: list[str], tmp_path: Path, postgres: str) -> None:
    """The rules are read from where the settings say that they are, without their passwords."""
    with (tmp_path / "postgresql.conf").open("a") as file:
        file.write("hba_file = 'rules/hba' # ours\n")
    (tmp_path / "rules").mkdir()
    rule = "host all all 10.0.0.0/8 ldap ldapserver=l ldapbindpasswd=tea"
    (tmp_path / "rules" / "hba").write_text(f"# who\n{rule}\n")
    found = data(shell, tmp_path, "postgres", postgres)["postgres-access"].text
    assert found.startswith(f"@@ {tmp_path}/rules/hba\n2\t{rule.partition('=tea')[0]}=<secret ")


def test_postgres_whose_file_is_closed_is_refused(
    shell: list[str], tmp_path: Path, postgres: str
) -> None:
    """A file that may not be read could set anything: nothing is concluded from the others."""
    (tmp_path / "conf.d" / "team.conf").unlink()
    (tmp_path / "conf.d" / "team.conf").mkdir()  # root, too, cannot read it
    found = data(shell, tmp_path, "postgres", postgres)["postgres-files"]
    assert found.status is Answer.REFUSED


@pytest.mark.parametrize("changed", ["app/A.php", "var/cache/A.php", "vendor/a/A.php"])
def test_a_worker_has_the_code_that_it_read(shell: list[str], tmp_path: Path, changed: str) -> None:
    """Code that is newer than a worker is not what it runs; caches and packages are none."""
    started = int(time.time()) - 100
    write(tmp_path, "a.php", changed)
    os.utime(tmp_path / "a.php", (started - 9, started - 9))
    fakes = f"everybody() {{ :; }}\nreaders='php artisan queue:work {started}'\n"
    fakes += f"applications={tmp_path}\n"
    text = (SH / "services_stale.sh").read_text("utf-8")
    text = text.replace("quick services-stale", f"{fakes}quick services-stale")
    told = f"php artisan queue:work {tmp_path}/{changed}\n" if changed == "app/A.php" else ""
    assert run(shell, parts() + text)["services-stale"].text == told


def test_units_that_are_not_as_packages_have_them(shell: list[str], tmp_path: Path) -> None:
    """A unit is told that no package knows, and one that was edited where a package put it."""
    for name, text in (("stock", "a"), ("edited", "b"), ("own", "c")):
        write(tmp_path, f"{name}.service", f"{name}.txt")
        (tmp_path / f"{name}.service").write_text(text)
    sums = "".join(f"{MD5_OF_A}  {tmp_path}/{name}.service\n" for name in ("stock", "edited"))
    text = f"{parts()}unit_folders={tmp_path}\nsection x changed_units '{sums.strip()}'\n"
    text = text.replace("[ -d /var/lib/dpkg/info ]", ":")
    assert run(shell, text)["x"].text == f"{tmp_path}/own.service\n{tmp_path}/edited.service\n"


def test_folders_of_sessions_and_of_those_who_run_php(shell: list[str], tmp_path: Path) -> None:
    """PHP makes no folders for sessions in a depth; what its user owns, code alone may name."""
    (tmp_path / "deep").mkdir()
    (tmp_path / "spool").mkdir()
    stub = f"""grep() {{ echo 'session.save_path = "1;{tmp_path}/deep"'; }}
    find() {{ printf '%s\\n' {tmp_path}/spool {tmp_path}/app; }}
    users=33
    applications={tmp_path}/app/public
    """
    text = parts() + stub + (SH / "services_folders.sh").read_text("utf-8")
    said = run(shell, text)["written-folders"].text
    assert f"missing {tmp_path}/deep/0/." in said
    told = [f" {tmp_path}/{name}/." in said for name in ("deep", "spool", "app")]
    assert told == [True, True, False]


def test_what_a_service_still_runs_with(shell: list[str], tmp_path: Path) -> None:
    """A program or a release that was replaced, and a table older than its source, are told."""
    write(tmp_path, "releases/1/x", "releases/2/x", "etc/aliases", "etc/aliases.db", "program")
    (tmp_path / "current").symlink_to(tmp_path / "releases/2")
    os.utime(tmp_path / "etc/aliases.db", (1, 1))
    begun = "php worker\t33\t in"
    given = f"""everybody() {{ :; }}
here() {{ :; }}
running_services=
replaced='7 nginx {tmp_path}/program
8 nginx {tmp_path}/gone'
service_arguments='9 {begun} {tmp_path}/releases/1
10 {begun} {tmp_path}/releases/2'
"""
    text = (SH / "services_replaced.sh").read_text().replace(" /etc/*.db", f" {tmp_path}/etc/*.db")
    said = run(shell, f"{parts()}{given}{text}")["services-replaced"].text
    assert said.splitlines() == [
        f"nginx {tmp_path}/program",
        f"php worker {tmp_path}/current",
        f"postmap {tmp_path}/etc/aliases",
    ]


def test_libraries_that_were_replaced(shell: list[str], tmp_path: Path) -> None:
    """After an update of a library, a service runs with the old one until it begins anew."""
    (tmp_path / "7").mkdir()
    (tmp_path / "libx.so.1").touch()
    row = "7f00-7f01 r-xp 0 00:00 1 "
    maps = f"{row}{tmp_path}/libx.so.1 (deleted)\n{row}/dev/zero (deleted)\n{row}/usr/lib/a.so\n"
    (tmp_path / "7" / "maps").write_text(maps)
    text = (SH / "services_replaced.sh").read_text().replace("/proc/", f"{tmp_path}/")
    given = "everybody() { :; }\nrunning_services='7 nginx' replaced='' service_arguments=\n"
    said = run(shell, f"{parts()}{given}{text}")["services-replaced"].text
    assert said == f"nginx {tmp_path}/libx.so.1\n"


def test_the_first_process(shell: list[str]) -> None:
    """What reaps the others is told: without one that does, a container fills with dead ones."""
    kinds = "1 docker-init 1 0 /sbin/docker-init\n10 nginx 1 0 /usr/sbin/nginx"
    given = f"everybody() {{ :; }}\nkinds='{kinds}' services='10 nginx' service_arguments=\n"
    told = run(shell, f"{parts()}{given}{(SH / 'services.sh').read_text()}")["services"].text
    assert told == "1 first process\t\tdocker-init\n10 nginx\n"
    facts = Facts(lambda: {"services": Section(Answer.ANSWERED, told), "accounts": GONE})
    assert Services(facts).names == {"first process": "runs with docker-init", "nginx": "runs"}


def test_where_another_users_worker_runs(shell: list[str]) -> None:
    """Within a container only its own user may see it: root asks as that one, if it may."""
    begun = "7 php a.php\t33\ta.php\n8 nginx\t\t-g x\n9 php b.php\t33\tb.php in /srv/b"
    given = f"""own_number=0 service_arguments='{begun}'
ls() {{ echo "dr-xr-xr-x 9 33 34 0 Nov 26 00:00 /proc/7"; }}
wanted='--reuid=33 --regid=34 --clear-groups readlink /proc/7/cwd'
setpriv() {{ [ "$*" != "$wanted" ] || echo /srv/app; }}
"""
    text = parts().replace("# note_place: add", f"{given}# note_place: add")
    told = run(shell, f'{text}section x printf %s "$service_arguments"')["x"].text
    assert told.splitlines() == [
        "7 php a.php\t33\ta.php in /srv/app",
        "8 nginx\t\t-g x",
        "9 php b.php\t33\tb.php in /srv/b",
    ]
