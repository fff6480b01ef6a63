"""Every PHP that runs on a host: which there are, and what each of them is."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property, partial

from deployment_drift.errors import UnknownError
from deployment_drift.probe import apache, ini, phpinfo
from deployment_drift.probe.collect import Facts
from deployment_drift.probe.directives import MAIN, ONLY
from deployment_drift.probe.php import Runtime, Variables, bare
from deployment_drift.probe.phpinfo import Said
from deployment_drift.records import JSON, item

SERVER = re.compile(r"(FastCGI|server)\d*: ")  # sections of those that answer browsers
OPTION = re.compile(r"(?<!\S)-d ?([\w.]+)=(\S*)")
COMMAND_LINE, MODULE = "command line", "Apache module"
# What the question itself hides, and what PHP has of it where no file says anything.
OPCACHE = {"opcache.enable": "1", "opcache.enable_cli": "0"}  # as PHP has them by itself
HIDDEN = OPCACHE | dict.fromkeys(
    ("error_log", "disable_functions", "disable_classes", "open_basedir"), ""
)
# What the command line overrides whatever the files say: a module that it stands in for does not.
OVERRIDDEN = {
    "display_errors": "1",
    "html_errors": "1",
    "implicit_flush": "0",
    "max_execution_time": "30",
    "max_input_time": "-1",
    "output_buffering": "0",
    "register_argc_argv": "1",
}
# Variables that a session or a service manager sets, whoever has it.
SESSION = {
    *("HOME", "HOSTNAME", "LC_ALL", "LOGNAME", "MAIL", "OLDPWD", "PWD", "SHELL", "SHLVL", "TERM"),
    *("USER", "_", "container", "INVOCATION_ID", "JOURNAL_STREAM", "LISTEN_FDS", "LISTEN_PID"),
    *("MAINPID", "MANAGERPID", "NOTIFY_SOCKET", "SYSTEMD_EXEC_PID", "SSH_CLIENT"),
    *("SSH_CONNECTION", "SSH_TTY", "XDG_RUNTIME_DIR", "XDG_SESSION_CLASS", "XDG_SESSION_ID"),
    *(
        "XDG_SESSION_TYPE",
        "DBUS_SESSION_BUS_ADDRESS",
        "FPM_SOCKETS",
        "USER_ID",
        "MEMORY_PRESSURE_WATCH",
    ),
}


class Runtimes:
    """All PHPs of one host, by their labels."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts

    @cached_property
    def command_line(self) -> Runtime | None:
        """The first `php` of the PATH; None where there is none."""
        return self._made(COMMAND_LINE, self._said, environ="environ") if self._said else None

    @cached_property
    def _said(self) -> Said | None:
        return self._facts.read("php", phpinfo.of_json)

    @cached_property
    def web(self) -> list[Runtime]:
        """Those that answer browsers: Apache's module, pools, FastCGI, PHP's own server."""
        page = self._of_page()
        if page:
            return [page]
        return [*self._module(), *_distinct(list(self._pools())), *self._servers()]

    @cached_property
    def jobs(self) -> list[Runtime]:
        """Those that crontabs, units and workers run, where they are not the command line's."""
        self._facts.text("jobs")  # it says what may not be read
        names = self._facts.named("php-job ")
        return [
            self._with_options(name, self._made(name, self._asked(name)))
            for name in names
            if not SERVER.match(name)
        ]

    def _servers(self) -> Iterator[Runtime]:
        for name in self._facts.named("php-job "):
            said, environ = self._asked(name), f"environ {name}"
            if name.startswith("FastCGI"):
                yield self._with_options(name, self._made(name, said, environ))
            elif SERVER.match(name):
                own = replace(said, interface="cli-server")
                made = self._made(f"built-in {name}", own, environ, **OVERRIDDEN)
                yield self._with_options(name, made)

    def _with_options(self, name: str, made: Runtime) -> Runtime:
        """Say of what a process was started with (`-d memory_limit=1G`) that somebody set it."""
        kind, _, program = name.partition(": ")
        for line in (self._facts.text("jobs") or "").splitlines():
            begun, _, rest = line.partition(f" {program} ")
            if begun == kind:
                given = {
                    key: item(value, made.label, own=True) for key, value in OPTION.findall(rest)
                }
                return replace(made, settings={**made.settings, **given})
        return made

    def _asked(self, name: str) -> Said:
        return phpinfo.of_json(self._facts.text(f"php-job {name}") or "")

    @property
    def every(self) -> dict[str, Runtime]:
        """All of them by label."""
        first = [self.command_line] if self.command_line else []
        return {each.label: each for each in (*first, *self.web, *self.jobs)}

    @property
    def versions(self) -> dict[str, JSON] | None:
        """Which PHPs there are, with their versions; None where there is none."""
        found = [each for each in self.every.values() if not each.label.startswith(f"{MODULE}, ")]
        return {each.label: each.said.version for each in found} or None

    @property
    def environment(self) -> dict[str, JSON] | None:
        """Each variable with the PHPs that it reaches; UnknownError where one's cannot be read."""
        found: dict[str, dict[str, JSON]] = {}
        runtimes = (*filter(None, [self.command_line]), *self.web)
        read = [*((each.label, _read(each.label, each.environment())) for each in runtimes)]
        for label, variables in (*read, *self._workers()):
            for name, value in variables.items():
                found.setdefault(name, {})[label] = value
        return dict(found) or None

    def _workers(self) -> Iterator[tuple[str, Mapping[str, JSON]]]:
        """Give what reaches each worker: a supervisor or a unit gives it variables of its own."""
        for name in self._facts.named("environ worker "):
            yield name, _read(name, self._environment(f"environ worker {name}"))

    @property
    def job_settings(self) -> dict[str, JSON] | None:
        """What jobs have set otherwise than the command line, by their PHP."""
        usual = self.command_line.settings if self.command_line else {}
        return self._unlike(lambda php: php.settings, usual)

    @property
    def job_extensions(self) -> dict[str, JSON] | None:
        """Which extensions jobs have that the command line has not, or the reverse."""
        usual = dict.fromkeys(self.command_line.said.extensions, True) if self.command_line else {}

        def loaded(php: Runtime) -> dict[str, JSON]:
            return {name: name in php.said.extensions for name in (*usual, *php.said.extensions)}

        return self._unlike(loaded, usual)

    def _unlike(
        self, question: Callable[[Runtime], Mapping[str, JSON]], usual: Mapping[str, JSON]
    ) -> dict[str, JSON] | None:
        found = {
            each.label: {
                name: value
                for name, value in question(each).items()
                if bare(value) != bare(usual.get(name))
            }
            for each in self.jobs
        }
        return {label: unlike for label, unlike in found.items() if unlike} or None

    @property
    def pools(self) -> dict[str, JSON] | None:
        """The directives of each pool of php-fpm; None without one."""
        return {each.label: each.pool for each in self.web if each.pool} or None

    def _made(self, label: str, said: Said, environ: str = "", **defaults: str) -> Runtime:
        if closed := said.more.get("closed"):
            raise UnknownError(f"{label}: {closed} may not be read by this user")
        values = ini.corrected(said.values, said.lines, {**HIDDEN, **defaults})
        environment = partial(self._environment, environ)
        return Runtime(label, said, self._told(values, said), environment)

    def _told(self, values: Mapping[str, JSON], said: Said) -> dict[str, JSON]:
        return ini.told(values, said.lines, self._facts.read("ini-stock", ini.stock) or frozenset())

    def _environment(self, section: str) -> Variables:
        try:
            text = self._facts.text(section) if section else None
        except UnknownError:
            return None
        pairs = (line.partition("=") for line in (text or "").splitlines())
        return {name: value for name, equal, value in pairs if equal and name not in SESSION}

    def _of_page(self) -> Runtime | None:
        """Return the PHP that answers the shop's own pages: nothing is nearer to the truth."""
        shop = self._said.more.get("shop") if self._said else None
        if not shop or not shop["web"]:
            return None
        said = phpinfo.of_answer(shop["web"])
        label = MODULE if said.interface == "apache2handler" else said.interface
        return Runtime(label, said, self._told(said.values, said), self._environment_of_module)

    def _environment_of_module(self) -> Variables:
        process = (self._facts.text("php-module") or "").split()[:1]
        return self._environment(" ".join(["environ", *process]) if process else "")

    def _module(self) -> Iterator[Runtime]:
        line = self._facts.text("php-module")
        if not line:
            return
        process, _, file = line.strip().partition(" ")
        said = self._facts.read("php-module-asked", phpinfo.of_json)
        if said is None:
            raise UnknownError(f"{file} runs, but there is no php to ask about it")
        version = file.rpartition("libphp")[2].removesuffix(".so")
        if not said.version.startswith(version):
            raise UnknownError(f"{file} runs, but php is {said.version}")
        true = replace(said, interface="apache2handler")
        module = self._made(MODULE, true, f"environ {process}", **OVERRIDDEN)
        yield from _by_host(module, apache.php_values(self._facts.text("apache") or ""))

    def _pools(self) -> Iterator[Runtime]:
        for line in (self._facts.text("fpm") or "").splitlines():
            process = line.split()[0]
            said = self._versed(phpinfo.of_info(self._facts.text(f"fpm-info {process}") or ""))
            values = ini.corrected(
                said.values, said.lines, {"error_log": "", "opcache.enable": "1"}
            )
            settings = self._told(values, said)
            environment = partial(self._environment, f"environ {process}")
            pools = ini.pools(self._facts.text(f"fpm-pools {process}") or "")
            if all(pool.name == "global" for pool in pools):
                raise UnknownError(f"php-fpm runs, and its pools are not found: {line}")
            for pool in pools:
                if pool.name != "global":
                    yield _pool(pool, said, settings, environment)

    def _versed(self, said: Said) -> Said:
        """Add the versions of extensions, which `-i` has in no common form."""
        other = self._said or said
        known = other.extensions if other.version == said.version else {}
        return replace(said, extensions={**said.extensions, **_common(known, said.extensions)})


