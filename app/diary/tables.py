"""What the diary is made of: patients, appointment types, hours, appointments and who attends them."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from piccolo.columns import Boolean, Date, ForeignKey, Integer, Serial, Text, Time, Varchar
from piccolo.table import Table

from app.accounts.tables import User
from app.clinic.tables import Location, Room
from app.db.columns import Moment


class Status(StrEnum):
    """booked → confirmed → arrived → in session → completed; or did not attend, cancelled, late cancelled."""

    BOOKED = "booked"
    CONFIRMED = "confirmed"
    ARRIVED = "arrived"
    IN_SESSION = "in_session"
    COMPLETED = "completed"
    DID_NOT_ATTEND = "did_not_attend"
    CANCELLED = "cancelled"
    LATE_CANCELLED = "late_cancelled"


class Patient(Table):
    """A person who is treated. # rule: index on search; index on created_by where not null; on mobile."""

    id = Serial(primary_key=True)
    name = Varchar(length=80)
    preferred_name = Varchar(length=40)
    search = Varchar(length=400, help_text="the name as lists are ordered by it; see app.text.searchable")
    date_of_birth = Date(null=True, default=None)
    mobile = Varchar(length=20)
    phone = Varchar(length=20)
    email = Varchar(length=254)
    alert = Varchar(
        length=200, help_text="what everybody who treats the person must know, e.g. latex allergy"
    )
    notes = Text()
    no_emails = Boolean(default=False, help_text="wants no e-mails about appointments")
    no_texts = Boolean(default=False, help_text="wants no texts about appointments")
    created_by = Integer(null=True, default=None, help_text="user id; null when by command")
    created_at = Moment()
    version = Integer(default=1)


class PatientWord(Table):
    """What a patient is found by: a word of the name, a phone number's digits, the date of birth.

    # rule: index on (word, patient), in the order of bytes, which is that of prefixes; index on patient.
    """

    id = Serial(primary_key=True)
    patient = ForeignKey(Patient)
    word = Varchar(length=80, help_text="see app.diary.patients.words")


class AppointmentType(Table):
    """What kind of appointment: its colour, how long it takes and how many can attend."""

    id = Serial(primary_key=True)
    name = Varchar(length=60)
    colour = Integer(help_text="1 to 10, a type fill of the design tokens")
    minutes = Integer(default=30)
    capacity = Integer(default=1)
    active = Boolean(default=True)
    position = Integer(default=0)
    version = Integer(default=1)


class WorkingHours(Table):
    """A stretch of a practitioner's ordinary week, in the clinic's wall time.

    # rule: index on (practitioner, weekday).
    """

    id = Serial(primary_key=True)
    practitioner = ForeignKey(User)
    location = ForeignKey(Location, null=True, default=None)
    since = Date(
        default=date(1970, 1, 1),
        help_text="since when this week counts; see app.diary.days.SINCE_EVER",
    )
    weekday = Integer(help_text="Monday is 0")
    starts = Time(default=None)
    ends = Time(default=None)


class HoursVersion(Table):
    """An ordinary week of a practitioner, which counts until the next one does; without hours it is worked on no day.

    How often it was changed by its form: a form says at which version it was read. The one that counts since ever
    may be without a row. # rule: unique (practitioner, since).
    """

    id = Serial(primary_key=True)
    practitioner = ForeignKey(User)
    since = Date(default=date(1970, 1, 1), help_text="as in WorkingHours")
    version = Integer(default=1)


class ChangedHours(Table):
    """A stretch of a single day that replaces the practitioner's ordinary hours of that day.

    # rule: index on day; index on (practitioner, day).
    """

    id = Serial(primary_key=True)
    practitioner = ForeignKey(User)
    location = ForeignKey(Location, null=True, default=None)
    day = Date(default=None)
    starts = Time(default=None)
    ends = Time(default=None)


class Absence(Table):
    """Days on which a practitioner is on leave, or the whole clinic is closed; or a part of one day.

    # rule: index on last_day.
    """

    id = Serial(primary_key=True)
    practitioner = ForeignKey(User, null=True, default=None, help_text="null: everybody, a clinic's holiday")
    name = Varchar(length=80, help_text="what it is: annual leave, training, Christmas Day")
    first_day = Date(default=None)
    last_day = Date(default=None)
    starts = Time(default=None, help_text="of each day, by the wall clock; 00:00 to 00:00 is the whole day")
    ends = Time(default=None)
    created_by = Integer(null=True, default=None, help_text="user id; null when by command")
    created_at = Moment()
    version = Integer(default=1)


