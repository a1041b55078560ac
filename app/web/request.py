"""The request as our handlers see it."""

from __future__ import annotations

from typing import Any

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
