"""Sending a patient's message again, when it didn't arrive."""

from __future__ import annotations

from app.audit.record import record
from app.clinic.clinic import ClinicSettings
from app.db import execute, rows, write
from app.errors import Conflict, NotFound
from app.i18n import gettext as _
from app.messages.outbox import delivery_of
from app.messages.tables import Channel
from app.reminders.attending import attending
from app.reminders.messages import post_message
from app.reminders.rules import load_rules


async def send_again(message: int, clinic: ClinicSettings, *, by: int) -> int:
    """Write it anew, as things are now, to where the patient is reached now; the new message's id.

    Raises NotFound where it is no patient's, and Conflict, with what is in the way, where it can't or needn't be sent.
    """
    async with write():
        found = await rows(
            """
            SELECT id, appointment, patient, channel, lead, starts_at, due_at FROM reminder
            WHERE message = {} AND stands
            """,
            message,
        )
        if not found:
            raise NotFound(_("Another message has taken its place."))
        row, channel = found[0], Channel(found[0]["channel"])
        if not (await delivery_of(message)).has_failed:
            raise Conflict(_("It is still on its way, or has arrived."))
        one = (await attending([row["appointment"]])).get((row["appointment"], row["patient"]))
        if one is None or not one.is_expected or one.starts_at != row["starts_at"]:
            raise Conflict(_("The appointment has changed or is over: this isn’t true any more."))
        if not one.recipient(channel):
            raise Conflict(_("The patient can’t be reached that way, or doesn’t want to be."))
        rule = (await load_rules()).of(one.kind, channel)
        if rule is None:
            raise Conflict(_("There is no wording for it any more."))
        await execute("UPDATE reminder SET stands = FALSE WHERE id = {}", row["id"])
        (anew,) = await execute(
            """
            INSERT INTO reminder (appointment, patient, channel, lead, starts_at, due_at, state, stands, token_hash)
            VALUES ({}, {}, {}, {}, {}, {}, 'posted', TRUE, '') RETURNING id
            """,
            *(row[name] for name in ("appointment", "patient", "channel", "lead", "starts_at", "due_at")),
        )
        sent = await post_message(anew["id"], one, rule, row["lead"], clinic)
        await record("reminders.sent_again", actor=by, subject="message", subject_id=sent, before=message)
    return sent
