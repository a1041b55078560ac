"""What patients are told of their appointments: by which rules, what is due when, and what they have asked for."""

from __future__ import annotations

from datetime import time
from enum import StrEnum

from piccolo.columns import Boolean, ForeignKey, Integer, Serial, Text, Time, Varchar
from piccolo.table import Table

from app.db.columns import Moment
from app.diary.tables import AppointmentType
from app.messages.tables import Channel


class ReminderRule(Table):
    """What goes out by one channel for a type of appointment; for all types that have none of their own, without one.

    # rule: unique (type, channel), where no type counts as one.
    """

    id = Serial(primary_key=True)
    type = ForeignKey(AppointmentType, null=True, default=None)
    channel = Varchar(length=10, choices=Channel)
    confirms = Boolean(default=False, help_text="whether a booking is confirmed")
    leads = Varchar(length=60, help_text="minutes before the start, with spaces, longest first")
    confirmation_subject = Varchar(length=120, help_text="wordings are those of app.reminders.wording")
    confirmation_body = Text()
    reminder_subject = Varchar(length=120)
    reminder_body = Text()
    version = Integer(default=1)


class ReminderHours(Table):
    """When patients are left alone, by the clinic's wall clock. One row, whose id is 1."""

    id = Serial(primary_key=True)
    quiet_from = Time(default=time(20))
    quiet_until = Time(default=time(8), help_text="the next morning; the same as quiet_from: never quiet")
    version = Integer(default=1)


class ReminderState(StrEnum):
    """planned → posted → settled; or dropped, where it was no longer right when it was due."""

    PLANNED = "planned"
    POSTED = "posted"
    DROPPED = "dropped"


class Reminder(Table):
    """One message to be, or that was, about one time of one patient's appointment.

    Appointment and patient rather than an attendance, and without foreign keys: what is undone in the diary is gone
    there, and comes back with another id.
    # rule: unique (appointment, patient, channel, lead, starts_at) where it stands; index on (channel, due_at) where
    # rule: planned; on message; on token_hash.
    """

    id = Serial(primary_key=True)
    appointment = Integer()
    patient = Integer()
    channel = Varchar(length=10, choices=Channel)
    lead = Integer(help_text="minutes before the start; 0 is the booking's confirmation")
    starts_at = Moment(help_text="the time that it tells of")
    due_at = Moment()
    state = Varchar(length=10, default=ReminderState.PLANNED, choices=ReminderState)
    stands = Boolean(default=True, help_text="false once the patient was told of another time")
    message = Integer(null=True, default=None)
    token_hash = Varchar(length=64, help_text="of the link in the message; see app.accounts.tokens")


class ReminderWork(Table):
    """An appointment to look at anew, counted by triggers while there are rules. ``news`` is worth a confirmation.

    # rule: triggers on attendance, appointment and message fill it.
    """

    id = Serial(primary_key=True)
    appointment = Integer()
    patient = Integer(null=True, default=None, help_text="whom it concerns; null: everybody who comes")
    news = Boolean(default=False)


class CancelRequest(Table):
    """A patient has asked, by the link of a message, to cancel.

    # rule: unique (appointment, patient) while it is open.
    """

    id = Serial(primary_key=True)
    appointment = Integer()
    patient = Integer()
    asked_at = Moment()
    settled_at = Moment(null=True, default=None)
    settled_by = Integer(null=True, default=None, help_text="user id; null when it settled itself")