def _common(known: Mapping[str, JSON], wanted: Mapping[str, JSON]) -> dict[str, JSON]:
    return {name: version for name, version in known.items() if name in wanted}


def _pool(
    pool: ini.Pool, said: Said, settings: Mapping[str, JSON], environment: Callable[[], Variables]
) -> Runtime:
    set_here = {name: item(line.value, line.at, own=True) for name, line in pool.settings.items()}
    label, reaching = f"php-fpm, pool {pool.name}", partial(_reaching, pool, environment)
    return Runtime(label, said, {**settings, **set_here}, reaching, pool.told())


def _reaching(pool: ini.Pool, environment: Callable[[], Variables]) -> Variables:
    """Return what reaches a pool of its master's environment, and what it is given."""
    cleared = pool.directives.get("clear_env")
    kept = environment() if cleared and ini.SWITCHES.get(cleared.value.lower()) == "" else {}
    given = {name: item(line.value, line.at, own=True) for name, line in pool.environment.items()}
    return None if kept is None else {**kept, **given}


def _by_host(module: Runtime, values: Mapping[str, Mapping[str, JSON]]) -> Iterator[Runtime]:
    """Give the module as usual, and once more for each virtual host that sets it otherwise."""
    usual = values.get(ONLY, values[MAIN])
    for name, set_here in {**values, MAIN: usual}.items():
        known = {key: value for key, value in set_here.items() if key in module.settings}
        label = module.label if name == MAIN else f"{module.label}, {name}"
        if name == MAIN or set_here not in (usual, values[MAIN]):
            environment = module.environment if name == MAIN else dict  # it is told once
            settings = {**module.settings, **known}
            yield replace(module, label=label, settings=settings, environment=environment)


def _distinct(runtimes: list[Runtime]) -> list[Runtime]:
    """Name the version where several masters have pools of one name."""
    labels = [each.label for each in runtimes]
    return [
        replace(each, label=each.label.replace("php-fpm", f"php-fpm {each.said.version[:3]}"))
        if labels.count(each.label) > 1
        else each
        for each in runtimes
    ]


def _read(label: str, environment: Mapping[str, JSON] | None) -> Mapping[str, JSON]:
    if environment is None:
        raise UnknownError(f"{label}: its environment may not be read by this user")
    return environment
