"""/admin/clinic/hours: each practitioner's ordinary week, and the days on which it is another one."""

from __future__ import annotations

from typing import Any

from litestar import Controller, Response, get, post

from app.accounts.guards import administrators_only
from app.accounts.viewer import Viewer
from app.clinic.clinic import ClinicSettings, renderer
from app.diary.days import day_named, shown_day, today_in
from app.diary.hours.absences import coming_absences
from app.diary.hours.changed_days import change_day, changed_days, restore_day
from app.diary.hours.everybody import hours_of_everybody
from app.diary.hours.forms import ChangedDayForm, WeekForm, typed_day
from app.diary.hours.weeks import (
    Named,
    StoredWeek,
    change_week,
    current_practitioner,
    places_to_work,
    stored_week,
)
from app.diary.hours.words import stretches_words, weekday_names
from app.i18n import gettext as _
from app.web.forms import FormState, blank, read_form
from app.web.pages import page, see_other
from app.web.request import Request

HOURS = "/admin/clinic/hours"


class HoursController(Controller):
    """*Hours*: who works when."""

    path = HOURS
    guards = (administrators_only,)

    @get()
    async def index(self, request: Request, clinic: ClinicSettings) -> Response[Any]:
        """Everybody's week in words."""
        return page(
            request,
            "diary/hours/hours.html",
            section="clinic",
            tab="hours",
            people=await hours_of_everybody(clinic),
        )

    @get("/{user_id:int}")
    async def show(self, request: Request, clinic: ClinicSettings, user_id: int) -> Response[Any]:
        """A practitioner's week as a form, changed days and leave."""
        stored = await stored_week(user_id)
        return await _week_page(request, clinic, user_id, blank(WeekForm, **_as_typed(stored)))

    @post("/{user_id:int}", status_code=200)
    async def change(
        self, request: Request, viewer: Viewer, clinic: ClinicSettings, user_id: int
    ) -> Response[Any]:
        """Store the week, or say next to each time why not."""
        await current_practitioner(user_id)
        form = await read_form(request, WeekForm)
        if await form.apply(change_week, user_id, by=viewer):
            return see_other(request, f"{HOURS}/{user_id}", notice=_("The week is saved."))
        stored = await stored_week(user_id)
        if form.data and form.data.version != stored.version:
            _show_both(form, stored, await places_to_work())
        return await _week_page(request, clinic, user_id, form)

    @get("/{user_id:int}/days/new")
    async def new_day(self, request: Request, user_id: int) -> Response[Any]:
        """An empty day."""
        return await _day_page(request, user_id, blank(ChangedDayForm))

    @post("/{user_id:int}/days", status_code=200)
    async def change_day(self, request: Request, viewer: Viewer, user_id: int) -> Response[Any]:
        """Give a day other hours."""
        await current_practitioner(user_id)
        form = await read_form(request, ChangedDayForm)
        if await form.apply(change_day, user_id, by=viewer):
            return see_other(request, f"{HOURS}/{user_id}", notice=_("The day is changed."))
        return await _day_page(request, user_id, form)

    @post("/{user_id:int}/days/{day_name:str}/removal")
    async def restore_day(
        self, request: Request, viewer: Viewer, clinic: ClinicSettings, user_id: int, day_name: str
    ) -> Response[Any]:
        """Leave the day to its ordinary hours."""
        await restore_day(user_id, day_named(day_name, renderer(clinic)), by=viewer)
        return see_other(request, f"{HOURS}/{user_id}", notice=_("The day has its ordinary hours again."))


def _as_typed(stored: StoredWeek) -> dict[str, Any]:
    typed: dict[str, Any] = {"version": stored.version}
    for weekday, stretches in stored.days.items():
        typed |= typed_day(stretches, f"_{weekday}")
    return typed


def _show_both(form: FormState[Any], stored: StoredWeek, places: list[Named]) -> None:
    """Somebody else saved meanwhile: keep what was typed, and say beside it what is stored where that differs."""
    theirs, names = _as_typed(stored), {place.id: place.name for place in places}
    for name in WeekForm.model_fields.keys() - {"version"}:
        shown = theirs.get(name)
        if str(form.values.get(name) or "") != str(shown or ""):
            shown = names.get(shown, shown) if isinstance(shown, int) else shown
            form.errors.setdefault(name, _("Now stored: {value}").format(value=shown or _("nothing")))
    form.values = {**form.values, "version": stored.version}


async def _week_page(
    request: Request, clinic: ClinicSettings, user: int, form: FormState[Any]
) -> Response[Any]:
    today, when = today_in(clinic), renderer(clinic)
    person = await current_practitioner(user)
    return page(
        request,
        "diary/hours/hours_of.html",
        "diary/hours/_week_form.html",
        status=form.status,
        section="clinic",
        form=form,
        person=person,
        weekdays=weekday_names(),
        places=await places_to_work(),
        changed=[
            (day, shown_day(day, today, when).title, stretches_words(stretches, when))
            for day, stretches in await changed_days(user, today)
        ],
        leave=await coming_absences(user, today, clinic),
    )


async def _day_page(request: Request, user: int, form: FormState[Any]) -> Response[Any]:
    return page(
        request,
        "diary/hours/changed_day.html",
        "diary/hours/_changed_day_form.html",
        status=form.status,
        section="clinic",
        form=form,
        person=await current_practitioner(user),
        places=await places_to_work(),
    )
