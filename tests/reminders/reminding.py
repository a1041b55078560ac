"""A clinic that reminds: its rules, bookings, the planner's look, and what came of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from app.clinic.clinic import ClinicSettings
from app.clock import wall_time
from app.db import execute, rows
from app.diary.appointments.editing import move
from app.diary.appointments.progress import change_status
from app.diary.booking.booking import Booking, book
from app.diary.booking.forms import MoveForm, StatusForm
from app.diary.slots.conflicts import Despite
from app.messages.crypto import unseal
from app.messages.tables import Channel, MessageState
from app.reminders import defaults
from app.reminders.forms import RuleForm
from app.reminders.planning import plan_some
from app.reminders.posting import post_due
from app.reminders.rules import save_rule
from app.settings import Settings
from tests.diary.conftest import MONDAY, Clinicians, Staff
from tests.support.clock import FrozenClock

DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class Reminding:
    """``patient`` is Jo Field."""

    settings: Settings
    clinic: ClinicSettings
    staff: Staff
    kit: Clinicians
    patient: int

    async def rule(
        self, channel: Channel = Channel.EMAIL, *leads: int, kind: int | None = None, **said: Any
    ) -> None:
        """Have that go out, in the usual words."""
        places = dict(zip(("first", "second", "third"), leads, strict=False))
        confirmation, reminder = defaults.confirmation(channel), defaults.reminder(channel)
        usual = {
            "channel": channel,
            "confirmation_subject": confirmation.subject,
            "confirmation_body": confirmation.body,
            "reminder_subject": reminder.subject,
            "reminder_body": reminder.body,
        }
        form = RuleForm.model_validate({**usual, **places, **said})
        await save_rule(form, kind, channel, by=self.staff.sam.user)

    def at(self, days: int, hour: int, minute: int = 0) -> dt.datetime:
        """That time by the wall clock, so many days after the Monday."""
        return wall_time(MONDAY + dt.timedelta(days=days), dt.time(hour, minute), self.clinic.zone)

    async def book(self, starts_at: dt.datetime, kind: int | None = None) -> int:
        """Book Jo with Anna."""
        booking = Booking(self.staff.anna.user, kind or self.kit.follow_up, starts_at, (self.patient,))
        return await book(booking, self.clinic, by=self.staff.dana, despite=Despite.HOURS)

    async def move(self, appointment: int, starts_at: dt.datetime) -> None:
        """Move it, as the front desk."""
        local = starts_at.astimezone(self.clinic.zone).replace(tzinfo=None)
        form = MoveForm(starts=local, version=await self._version(appointment), despite=Despite.HOURS)
        await move(form, appointment, self.clinic, by=self.staff.dana)

    async def give(self, appointment: int, status: str) -> None:
        """Give it a status, as the front desk."""
        form = StatusForm(status=status, version=await self._version(appointment))
        await change_status(form, appointment, self.clinic, by=self.staff.dana)

    async def look(self) -> None:
        """What the planner does, until there is nothing more to do."""
        while await plan_some(self.clinic):
            pass
        await post_due(self.clinic, self.settings)
        while await plan_some(self.clinic):
            pass

    async def planned(self) -> list[tuple[str, int, dt.datetime]]:
        """Channel, lead time and moment of what is still to be posted."""
        found = await rows(
            "SELECT channel, lead, due_at FROM reminder WHERE state = 'planned' ORDER BY due_at, id"
        )
        return [(row["channel"], row["lead"], row["due_at"]) for row in found]

    async def posted(self) -> list[dict[str, Any]]:
        """The messages to patients, with what they say."""
        found = await rows("SELECT * FROM message WHERE patient_id IS NOT NULL ORDER BY id")
        return [{**row, "says": self._says(row)} for row in found]

    async def told(self, appointment: int) -> int:
        """What the diary shows of it."""
        (row,) = await rows("SELECT told FROM attendance WHERE appointment = {}", appointment)
        return int(row["told"])

    def _says(self, row: dict[str, Any]) -> dict[str, str]:
        if row["payload"] is None:
            return {}
        keys = self.settings.message_keys
        return unseal(row["payload"], row["payload_key"], row["reference"], row["channel"], keys)

    async def _version(self, appointment: int) -> int:
        (row,) = await rows("SELECT version FROM appointment WHERE id = {}", appointment)
        return int(row["version"])

    async def due(self, frozen: FrozenClock, starts_at: dt.datetime | None = None) -> int:
        """Book Jo for Wednesday at ten, be reminded a day before by e-mail: the appointment."""
        starts_at = starts_at or self.at(2, 10)
        await self.rule(Channel.EMAIL, DAY)
        appointment = await self.book(starts_at)
        await self.look()
        frozen.move_to(starts_at - dt.timedelta(days=1))
        await self.look()
        return appointment

    async def link(self) -> str:
        """Where the newest message's link leads."""
        return (await self.posted())[-1]["says"]["path"]

    async def becomes(self, state: MessageState) -> None:
        """Put the newest message into a state, and have the planner see it."""
        await execute("UPDATE message SET state = {} WHERE id = (SELECT max(id) FROM message)", state.value)
        await self.look()
