"""One message to a patient: its words, its link, and whether it may still leave when its turn comes."""

from __future__ import annotations

import secrets
from datetime import datetime

from app.accounts.tokens import token_hash
from app.clinic.clinic import ClinicSettings, load_clinic, renderer
from app.clock import now
from app.db import execute, rows
from app.messages import gsm7
from app.messages.compose import Purpose
from app.messages.leave import Unwanted
from app.messages.outbox import About, post
from app.messages.tables import Channel
from app.reminders.attending import Attending, attending
from app.reminders.defaults import Wording
from app.reminders.quiet import load_quiet_hours
from app.reminders.rules import Rule
from app.reminders.wording import around_link, fill

LINK = "/a/{token}"
TOKEN_BYTES = 16
"""Nobody can guess 128 bits, and a text has no room for more."""

_PURPOSES = {
    (Channel.EMAIL, True): Purpose.APPOINTMENT_CONFIRMED_EMAIL,
    (Channel.TEXT, True): Purpose.APPOINTMENT_CONFIRMED_TEXT,
    (Channel.EMAIL, False): Purpose.APPOINTMENT_REMINDER_EMAIL,
    (Channel.TEXT, False): Purpose.APPOINTMENT_REMINDER_TEXT,
}


async def post_message(reminder: int, one: Attending, rule: Rule, lead: int, clinic: ClinicSettings) -> int:
    """Write a reminder's message, in the caller's transaction; its id. What the patient was told of other times no
    longer stands."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    wording = rule.confirmation if lead == 0 else rule.reminder
    message = await post(
        _PURPOSES[rule.channel, lead == 0],
        rule.channel,
        one.recipient(rule.channel),
        None,
        composed(wording, rule.channel, values_of(one, rule.channel, clinic), LINK.format(token=token)),
        expires_at=one.starts_at,
        about=About(one.patient, one.appointment),
    )
    await execute(
        "UPDATE reminder SET state = 'posted', message = {}, token_hash = {} WHERE id = {}",
        message,
        token_hash(token),
        reminder,
    )
    await execute(
        "UPDATE reminder SET stands = FALSE WHERE appointment = {} AND patient = {} AND stands AND starts_at <> {}",
        one.appointment,
        one.patient,
        one.starts_at,
    )
    return message


def values_of(one: Attending, channel: Channel, clinic: ClinicSettings) -> dict[str, str]:
    """What stands for each placeholder but the link."""
    when = renderer(clinic)
    by_mail = channel is Channel.EMAIL
    return {
        "name": one.preferred_name or one.name,
        "date": when.date_long(one.starts_at) if by_mail else when.day_short(one.starts_at),
        "time": when.time(one.starts_at),
        "practitioner": one.practitioner,
        "type": one.type,
        "location": one.location,
        "address": one.address if by_mail else ", ".join(one.address.split("\n")),
        "clinic": clinic.name,
        "phone": when.phone(clinic.phone),
    }


def composed(wording: Wording, channel: Channel, values: dict[str, str], path: str) -> dict[str, str]:
    """What the outbox keeps of it. Where the wording of a text fits the alphabet of texts, so does what fills it."""
    if channel is Channel.EMAIL:
        one_line = {name: ", ".join(value.splitlines()) for name, value in values.items()}
        return {"subject": fill(wording.subject, one_line), "body": fill(wording.body, values), "path": path}
    if gsm7.measure(wording.body).is_plain:
        values = {name: gsm7.transliterate(value) or value for name, value in values.items()}
    before, after = around_link(wording.body)
    filled = {"before": fill(before, values), "after": fill(after or "", values)}
    return {**filled, "path": path if after is not None else ""}


async def may_leave(message: int) -> datetime | None:
    """Asked just before a message leaves, having waited perhaps: not in the quiet hours. Raises Unwanted."""
    found = await rows(
        """
        SELECT r.appointment, r.patient, r.channel, r.starts_at, m.recipient
        FROM reminder r JOIN message m ON m.id = r.message WHERE r.message = {}
        """,
        message,
    )
    clinic = await load_clinic()
    if not found or clinic is None:
        raise Unwanted
    row = found[0]
    one = (await attending([row["appointment"]])).get((row["appointment"], row["patient"]))
    if one is None or not one.is_expected or one.starts_at != row["starts_at"]:
        raise Unwanted
    if one.recipient(Channel(row["channel"])) != row["recipient"]:
        raise Unwanted
    quiet = await load_quiet_hours(clinic.zone)
    return quiet.over(now()) if quiet.holds(now()) else None
