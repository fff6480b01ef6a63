"""Everything that can go wrong for a user: one root, and what to type next."""


class DriftError(Exception):
    """Something the user can act upon; shown without a traceback, exit status 2.

    what: one sentence on what happened, with the address or path that was tried.
    hint: the next command to type, or what to install; may be empty.
    detail: the last lines that the failing program printed; may be empty.
    """

    def __init__(self, what: str, *, hint: str = "", detail: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.hint = hint
        self.detail = detail


class EngineError(DriftError):
    """No container engine, or one that answers wrongly or not in time."""


class BuildError(DriftError):
    """An image could not be built, or a base image could not be prepared."""


class HostError(DriftError):
    """A server did not start, or did not become ready in time."""


class UnknownError(DriftError):
    """A host could not be asked: unreachable, gone, or silent past the time limit.

    Never an answer: what was to be observed is *unknown*, neither a value nor absent.
    """
