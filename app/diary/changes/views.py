"""What follows a change of the diary: its page anew, with what was done and the way to undo it."""

from __future__ import annotations

from datetime import date
from typing import Any

from litestar import Response

from app.accounts.viewer import Viewer
from app.diary.changes.changes import Done
from app.i18n import gettext as _
from app.web.notices import Notice
from app.web.pages import page, see_other
from app.web.request import Request

# What was opened over the diary makes room for the answer, and the diary fetches itself as it now is.
OPENED = {"hx-retarget": "#opened", "hx-reswap": "innerHTML swapEmpty:true"}
OVER_THE_DIARY = {**OPENED, "hx-trigger": '{"stale": {"target": "#diary-page"}}'}


def day_page(viewer: Viewer, day: date) -> str:
    """Where the viewer sees that day."""
    return f"/m/day/{day}" if viewer.on_phone else f"/diary/day/{day}"


def notice_of(done: Done) -> Notice:
    """What was done, with the button that undoes it."""
    return Notice(done.says, f"/diary/changes/{done.change}/undo" if done.change else "", _("Undo"))


def changed(request: Request, viewer: Viewer, done: Done) -> Response[Any]:
    """Over the diary: what was opened closes and the diary is shown as it now is. Else: on to the day's page."""
    return diary_anew(request, viewer, done.day, notice_of(done))


def diary_anew(request: Request, viewer: Viewer, day: date, notice: Notice) -> Response[Any]:
    """The same for what can't be undone."""
    if not request.is_partial:
        return see_other(request, day_page(viewer, day), notice=notice)
    return page(request, "diary/changes/_said.html", headers=OVER_THE_DIARY, said=notice)