class Series(Table):
    """What several appointments or blocks were booked as, and never changes: what becomes of each is its own."""

    id = Serial(primary_key=True)
    first = Date(help_text="the day from which on the rule counts, in the clinic's zone")
    rule = Varchar(length=200, help_text="an RRULE of RFC 5545; see app.diary.series.recurrence")
    created_by = Integer(null=True, default=None, help_text="user id")
    created_at = Moment()


class Appointment(Table):
    """A practitioner's time. With a type it is an appointment; without one it is a block, and has a title.

    It occupies its time unless ``status`` is cancelled or late cancelled; a hold occupies until ``held_until``.
    # rule: index on (practitioner, starts_at); index on (room, starts_at) where room is not null; index on starts_at;
    # rule: index on series where not null; ends_at > starts_at (trigger or CHECK).
    # rule: no two occupying rows of one practitioner overlap, nor of one room that isn't shared, unless the row being
    # rule: written is forced: DESIGN §4. Refusal's message begins with daybook:slot-taken:practitioner or :room.
    """

    id = Serial(primary_key=True)
    practitioner = ForeignKey(User)
    type = ForeignKey(AppointmentType, null=True, default=None)
    title = Varchar(length=80, help_text="a block's name: lunch, meeting, leave")
    location = ForeignKey(Location, null=True, default=None)
    room = ForeignKey(Room, null=True, default=None)
    starts_at = Moment()
    ends_at = Moment()
    status = Varchar(length=15, default=Status.BOOKED, choices=Status)
    forced = Boolean(default=False, help_text="double-booked on purpose")
    held_until = Moment(null=True, default=None, help_text="a hold: lapses by itself at this time")
    booked_online = Boolean(default=False)
    series = ForeignKey(Series, null=True, default=None)
    due_at = Moment(null=True, default=None, help_text="when its series has it, wherever it was moved alone")
    notes = Text()
    created_by = Integer(null=True, default=None)
    created_at = Moment()
    version = Integer(default=1)


class Attendance(Table):
    """One patient at one appointment. # rule: unique (appointment, patient); index on patient."""

    id = Serial(primary_key=True)
    appointment = ForeignKey(Appointment)
    patient = ForeignKey(Patient)
    status = Varchar(length=15, default=Status.BOOKED, choices=Status)
    reason = Varchar(length=200, help_text="why it was cancelled or not attended")
    new_patient = Boolean(default=False, help_text="the patient's first appointment")
    told = Integer(default=0, help_text="what the patient was told and has answered; see app.diary.told")


class DayVersion(Table):
    """How often a practitioner's day has changed; part of a view's tag. # rule: unique (practitioner, day)."""

    id = Serial(primary_key=True)
    practitioner = ForeignKey(User)
    day = Date(help_text="in the clinic's zone")
    version = Integer(default=1)


class DiarySetup(Table):
    """How often what every day is drawn with has changed: people, hours, types, places. One row, counted by triggers.

    # rule: counted by triggers on staff_user, working_hours, hours_version, changed_hours, absence, appointment_type,
    # rule: room, location.
    """

    id = Serial(primary_key=True)
    version = Integer(default=1)


class DiaryPreference(Table):
    """How a user likes the diary; who has none likes it as it comes. # rule: unique user."""

    id = Serial(primary_key=True)
    user = ForeignKey(User)
    column_order = Text(help_text="practitioners' ids with spaces, first to last; others follow by name")
    hidden = Text(help_text="ids of the practitioners without a column")
    show_cancelled = Boolean(default=False)
    keys = Boolean(default=True, help_text="whether single keys do what links do")


class DiaryChange(Table):
    """A change of an appointment that whoever made it may still undo, with the appointment as it was before.

    What it was may hold a patient's notes: rows are gone soon after they can no longer be undone.
    """

    id = Serial(primary_key=True)
    appointment = Integer()
    actor = Integer(help_text="user id")
    changed_at = Moment(index=True)
    version = Integer(help_text="the appointment's version after the change")
    before = Text(
        null=True, default=None, help_text="JSON of app.diary.changes.snapshots; null when it was only made"
    )
    batch = Integer(
        null=True, default=None, index=True, help_text="the first of the changes it was made with, as one"
    )


class UntoldChanges(Table):
    """What others have changed in a practitioner's diary since its owner was last told; gone once they are.

    ``known`` holds of each such appointment what the owner knew of it: ids and times, no names and no notes.
    """

    id = Serial(primary_key=True)
    practitioner = ForeignKey(User, unique=True)
    changed_at = Moment(index=True, help_text="the last of the changes")
    known = Text(help_text="JSON of app.diary.changes.untold, by the appointments' ids")
