"""/admin/audit: what was done by whom, to be looked through and taken along."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import urlencode

from litestar import Controller, Response, get
from litestar.params import Parameter
from litestar.response import Stream

from app.accounts.guards import administrators_only
from app.accounts.user_list import staff_names
from app.accounts.viewer import Viewer
from app.audit.words import action_groups
from app.clinic.clinic import ClinicSettings
from app.clock import local_day, now
from app.oversight.entries import EntryPage, choices, read_entries
from app.oversight.export import exported, note_export
from app.oversight.forms import NOBODY, EntryFilter
from app.web.forms import read_query
from app.web.pages import page, see_other
from app.web.request import Request

LARGEST_ID = 2**63 - 1
Id = Annotated[int | None, Parameter(ge=1, le=LARGEST_ID)]


class AuditController(Controller):
    """*Audit*: the record, newest first."""

    path = "/admin/audit"
    guards = (administrators_only,)

    @get()
    async def index(self, request: Request, clinic: ClinicSettings, before: Id = None) -> Response[Any]:
        """What is looked for; ``before`` goes on behind that entry."""
        form, people = read_query(request, EntryFilter), await staff_names()
        found = await read_entries(form.data, clinic, people, before=before) if form.data else EntryPage()
        given = form.data.given if form.data else {}
        return page(
            request,
            "oversight/audit.html",
            "oversight/_entry_rows.html" if before else "oversight/_entries.html",
            status=form.status,
            section="audit",
            form=form,
            found=found,
            before=before,
            people=people,
            nobody=NOBODY,
            groups=action_groups(),
            actions=choices(),
            export="/admin/audit/export?" + urlencode(given),
            older="/admin/audit?" + urlencode({**given, "before": found.older}) if found.older else "",
        )

    @get("/export")
    async def export(self, request: Request, viewer: Viewer, clinic: ClinicSettings) -> Response[Any]:
        """The same as a file, of all that is looked for."""
        form = read_query(request, EntryFilter)
        if form.data is None:
            return see_other(request, "/admin/audit")
        await note_export(form.data, by=viewer)
        name = f"audit-{local_day(now(), clinic.zone)}.csv"
        return Stream(
            exported(form.data, clinic, await staff_names()),
            media_type="text/csv",
            headers={"content-disposition": f'attachment; filename="{name}"'},
        )
