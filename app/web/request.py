"""The request as our handlers see it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from litestar import Request as LitestarRequest
from litestar.datastructures import State
from litestar.types import Scope


def context_of(scope: Scope) -> dict[str, Any]:
    """What every template of this request may use."""
    context: dict[str, Any] = scope["state"].setdefault("template_context", {})
    return context


class Request(LitestarRequest[Any, Any, State]):
    """A request that knows what htmx asks for.

    ``user`` (the viewer) and ``auth`` (the session) are put there by the accounts slice, which this package
    can't import; so are the clinic's settings and its renderer, in ``context``.
    """

    @property
    def is_htmx(self) -> bool:
        """Whether htmx sent it, so that a redirect must be told by header."""
        return self.headers.get("hx-request") == "true"

    @property
    def is_partial(self) -> bool:
        """Whether only a part of the page will be swapped."""
        return self.headers.get("hx-request-type") == "partial"

    @property
    def is_over_page(self) -> bool:
        """Whether it comes from the dialog over a page that waits for its user: see static/js/over.js."""
        return "x-over-page" in self.headers

    @property
    def page_address(self) -> str:
        """The path and query of the page that a person has in front of them: htmx's own, else the one asked for."""
        url = urlsplit(self.headers.get("hx-current-url", "") if self.is_htmx else str(self.url))
        return f"{url.path}?{url.query}" if url.query else url.path

    @property
    def viewer(self) -> Any:
        """Who is logged in; None for a stranger."""
        return self.scope.get("user")

    @property
    def context(self) -> dict[str, Any]:
        """What every template of this request may use."""
        return context_of(self.scope)

    @property
    def form_context(self) -> dict[str, str]:
        """What forms need to know of the clinic: the country that typed phone numbers belong to."""
        clinic = self.context.get("clinic")
        return {"country": clinic.country} if clinic else {}

    @property
    def client_address(self) -> str:
        """The browser's address, as far as TRUSTED_PROXIES lets it be known."""
        client = self.scope["client"]
        return client[0] if client else ""
