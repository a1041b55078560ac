"""A practitioner's leave, and /admin/clinic/holidays: adding one lists who is booked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from typing import Any

from litestar import Controller, Response, get, post

from app.accounts.guards import administrators_only
from app.accounts.tokens import new_token
from app.accounts.viewer import Viewer
from app.clinic.clinic import ClinicSettings
from app.diary.days import today_in
from app.diary.hours.absences import (
    StoredAbsence,
    add_absence,
    change_absence,
    coming_absences,
    load_absence,
    remove_absence,
)
from app.diary.hours.bookings_missed import booked_in
from app.diary.hours.forms import AbsenceForm
from app.diary.hours.views.hours import HOURS
from app.diary.hours.weeks import current_practitioner
from app.i18n import gettext as _
from app.web.forms import FormState, blank, read_form
from app.web.pages import page, see_other
from app.web.request import Request

HOLIDAYS = "/admin/clinic/holidays"


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose absences: a practitioner's, or with neither id nor name the clinic's; ``path`` is where they are kept."""

    id: int | None
    name: str
    path: str
    back: str


async def leave_of(user: int) -> Whose:
    """A practitioner's. Raises NotFound."""
    person = await current_practitioner(user)
    return Whose(person.id, person.name, f"{HOURS}/{user}/leave", f"{HOURS}/{user}")


CLINIC = Whose(None, "", HOLIDAYS, HOLIDAYS)


class LeaveController(Controller):
    """A practitioner's leave."""

    path = f"{HOURS}/{{user_id:int}}/leave"
    guards = (administrators_only,)

    @get("/new")
    async def new(self, request: Request, user_id: int) -> Response[Any]:
        """An empty form."""
        return _form_page(request, await leave_of(user_id), blank(AbsenceForm, key=new_token()))

    @post(status_code=200)
    async def add(
        self, request: Request, viewer: Viewer, clinic: ClinicSettings, user_id: int
    ) -> Response[Any]:
        """Store it; first list who is booked."""
        return await _add(request, viewer, clinic, await leave_of(user_id))

    @get("/{absence_id:int}")
    async def show(
        self, request: Request, clinic: ClinicSettings, user_id: int, absence_id: int
    ) -> Response[Any]:
        """The leave, and who is booked all the same."""
        return await _show(request, clinic, await leave_of(user_id), absence_id)

    @post("/{absence_id:int}", status_code=200)
    async def change(
        self, request: Request, viewer: Viewer, clinic: ClinicSettings, user_id: int, absence_id: int
    ) -> Response[Any]:
        """Store what was typed."""
        return await _change(request, viewer, clinic, await leave_of(user_id), absence_id)

    @post("/{absence_id:int}/removal")
    async def remove(self, request: Request, viewer: Viewer, user_id: int, absence_id: int) -> Response[Any]:
        """Take it back."""
        await remove_absence(absence_id, user_id, by=viewer)
        return see_other(request, f"{HOURS}/{user_id}", notice=_("The leave is removed."))


class HolidayController(Controller):
    """*Holidays*: when the clinic is closed."""

    path = HOLIDAYS
    guards = (administrators_only,)

    @get()
    async def index(self, request: Request, clinic: ClinicSettings) -> Response[Any]:
        """Those that come."""
        return page(
            request,
            "diary/hours/holidays.html",
            section="clinic",
            tab="holidays",
            holidays=await coming_absences(None, today_in(clinic), clinic),
        )

    @get("/new")
    async def new(self, request: Request) -> Response[Any]:
        """An empty form."""
        return _form_page(request, CLINIC, blank(AbsenceForm, key=new_token()))

    @post(status_code=200)
    async def add(self, request: Request, viewer: Viewer, clinic: ClinicSettings) -> Response[Any]:
        """Store it; first list who is booked."""
        return await _add(request, viewer, clinic, CLINIC)

    @get("/{absence_id:int}")
    async def show(self, request: Request, clinic: ClinicSettings, absence_id: int) -> Response[Any]:
        """The holiday, and who is booked all the same."""
        return await _show(request, clinic, CLINIC, absence_id)

    @post("/{absence_id:int}", status_code=200)
    async def change(
        self, request: Request, viewer: Viewer, clinic: ClinicSettings, absence_id: int
    ) -> Response[Any]:
        """Store what was typed."""
        return await _change(request, viewer, clinic, CLINIC, absence_id)

    @post("/{absence_id:int}/removal")
    async def remove(self, request: Request, viewer: Viewer, absence_id: int) -> Response[Any]:
        """Take it back."""
        await remove_absence(absence_id, None, by=viewer)
        return see_other(request, HOLIDAYS, notice=_("The holiday is removed."))


async def _add(request: Request, viewer: Viewer, clinic: ClinicSettings, whose: Whose) -> Response[Any]:
    form = await read_form(request, AbsenceForm)
    if absence := await form.apply(add_absence, whose.id, clinic, by=viewer):
        notice = _("The holiday is added.") if whose.id is None else _("The leave is added.")
        people_wait = form.data and form.data.meant
        return see_other(request, f"{whose.path}/{absence}" if people_wait else whose.back, notice=notice)
    return _form_page(request, whose, form)


async def _show(request: Request, clinic: ClinicSettings, whose: Whose, absence: int) -> Response[Any]:
    stored = await load_absence(absence, whose.id)
    return await _stored_page(request, clinic, whose, stored, blank(AbsenceForm, **_as_typed(stored)))


async def _change(
    request: Request, viewer: Viewer, clinic: ClinicSettings, whose: Whose, absence: int
) -> Response[Any]:
    form = await read_form(request, AbsenceForm)
    if await form.apply(change_absence, absence, whose.id, clinic, by=viewer):
        return see_other(request, f"{whose.path}/{absence}", notice=_("It is saved."))
    stored = await load_absence(absence, whose.id)
    if form.data and form.data.version != stored.version:
        _show_both(form, stored)
    return await _stored_page(request, clinic, whose, stored, form)


def _as_typed(stored: StoredAbsence) -> dict[str, Any]:
    whole = stored.starts == stored.ends == time()
    return {
        "name": stored.name,
        "first_day": str(stored.first_day),
        "last_day": str(stored.last_day),
        "starts": "" if whole else f"{stored.starts:%H:%M}",
        "ends": "" if whole else f"{stored.ends:%H:%M}",
        "version": stored.version,
    }


def _show_both(form: FormState[AbsenceForm], stored: StoredAbsence) -> None:
    """Somebody else saved meanwhile: keep what was typed, and say beside it what is stored where that differs."""
    theirs = _as_typed(stored)
    version = theirs.pop("version")
    for name, shown in theirs.items():
        if str(form.values.get(name) or "") != shown:
            form.errors.setdefault(name, _("Now stored: {value}").format(value=shown or _("nothing")))
    form.values = {**form.values, "version": version}


async def _stored_page(
    request: Request,
    clinic: ClinicSettings,
    whose: Whose,
    stored: StoredAbsence,
    form: FormState[AbsenceForm],
) -> Response[Any]:
    return _form_page(request, whose, form, stored, await booked_in(stored.time, clinic))


def _form_page(
    request: Request,
    whose: Whose,
    form: FormState[AbsenceForm],
    stored: StoredAbsence | None = None,
    booked: Any = (),
) -> Response[Any]:
    return page(
        request,
        "diary/hours/absence.html",
        "diary/hours/_absence_form.html",
        status=form.status,
        section="clinic",
        form=form,
        whose=whose,
        stored=stored,
        booked=booked,
    )
