"""What the next page says once, above itself: what has just been done, and perhaps a button that goes with it."""

from __future__ import annotations

import json
from dataclasses import astuple, dataclass
from urllib.parse import quote, unquote

from litestar.datastructures import Cookie

from app.web.cookies import cookie_name, expired_cookie, new_cookie
from app.web.request import Request

NAME = "notice"
SECONDS = 60


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence, and the button of that ``label`` that posts to ``action``. It must hold nothing confidential."""

    text: str
    action: str = ""
    label: str = ""


def notice_cookie(notice: Notice) -> Cookie:
    """Keeps the notice until the next page."""
    return new_cookie(NAME, quote(json.dumps(astuple(notice))), max_age=SECONDS)


def kept_notice(request: Request) -> Notice | None:
    """The notice that an answer before this one left; None for what isn't one of ours."""
    try:
        text, action, label = json.loads(unquote(request.cookies.get(cookie_name(NAME), "")))
        return Notice(str(text), str(action), str(label))
    except (TypeError, ValueError):
        return None


def forget_notice(request: Request) -> list[Cookie]:
    """What makes the browser say it only once."""
    return [expired_cookie(NAME)] if cookie_name(NAME) in request.cookies else []
