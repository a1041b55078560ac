"""Booking something repeatedly: all its times are shown and decided about, and then written down as one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from app.accounts.viewer import Viewer
from app.audit.record import record
from app.clinic.clinic import ClinicSettings, renderer
from app.clock import local_day, now
from app.db import rows
from app.db.faults import SlotTaken
from app.db.once import KeyReused, once
from app.diary.booking.booking import already_booked, kind_of, require_patients
from app.diary.booking.choices import place_of
from app.diary.booking.forms import BlockForm, BookingForm
from app.diary.changes.changes import Done, remember, require_keeper
from app.diary.changes.untold import note_new
from app.diary.hours.employed import stay_employed
from app.diary.patients.newcomers import patient_of, require_patient
from app.diary.series.occurrences import Lasts, planned
from app.diary.series.recurrence import Rule
from app.diary.series.reviews import Review, Undecided, review_of
from app.diary.tables import Appointment, Attendance, Series
from app.diary.versions import bump, days_touched
from app.errors import Conflict, Invalid
from app.i18n import gettext as _
from app.i18n import ngettext


@dataclass(frozen=True, slots=True)
class Repeated:
    """What is at every time of a series: an appointment has a type, a block a title."""

    practitioner: int
    notes: str
    type: int | None = None
    title: str = ""
    location: int | None = None
    room: int | None = None
    patient: int | None = None


async def book_series(form: BookingForm, clinic: ClinicSettings, *, by: Viewer) -> Done:
    """Book what the form says at all its times, once for its key.

    Raises Undecided until all have been seen and decided about, and again when that has changed meanwhile; Invalid,
    AlreadyBooked; NotFound and Forbidden for a diary that ``by`` doesn't keep.
    """
    kind = await kind_of(form.type)
    if not form.reviewed:  # later it may be the patient whom this form has made
        await require_patient(form, clinic, by=by)
    require_patients(1 if form.patient or form.new_name else 0, kind["capacity"])

    async def what() -> Repeated:
        patient = await patient_of(form, clinic, by=by)
        location, room = await place_of(form.location, form.room)
        return Repeated(form.practitioner, form.notes, form.type, "", location, room, patient)

    lasts = Lasts(timedelta(minutes=kind["minutes"]), by_clock=False)
    try:
        return await _repeat(form, form.room, lasts, what, clinic, by=by)
    except KeyReused as reused:
        raise await already_booked(int(reused.result.split()[0]), clinic) from None


async def block_series(form: BlockForm, clinic: ClinicSettings, *, by: Viewer) -> Done:
    """The same for time without patients, which needs no working hours."""

    async def what() -> Repeated:
        return Repeated(form.practitioner, form.notes, title=form.title)

    try:
        return await _repeat(form, None, Lasts(form.length(), by_clock=True), what, clinic, by=by)
    except KeyReused:
        raise Conflict(
            _("This form has blocked another time already. Save again to block this as well.")
        ) from None


async def _repeat(
    form: BookingForm | BlockForm,
    room: int | None,
    lasts: Lasts,
    what: Callable[[], Awaitable[Repeated]],
    clinic: ClinicSettings,
    *,
    by: Viewer,
) -> Done:
    require_keeper(form.practitioner, clinic, by=by)
    rule = form.rule(form.day)
    plan = [
        planned(str(day), day, form.time, lasts, clinic.zone, practitioner=form.practitioner, room=room)
        for day in rule.days()
    ]

    async def review() -> Review:
        return await review_of(plan, form.decisions, clinic, by=by, hours=not lasts.by_clock)

    if not form.reviewed:
        raise Undecided(await review())
    asked_for = form.model_dump(mode="json", exclude={"key"})
    try:
        async with once(form.key, asked_for, actor=f"user:{by.user}") as earlier:
            if earlier.result is None:
                current = await review()
                if current.open:
                    raise Undecided(current)
                if not current.kept:
                    raise Invalid(_("Every date is left out, so there is nothing to save."))
                earlier.remember(await _write_down(current, rule, await what(), clinic, by=by))
            appointment, change = (int(number) for number in (earlier.result or earlier.new or "").split())
    except SlotTaken:  # since it was looked at: look again
        raise Undecided(await review()) from None
    return await _done(appointment, change, clinic)


async def _write_down(
    review: Review, rule: Rule, what: Repeated, clinic: ClinicSettings, *, by: Viewer
) -> str:
    """Write the series, in the caller's transaction; its first appointment and the change's number, as text."""
    await stay_employed(what.practitioner)
    at = now()
    made = await Series.insert(Series(first=rule.first, rule=rule.text(), created_by=by.user, created_at=at))
    series = int(made[0]["id"])
    # Whoever is double-booked on purpose comes last: whom they overlap isn't.
    await Appointment.insert(
        *(
            Appointment(
                practitioner=what.practitioner,
                type=what.type,
                title=what.title,
                location=what.location,
                room=what.room,
                starts_at=item.chosen.wanted.starts_at,
                ends_at=item.chosen.wanted.ends_at,
                forced=item.forced,
                series=series,
                due_at=item.planned.due_at,
                notes=what.notes,
                created_by=by.user,
                created_at=at,
            )
            for item in sorted(review.kept, key=lambda item: item.forced)
            if item.chosen
        )
    )
    booked = await rows(
        "SELECT id, starts_at, ends_at, forced FROM appointment WHERE series = {} ORDER BY starts_at, id",
        series,
    )
    if what.patient is not None:
        await _attend(what.patient, [row["id"] for row in booked])
    await bump(
        *(
            (what.practitioner, day)
            for row in booked
            for day in days_touched(row["starts_at"], row["ends_at"], clinic.zone)
        )
    )
    spans = {row["id"]: (row["starts_at"], row["ends_at"]) for row in booked}
    await note_new(what.practitioner, spans, clinic, by=by)
    await record(
        "series.booked", actor=by.user, subject="series", subject_id=series, appointments=len(booked)
    )
    action, change = "appointment.booked" if what.type else "block.added", None
    for row in booked:
        await record(
            action,
            actor=by.user,
            subject="appointment",
            subject_id=row["id"],
            series=series,
            **({"forced": True} if row["forced"] else {}),
        )
        number = await remember(row["id"], 1, None, by=by, batch=change)
        change = change or number
    return f"{booked[0]['id']} {change}"


async def _attend(patient: int, appointments: list[int]) -> None:
    """Have the patient come to all of them; to the first as a new patient if they never came before."""
    known = await rows("SELECT id FROM attendance WHERE patient = {} LIMIT 1", patient)
    await Attendance.insert(
        *(
            Attendance(appointment=appointment, patient=patient, new_patient=first and not known)
            for first, appointment in (
                (appointment == appointments[0], appointment) for appointment in appointments
            )
        )
    )


async def _done(appointment: int, change: int, clinic: ClinicSettings) -> Done:
    found = await rows(
        """
        SELECT a.starts_at, (SELECT count(*) FROM appointment b WHERE b.series = a.series) AS times
        FROM appointment a WHERE a.id = {}
        """,
        appointment,
    )
    if not found:
        raise Conflict(_("This form has been used before, and what it booked was taken out again."))
    starts_at, times, when = found[0]["starts_at"], found[0]["times"], renderer(clinic)
    text = ngettext("Saved once, on {day}, {time}.", "Saved {n} times, from {day}, {time} on.", times)
    says = text.format(n=times, day=when.day_short(starts_at), time=when.time(starts_at))
    return Done(appointment, local_day(starts_at, clinic.zone), says, change)
