"""What this repository's shop answers to customers: `host.shop`, absent on any other server."""

import json
from contextlib import suppress
from typing import Any, cast

from deployment_drift.errors import UnknownError
from deployment_drift.probe.questions import Page
from deployment_drift.probe.runtimes import Runtimes

OK = 200


class Shop:
    """The pages of the shop on one host; whatever is asked is None without the shop."""

    def __init__(self, runtimes: Runtimes) -> None:
        self._runtimes = runtimes

    @property
    def _said(self) -> dict[str, Any]:
        php = self._runtimes.command_line
        return cast("dict[str, Any]", php.said.more.get("shop") or {}) if php else {}

    @property
    def port(self) -> int | None:
        """The port at which the web server answers; None without one."""
        return cast("int | None", self._said.get("port"))

    def page(self, page: Page) -> dict[str, Any] | None:
        """Return the answer to a page: `{"status", "headers", "body"}`; None without the shop.

        It has to be a constant of the check's own module, so that it was asked beforehand.
        """
        if self.port is None:
            return None
        name = f"{page.method} {page.path} {page.body}"
        try:
            return cast("dict[str, Any]", self._said["pages"][name])
        except KeyError:
            what = f"{page.path} was not asked: make it a constant of the check's file"
            raise UnknownError(what) from None

    def answer(self, page: Page, field: str = "") -> Any:  # noqa: ANN401 -- JSON from the host
        """Return a page, or one field of its JSON; of a refusal, its status and what it says."""
        said = self.page(page)
        if said and said["status"] == OK:
            return json.loads(said["body"])[field] if field else said["body"]
        return said and f"{said['status']} {refusal(said['body'])}"

    def status(self, page: Page) -> int | None:
        """Return the HTTP status of a page."""
        said = self.page(page)
        return cast("int", said["status"]) if said else None

    def header(self, page: Page, header: str) -> str | None:
        """Return a header of the answer to a page; None where it has none of that name."""
        said = self.page(page)
        return cast("str | None", said["headers"].get(header)) if said else None


def refusal(body: str) -> str:
    """Return what a refusal says: the `error` of its JSON, or whatever stands there."""
    with suppress(ValueError, TypeError, KeyError):
        return str(json.loads(body)["error"])
    return body or "(an empty page)"
