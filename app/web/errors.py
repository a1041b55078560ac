"""Failures as pages that say what happened and what to do, or as a fragment where htmx swaps."""

from __future__ import annotations

from typing import Any

import structlog
from litestar.exceptions import HTTPException
from litestar.response import Template

from app.db.faults import UNREACHABLE
from app.errors import Refusal, TooMany
from app.i18n import gettext as _
from app.web.pages import page
from app.web.request import Request

log = structlog.get_logger(__name__)


def refused(request: Request, refusal: Refusal) -> Template:
    """An expected failure that no form took."""
    headers = {"retry-after": str(refusal.retry_after)} if isinstance(refusal, TooMany) else None
    return error_page(request, refusal.status, refusal.message, headers)


def http_failed(request: Request, failure: HTTPException) -> Template:
    """What the framework refuses: no such page, wrong method, a form that is too large or too old."""
    return error_page(request, failure.status_code)


def crashed(request: Request, failure: Exception) -> Template:
    """A fault of ours. The log gets where it happened; never its text, which may hold what somebody typed."""
    frame = failure.__traceback__
    while frame and frame.tb_next:
        frame = frame.tb_next
    log.error(
        "request.crashed",
        error=type(failure).__name__,
        file=frame.tb_frame.f_code.co_filename if frame else "",
        line=frame.tb_lineno if frame else 0,
    )
    if isinstance(failure, UNREACHABLE):
        return error_page(
            request,
            503,
            _(
                "The database can't be reached just now. What you typed is still on the page, but not stored yet."
            ),
            {"retry-after": "10"},
        )
    return error_page(request, 500)


def error_page(
    request: Request, status: int, message: str = "", headers: dict[str, str] | None = None
) -> Template:
    """The page, or the fragment that goes to the page's notices."""
    retarget = {"hx-retarget": "#notices", "hx-reswap": "innerHTML"} if request.is_partial else {}
    return page(
        request,
        "errors/error.html",
        "errors/_fragment.html",
        status=status,
        headers={**retarget, **(headers or {})},
        error_status=status,
        message=message,
    )


# Typed loosely: the framework's type asks for its own Request, which at run time is always ours.
HANDLERS: dict[int | type[Exception], Any] = {
    Refusal: refused,
    HTTPException: http_failed,
    Exception: crashed,
}
