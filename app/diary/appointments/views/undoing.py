"""/diary/changes/…: one's own last change, to be undone."""

from __future__ import annotations

from typing import Any

from litestar import Controller, Response, post

from app.accounts.guards import who_knows_names
from app.accounts.viewer import Viewer
from app.clinic.clinic import ClinicSettings
from app.diary.changes.changes import day_of
from app.diary.changes.forms import UndoForm
from app.diary.changes.undo import undo
from app.diary.changes.views import OPENED, diary_anew
from app.diary.pages.views.addresses import layout_for
from app.diary.slots.conflicts import TimeRefused
from app.i18n import gettext as _
from app.web.forms import read_form
from app.web.notices import Notice
from app.web.pages import page
from app.web.request import Request


class ChangeController(Controller):
    """One's own last change."""

    path = "/diary/changes/{change:int}"
    guards = [who_knows_names]

    @post("/undo")
    async def undo(
        self, request: Request, viewer: Viewer, clinic: ClinicSettings, change: int
    ) -> Response[Any]:
        """Put back what was before; or say what is free instead of its time."""
        form = await read_form(request, UndoForm)
        if before := await form.apply(undo, change, clinic, by=viewer):
            return diary_anew(request, viewer, day_of(before, clinic), Notice(_("Undone.")))
        if form.refusal and not isinstance(form.refusal, TimeRefused):
            raise form.refusal
        return page(
            request,
            "diary/changes/undo.html",
            "diary/changes/_undo_dialog.html",
            status=form.status,
            headers=OPENED,
            section="diary",
            layout=layout_for(viewer),
            over_diary=request.is_partial,
            form=form,
            change=change,
        )
