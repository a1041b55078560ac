"""The page behind a message's link: what the appointment is now, and the patient's answer to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from app.accounts.limits import count_within
from app.accounts.tokens import token_hash
from app.audit.record import record
from app.clinic.clinic import ClinicSettings
from app.clock import now
from app.db import execute, rows, write
from app.diary.appointments.by_patients import confirm_by_patient
from app.diary.patients.channels import write_no_more
from app.diary.tables import Status
from app.diary.told import Told, note_told
from app.errors import NotFound, TooMany
from app.i18n import gettext as _
from app.messages.tables import Channel
from app.reminders.attending import Attending, attending
from app.reminders.requests import settle_by_itself

# A link lasts, and mails are passed on: whoever has one can't fill the record by changing their mind.
CHANGES_OF_MIND, CHANGED_IN = 20, timedelta(days=1)


class Answer(StrEnum):
    """What a patient may say."""

    CONFIRM = "confirm"
    CANCEL = "cancel"


class Standing(StrEnum):
    """How it stands with the appointment, for its patient."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    ASKED = "asked"
    CANCELLED = "cancelled"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Linked:
    """What a link leads to. ``one`` is None when the appointment isn't in the diary any more."""

    patient: int
    channel: Channel
    one: Attending | None

    @property
    def standing(self) -> Standing:
        """How it stands now."""
        one = self.one
        if one is None or one.is_cancelled:
            return Standing.CANCELLED
        if not one.is_expected:
            return Standing.OVER
        if one.told & Told.ASKS_TO_CANCEL:
            return Standing.ASKED
        return Standing.CONFIRMED if one.status == Status.CONFIRMED else Standing.OPEN


async def follow(token: str) -> Linked:
    """What the link with that token leads to. Raises NotFound for a token that was never in a message."""
    found = await rows(
        "SELECT appointment, patient, channel FROM reminder WHERE token_hash = {}", token_hash(token)
    )
    if not found:
        raise NotFound(_("This link doesn’t work. Please call the clinic."))
    row = found[0]
    come = await attending([row["appointment"]])
    return Linked(row["patient"], Channel(row["channel"]), come.get((row["appointment"], row["patient"])))


async def answer(linked: Linked, said: Answer, clinic: ClinicSettings) -> None:
    """Note what the patient says; where there is nothing left to answer, nothing happens. Raises TooMany."""
    one = linked.one
    if one is None or linked.standing in (Standing.CANCELLED, Standing.OVER):
        return
    await _count_change_of_mind(linked.patient)
    if said is Answer.CONFIRM:
        await _confirm(one, clinic)
    elif linked.standing is not Standing.ASKED:
        await _ask_to_cancel(one, clinic)


async def stop(linked: Linked, channel: Channel, *, stop: bool) -> None:
    """They want no more messages by that channel, or want them again: the first is never refused. Raises TooMany."""
    if not stop:
        await _count_change_of_mind(linked.patient)
    await write_no_more([linked.patient], channel, stop=stop)


async def has_stopped(linked: Linked, channel: Channel) -> bool:
    """Whether they want none by that channel."""
    (row,) = await rows("SELECT no_emails, no_texts FROM patient WHERE id = {}", linked.patient)
    return bool(row["no_emails"] if channel is Channel.EMAIL else row["no_texts"])


async def _count_change_of_mind(patient: int) -> None:
    async with write():
        if await count_within("patient_answers", str(patient), CHANGED_IN) > CHANGES_OF_MIND:
            raise TooMany(_("You have answered many times today. Please call the clinic."), retry_after=3600)


async def _confirm(one: Attending, clinic: ClinicSettings) -> None:
    if not await confirm_by_patient(one.appointment, one.patient, clinic):
        return
    told = (one.told | Told.CONFIRMED) & ~Told.ASKS_TO_CANCEL
    async with write():
        await settle_by_itself(one.appointment, one.patient)
        await note_told(one.appointment, one.patient, told, clinic)


async def _ask_to_cancel(one: Attending, clinic: ClinicSettings) -> None:
    async with write():
        await execute(
            "INSERT INTO cancel_request (appointment, patient, asked_at) VALUES ({}, {}, {}) ON CONFLICT DO NOTHING",
            one.appointment,
            one.patient,
            now(),
        )
        await record(
            "appointment.cancel_asked",
            actor=None,
            subject="appointment",
            subject_id=one.appointment,
            patient=one.patient,
        )
        told = (one.told | Told.ASKS_TO_CANCEL) & ~Told.CONFIRMED
        await note_told(one.appointment, one.patient, told, clinic)
