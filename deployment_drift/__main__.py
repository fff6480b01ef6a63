"""The commands: those of `tasks.py` in a checkout, those for any servers where it is installed."""

import atexit
import gc
import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType

from deployment_drift import venv

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
def complete(where: str, hint: str, mend: Callable[[], None] = lambda: None) -> Iterator[None]:
    """End with 2 and a sentence where what is installed cannot be imported: 1 would be a drift.

    mend: is called first, and does not return where it has found a way on.
    """
    try:
        yield
    except Exception as error:  # noqa: BLE001 -- a file that is cut off raises anything
        mend()
        sys.stderr.write(f"Error: {where} is not complete: {error}\nNext: {hint}\n")
        raise SystemExit(2) from None


def installed() -> None:
    """Run `deployment-drift`, which needs no checkout."""
    with complete(sys.prefix, "pip install --force-reinstall deployment-drift"):
        begin()
        from importlib.metadata import version

        from invoke import Collection

        from deployment_drift.cli import Command
        from deployment_drift.commands import compare, snapshot
        from deployment_drift.stage.commands import replay

    everywhere = Collection(compare, snapshot, replay)
    Command(version("deployment-drift"), everywhere, "Deployment-drift", "deployment-drift").run()


def checkout() -> None:
    """Run `./invoke`."""
    with complete(str(venv.folder()), f"rm -r {venv.folder()}, and the same again", venv.mend):
        begin()
        from deployment_drift.cli import Command

    Command(name="Invoke", binary="./invoke", binary_names=["invoke"]).run()


if __name__ == "__main__":
    checkout()
