"""Putting time without patients into the diary: lunch, a meeting, leave."""

from __future__ import annotations

from app.accounts.viewer import Viewer
from app.audit.record import record
from app.clinic.clinic import ClinicSettings, renderer
from app.clock import local_day, now
from app.db.once import KeyReused, once
from app.diary.booking.forms import BlockForm
from app.diary.changes.changes import Done, remember, require_keeper
from app.diary.changes.untold import note_new
from app.diary.hours.employed import stay_employed
from app.diary.slots.conflicts import refusals_told, unless_taken
from app.diary.slots.slots import Wanted
from app.diary.tables import Appointment
from app.diary.versions import bump, days_touched
from app.errors import Conflict
from app.i18n import gettext as _


async def block_time(form: BlockForm, clinic: ClinicSettings, *, by: Viewer) -> Done:
    """Block what the form says, once for its key. Raises TimeRefused, Invalid, Conflict; NotFound and Forbidden."""
    starts_at, ends_at = form.span(clinic.zone)
    require_keeper(form.practitioner, clinic, by=by)
    wanted = Wanted(form.practitioner, starts_at, ends_at)

    async def attempt(forced: bool) -> int:
        created = await Appointment.insert(
            Appointment(
                practitioner=form.practitioner,
                title=form.title,
                starts_at=starts_at,
                ends_at=ends_at,
                forced=forced,
                notes=form.notes,
                created_by=by.user,
                created_at=now(),
            )
        )
        block = int(created[0]["id"])
        on_purpose = {"forced": True} if forced else {}
        await record("block.added", actor=by.user, subject="appointment", subject_id=block, **on_purpose)
        return block

    asked_for = form.model_dump(mode="json", exclude={"key"})
    try:
        async with (
            refusals_told(wanted, clinic),
            once(form.key, asked_for, actor=f"user:{by.user}") as earlier,
        ):
            if earlier.result is None:
                await stay_employed(form.practitioner)
                block = await unless_taken(attempt, form.despite)
                days = days_touched(starts_at, ends_at, clinic.zone)
                await bump(*((form.practitioner, day) for day in days))
                await note_new(form.practitioner, {block: (starts_at, ends_at)}, clinic, by=by)
                change = await remember(block, 1, None, by=by)
                earlier.remember(f"{block} {change}")
            else:
                block, change = (int(number) for number in earlier.result.split())
    except KeyReused:
        raise Conflict(
            _("This form has blocked another time already. Save again to block this as well.")
        ) from None
    when = renderer(clinic)
    says = _("Blocked on {day}, {time}.").format(day=when.day_short(starts_at), time=when.time(starts_at))
    return Done(block, local_day(starts_at, clinic.zone), says, change)
