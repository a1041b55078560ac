"""Answers: a page or the part of it that htmx swaps, and redirects that htmx follows too."""

from __future__ import annotations

import re
from typing import Any

from litestar import MediaType, Response
from litestar.datastructures import Cookie
from litestar.response import Redirect, Template

from app.web.notices import Notice, forget_notice, kept_notice, notice_cookie
from app.web.request import Request

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
        context={**request.context, "notice": kept_notice(request), "viewer": request.viewer, **context},
        status_code=status,
        headers={**VARY, **(headers or {})},
        cookies=[*(cookies or []), *([] if as_part else forget_notice(request))],
        media_type=MediaType.HTML,
    )


def see_other(
    request: Request, url: str, notice: str | Notice | None = None, cookies: list[Cookie] | None = None
) -> Response[Any]:
    """Lead on to ``url``. ``notice`` is said once on the next page; it must hold nothing confidential."""
    all_cookies = [*(cookies or [])]
    if notice:
        all_cookies.append(notice_cookie(Notice(notice) if isinstance(notice, str) else notice))
    if request.is_htmx:
        return Response(None, status_code=204, headers={"HX-Redirect": url, **VARY}, cookies=all_cookies)
    return Redirect(url, status_code=303, headers=VARY, cookies=all_cookies)


def over_page(
    request: Request, template: str, *, status: int = 200, cookies: list[Cookie] | None = None, **context: Any
) -> Template:
    """A dialog over the page that htmx asks from, which stays as it is beneath; see static/js/over.js."""
    headers = {**VARY, "hx-retarget": "#over", "hx-reswap": "innerHTML", "hx-reselect": "#over-page"}
    return Template(
        template,
        context={**request.context, "viewer": request.viewer, **context},
        status_code=status,
        headers=headers,
        cookies=cookies or [],
    )


def local_path(url: str | None) -> str | None:
    """``url`` if it is a path on this site, else None: where a log-in may lead on to.

    Browsers read ``//host`` and ``/\\host`` as another site, and skip control characters while they look for one.
    """
    if url and re.fullmatch(r"/(?![/\\])[!-~]*", url):
        return url
    return None
