"""Patients of the demo who were reminded: by them the diary's badges and the list of messages come alive."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any, NamedTuple

from app.accounts.tokens import token_hash
from app.clock import day_window, local_day, now
from app.db import execute, rows, write
from app.demo.files import ZONE
from app.diary.tables import Status
from app.diary.told import Told
from app.messages.compose import Purpose
from app.messages.tables import Channel, Message, MessageState
from app.reminders import defaults
from app.reminders.forms import RuleForm
from app.reminders.quiet import QuietHours, load_quiet_hours
from app.reminders.rules import save_rule
from app.reminders.tables import CancelRequest, Reminder, ReminderState
from app.reminders.timing import reminder_due

DAYS_AHEAD = 2
AT_ONCE = 100  # rows in one statement
LINK = "demo"
"""The token of one link, so that the page behind it can be looked at: /a/demo."""


class Sent(NamedTuple):
    """A reminder as it went."""

    row: dict[str, Any]
    channel: Channel
    lead: int
    due_at: datetime
    arrived: bool


async def remind(*, by: int, random: Random) -> None:
    """Rules in the usual words, and what they would have sent by now about the next days' appointments."""
    for channel, leads in defaults.USUAL_LEADS.items():
        await save_rule(_rule(channel, leads[0]), None, channel, by=by)
    start, _end = day_window(local_day(now(), ZONE), ZONE)
    attended = await rows(
        """
        SELECT s.id, s.appointment, s.patient, s.status, a.starts_at, p.email, p.mobile
        FROM attendance s JOIN appointment a ON a.id = s.appointment JOIN patient p ON p.id = s.patient
        WHERE a.starts_at >= {} AND a.starts_at < {} AND s.status NOT IN ('cancelled', 'late_cancelled')
        ORDER BY a.starts_at, s.id
        """,
        start,
        start + timedelta(days=1 + DAYS_AHEAD),
    )
    quiet = await load_quiet_hours(ZONE)
    sent = sorted((one for row in attended for one in _sent(row, quiet, random)), key=lambda one: one.due_at)
    async with write():
        for first in range(0, len(sent), AT_ONCE):
            await _store(sent[first : first + AT_ONCE])
        await _note(sent, random)
        await _ask_to_cancel(attended)


def _rule(channel: Channel, lead: int) -> RuleForm:
    confirmation, reminder = defaults.confirmation(channel), defaults.reminder(channel)
    return RuleForm(
        channel=channel,
        confirms=channel is Channel.EMAIL,
        first=lead,
        confirmation_subject=confirmation.subject,
        confirmation_body=confirmation.body,
        reminder_subject=reminder.subject,
        reminder_body=reminder.body,
    )


def _sent(row: dict[str, Any], quiet: QuietHours, random: Random) -> Iterator[Sent]:
    for channel, (lead, *_others) in defaults.USUAL_LEADS.items():
        due_at = reminder_due(row["starts_at"], lead, quiet)
        if row["email" if channel is Channel.EMAIL else "mobile"] and due_at <= now():
            yield Sent(row, channel, lead, due_at, random.random() < 0.95)


async def _store(sent: Sequence[Sent]) -> None:
    created = await Message.insert(*(_message(one) for one in sent))
    messages = sorted(row["id"] for row in created)
    await Reminder.insert(
        *(
            Reminder(
                appointment=one.row["appointment"],
                patient=one.row["patient"],
                channel=one.channel,
                lead=one.lead,
                starts_at=one.row["starts_at"],
                due_at=one.due_at,
                state=ReminderState.POSTED,
                message=message,
            )
            for one, message in zip(sent, messages, strict=True)
        )
    )


def _message(one: Sent) -> Message:
    by_mail = one.channel is Channel.EMAIL
    good, bad = (
        (MessageState.ACCEPTED, MessageState.FAILED)
        if by_mail
        else (MessageState.DELIVERED, MessageState.UNDELIVERABLE)
    )
    code = "recipient-550" if by_mail else "receipt-1180"
    return Message(
        reference=f"{one.row['id']:016x}{one.lead:016x}",
        channel=one.channel,
        purpose=Purpose.APPOINTMENT_REMINDER_EMAIL if by_mail else Purpose.APPOINTMENT_REMINDER_TEXT,
        patient_id=one.row["patient"],
        appointment_id=one.row["appointment"],
        recipient=one.row["email"] if by_mail else one.row["mobile"],
        state=good if one.arrived else bad,
        attempts=1,
        created_at=one.due_at,
        next_attempt_at=one.due_at,
        accepted_at=one.due_at if one.arrived or not by_mail else None,
        finished_at=one.due_at,
        expires_at=one.row["starts_at"],
        error_class="" if one.arrived else "permanent",
        error_code="" if one.arrived else code,
    )


async def _note(sent: Sequence[Sent], random: Random) -> None:
    told: dict[int, Told] = {}
    for one in sent:
        by_mail = one.channel is Channel.EMAIL
        good, bad = (
            (Told.EMAIL_SENT, Told.EMAIL_FAILED) if by_mail else (Told.TEXT_DELIVERED, Told.TEXT_FAILED)
        )
        flags = told.get(one.row["id"], Told(0)) | (good if one.arrived else bad)
        if one.arrived and one.row["status"] == Status.CONFIRMED and random.random() < 0.5:
            flags |= Told.CONFIRMED
        told[one.row["id"]] = flags
    for attendance, flags in told.items():
        await execute("UPDATE attendance SET told = {} WHERE id = {}", int(flags), attendance)


async def _ask_to_cancel(attended: Sequence[dict[str, Any]]) -> None:
    """One of tomorrow's, by a link that is known."""
    open_yet = [row for row in attended if row["status"] == Status.BOOKED and row["starts_at"] > now()]
    if not open_yet:
        return
    row = open_yet[-1]
    await CancelRequest.insert(
        CancelRequest(
            appointment=row["appointment"], patient=row["patient"], asked_at=now() - timedelta(hours=1)
        )
    )
    await execute("UPDATE attendance SET told = {} WHERE id = {}", int(Told.ASKS_TO_CANCEL), row["id"])
    await Reminder.insert(
        Reminder(
            appointment=row["appointment"],
            patient=row["patient"],
            channel=Channel.EMAIL,
            lead=0,
            starts_at=row["starts_at"],
            due_at=now() - timedelta(days=3),
            state=ReminderState.POSTED,
            token_hash=token_hash(LINK),
        )
    )
