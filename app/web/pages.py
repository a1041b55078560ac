"""Answers: a page or the part of it that htmx swaps, and redirects that htmx follows too."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote, unquote

from litestar import Response
from litestar.datastructures import Cookie
from litestar.response import Redirect, Template

from app.web.cookies import cookie_name, expired_cookie, new_cookie
from app.web.request import Request

NOTICE = "notice"
VARY = {"vary": "HX-Request, HX-Request-Type"}


def page(
    request: Request,
    template: str,
    partial: str | None = None,
    *,
    status: int = 200,
    headers: dict[str, str] | None = None,
    cookies: list[Cookie] | None = None,
    **context: Any,
) -> Template:
    """The whole page, or ``partial`` alone when htmx asks for a part."""
    as_part = request.is_partial and partial is not None
    return Template(
        partial if as_part else template,
        context={**request.context, "notice": _notice(request), "viewer": request.viewer, **context},
        status_code=status,
        headers={**VARY, **(headers or {})},
        cookies=[*(cookies or []), *([] if as_part else _forget_notice(request))],
    )


def see_other(
    request: Request, url: str, notice: str | None = None, cookies: list[Cookie] | None = None
) -> Response[Any]:
    """Lead on to ``url``. ``notice`` is said once on the next page; it must hold nothing confidential."""
    all_cookies = [*(cookies or [])]
    if notice:
        all_cookies.append(new_cookie(NOTICE, quote(notice), max_age=60))
    if request.is_htmx:
        return Response(None, status_code=204, headers={"HX-Redirect": url, **VARY}, cookies=all_cookies)
    return Redirect(url, status_code=303, headers=VARY, cookies=all_cookies)


def local_path(url: str | None) -> str | None:
    """``url`` if it is a path on this site, else None: where a log-in may lead on to.

    Browsers read ``//host`` and ``/\\host`` as another site, and skip control characters while they look for one.
    """
    if url and re.fullmatch(r"/(?![/\\])[!-~]*", url):
        return url
    return None


def _notice(request: Request) -> str:
    return unquote(request.cookies.get(cookie_name(NOTICE), ""))


def _forget_notice(request: Request) -> list[Cookie]:
    return [expired_cookie(NOTICE)] if cookie_name(NOTICE) in request.cookies else []
