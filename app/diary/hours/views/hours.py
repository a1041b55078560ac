"""/admin/clinic/hours: each practitioner's ordinary week, and the days on which it is another one."""

from __future__ import annotations

from datetime import date
from typing import Any

from litestar import Controller, Response, get, post

from app.accounts.guards import administrators_only
from app.accounts.viewer import Viewer
from app.clinic.clinic import ClinicSettings, renderer
from app.diary.days import SINCE_EVER, day_named, shown_day, today_in
from app.diary.hours.absences import coming_absences
from app.diary.hours.changed_days import change_day, changed_days, restore_day
from app.diary.hours.day_fields import shown_breaks, typed_day
from app.diary.hours.everybody import hours_of_everybody
from app.diary.hours.forms import WEEKDAYS, ChangedDayForm, WeekForm
from app.diary.hours.weeks import (
    Named,
    StoredWeek,
    change_week,
    current_practitioner,
    places_to_work,
    remove_week,
    stored_weeks,
    week_on,
)
from app.diary.hours.weeks_list import listed_weeks
from app.diary.hours.words import stretches_words, weekday_names
from app.diary.stale import Stale
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
        """The week that counts today as a form, other weeks, changed days and leave."""
        today = today_in(clinic)
        week = week_on(await stored_weeks(user_id), today)
        return await _week_page(request, clinic, user_id, blank(WeekForm, **_as_typed(week, today)))

    @get("/{user_id:int}/weeks/{day_name:str}")
    async def show_week(
        self, request: Request, clinic: ClinicSettings, user_id: int, day_name: str
    ) -> Response[Any]:
        """The same with the week that counts that day."""
        week = week_on(await stored_weeks(user_id), day_named(day_name, renderer(clinic)))
        typed = _as_typed(week, today_in(clinic))
        return await _week_page(request, clinic, user_id, blank(WeekForm, **typed))

    @post("/{user_id:int}/weeks/{day_name:str}/removal")
    async def remove_week(
        self, request: Request, viewer: Viewer, clinic: ClinicSettings, user_id: int, day_name: str
    ) -> Response[Any]:
        """Have the week before it go on."""
        await remove_week(user_id, day_named(day_name, renderer(clinic)), clinic, by=viewer)
        return see_other(request, f"{HOURS}/{user_id}", notice=_("The week is removed."))

    @post("/{user_id:int}", status_code=200)
    async def change(
        self, request: Request, viewer: Viewer, clinic: ClinicSettings, user_id: int
    ) -> Response[Any]:
        """Store the week, or say next to each time why not."""
        await current_practitioner(user_id)
        form = await read_form(request, WeekForm)
        if form.values.get("more"):
            return await _week_page(request, clinic, user_id, blank(WeekForm, **form.values))
        if await form.apply(change_week, user_id, clinic, by=viewer):
            return see_other(request, f"{HOURS}/{user_id}", notice=_("The week is saved."))
        if form.data and isinstance(form.refusal, Stale):
            weeks = await stored_weeks(user_id)
            _show_both(form, week_on(weeks, form.data.of), await places_to_work())
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
        if form.values.get("more"):
            return await _day_page(request, user_id, blank(ChangedDayForm, **form.values))
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


def _as_typed(stored: StoredWeek, today: date) -> dict[str, Any]:
    """A week that counts already is changed from today on, so that the days before keep it, unless it is the first."""
    begun = stored.since <= today
    since = str(today if begun else stored.since) if stored.days or stored.since != SINCE_EVER else ""
    return {"version": stored.version, "of": str(stored.since), "since": since, **_days_as_typed(stored)}


def _days_as_typed(stored: StoredWeek) -> dict[str, Any]:
    typed: dict[str, Any] = {}
    for weekday, stretches in stored.days.items():
        typed |= typed_day(stretches, f"_{weekday}")
    return typed


def _show_both(form: FormState[Any], stored: StoredWeek, places: list[Named]) -> None:
    """Somebody else saved meanwhile: keep what was typed, and say beside it what is stored where that differs."""
    theirs, names = _days_as_typed(stored), {place.id: place.name for place in places}
    for name in WeekForm.model_fields.keys() - {"version", "of", "since"}:
        shown = theirs.get(name)
        if str(form.values.get(name) or "") != str(shown or ""):
            shown = names.get(shown, shown) if isinstance(shown, int) else shown
            form.errors.setdefault(name, _("Now stored: {value}").format(value=shown or _("nothing")))
    form.values = {**form.values, "version": stored.version, "of": str(stored.since)}


async def _week_page(
    request: Request, clinic: ClinicSettings, user: int, form: FormState[Any]
) -> Response[Any]:
    today, when = today_in(clinic), renderer(clinic)
    person = await current_practitioner(user)
    weeks = await listed_weeks(user, clinic)
    known = {str(week.since) for week in weeks}
    of = form.values["of"] if form.values.get("of") in known else str(SINCE_EVER)
    return page(
        request,
        "diary/hours/hours_of.html",
        "diary/hours/_week_form.html",
        status=form.status,
        section="clinic",
        form=form,
        person=person,
        weekdays=weekday_names(),
        breaks=[shown_breaks(form.values, form.errors, f"_{weekday}") for weekday in WEEKDAYS],
        places=await places_to_work(),
        week=next(week for week in weeks if str(week.since) == of),
        other_weeks=[week for week in weeks if str(week.since) != of],
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
        breaks=shown_breaks(form.values, form.errors),
        places=await places_to_work(),
    )
