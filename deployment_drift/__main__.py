"""The commands: those of `tasks.py` in a checkout, those for any servers where it is installed."""

import atexit
import gc
import signal
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType

# What invoke imports at every start, a third of its time, and what it takes of that meanwhile:
# for tests with mocks, for its own version, and for settings in YAML, if there are any.
SPARED: Mapping[str, Mapping[str, object]] = {
    "unittest.mock": {"Mock": object},
    "importlib.metadata": {"version": str},
    "invoke.vendor.yaml": {},
}
GARBAGE = 200_000  # objects; by default much is looked through, again and again, for little


class Later(ModuleType):
    """Stands for a module until something is taken of it."""

    def __getattr__(self, name: str) -> object:
        """Give what the module has, which is imported now."""
        if name.startswith("__"):  # which import itself looks for
            raise AttributeError(name)
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        return getattr(import_module(self.__name__), name)


def import_invoke() -> None:
    """Import invoke without what no command needs; others get the true modules."""
    stand_ins = {name: Later(name) for name in SPARED if name not in sys.modules}
    for name, module in stand_ins.items():
        vars(module).update(SPARED[name])
    sys.modules.update(stand_ins)
    import_module("invoke")
    for name, module in stand_ins.items():
        if sys.modules[name] is module:
            del sys.modules[name]


def begin() -> None:
    """Prepare the start of a command; who stops it until it runs has nothing to clear up."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    if sys.platform != "win32":
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])  # ./invoke has blocked it
    gc.set_threshold(GARBAGE)
    atexit.register(gc.freeze)  # what ends with the process need not be looked through once more
    import_invoke()


@contextmanager
def complete(hint: str) -> Iterator[None]:
    """End with 2 and a sentence where something is not installed: 1 would be a drift."""
    try:
        yield
    except ImportError as error:
        sys.stderr.write(f"Error: {sys.prefix} is not complete: {error}\nNext: {hint}\n")
        raise SystemExit(2) from None


def installed() -> None:
    """Run `deployment-drift`, which needs no checkout."""
    with complete("pip install --force-reinstall deployment-drift"):
        begin()
        from importlib.metadata import version

        from deployment_drift.cli import Command
        from deployment_drift.commands import EVERYWHERE

    Command(version("deployment-drift"), EVERYWHERE, "Deployment-drift", "deployment-drift").run()


def checkout() -> None:
    """Run `./invoke`."""
    with complete(f"rm -r {sys.prefix}, and the same again"):
        begin()
        from deployment_drift.cli import Command

    Command(name="Invoke", binary="./invoke", binary_names=["invoke"]).run()


if __name__ == "__main__":
    checkout()
