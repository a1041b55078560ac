"""The rules: what goes out for which type of appointment by which channel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.audit.record import record
from app.clinic.settings import lock_settings
from app.clock import now
from app.db import execute, rows, write
from app.errors import Conflict, NotFound
from app.i18n import gettext as _
from app.messages.tables import Channel
from app.reminders.defaults import Wording
from app.reminders.forms import QuietForm, RuleForm
from app.reminders.tables import ReminderRule


@dataclass(frozen=True, slots=True)
class Rule:
    """What goes out by one channel. ``leads`` are minutes before the start, the longest first."""

    type: int | None
    channel: Channel
    confirms: bool
    leads: tuple[int, ...]
    confirmation: Wording
    reminder: Wording
    version: int

    @property
    def is_silent(self) -> bool:
        """Whether nothing goes out."""
        return not self.confirms and not self.leads


@dataclass(frozen=True, slots=True)
class Rules:
    """All of them; a type without one of its own has the clinic's."""

    own: Mapping[tuple[int | None, Channel], Rule]

    def of(self, kind: int | None, channel: Channel) -> Rule | None:
        """What holds for that type; None where nothing goes out, because nobody ever said so."""
        return self.own.get((kind, channel)) or self.own.get((None, channel))


async def load_rules() -> Rules:
    """The rules as they are stored."""
    found = [_rule(row) for row in await rows("SELECT * FROM reminder_rule")]
    return Rules({(rule.type, rule.channel): rule for rule in found})


async def save_rule(form: RuleForm, kind: int | None, channel: Channel, *, by: int) -> None:
    """Store what goes out for that type, or for the clinic; a type that is ``inherited`` has none of its own.

    What is booked already is planned anew, but not confirmed again. Raises NotFound for a type that there isn't, and
    Conflict when somebody else has changed it since it was read.
    """
    if kind is not None and not await rows("SELECT id FROM appointment_type WHERE id = {}", kind):
        raise NotFound(_("There is no such type of appointment."))
    async with write():
        await lock_settings()  # else two could add the same rule
        stored = await rows(
            "SELECT id, version FROM reminder_rule WHERE COALESCE(type, 0) = {} AND channel = {}",
            kind or 0,
            channel.value,
        )
        if (stored[0]["version"] if stored else 0) != form.version:
            raise Conflict(_("Somebody else has changed this meanwhile. Check it and save again."))
        if kind is not None and form.inherits:
            await execute("DELETE FROM reminder_rule WHERE type = {} AND channel = {}", kind, channel.value)
        elif stored:
            await ReminderRule.update(**_columns(form), version=form.version + 1).where(
                ReminderRule.id == stored[0]["id"]
            )
        else:
            await ReminderRule.insert(ReminderRule(type=kind, channel=channel, **_columns(form)))
        await _plan_anew(kind)
        await record(
            "reminders.changed",
            actor=by,
            subject="appointment_type",
            subject_id=kind or "",
            channel=channel.value,
        )


async def save_quiet_hours(form: QuietForm, *, by: int) -> None:
    """Store them; what is planned is planned anew. Raises Conflict when somebody else has changed them."""
    async with write():
        changed = await execute(
            """
            UPDATE reminder_hours SET quiet_from = {}, quiet_until = {}, version = version + 1
            WHERE id = 1 AND version = {} RETURNING id
            """,
            form.quiet_from,
            form.quiet_until,
            form.version,
        )
        if not changed:
            raise Conflict(_("Somebody else has changed this meanwhile. Check it and save again."))
        await _plan_anew(None)
        await record("reminders.quiet_changed", actor=by)


async def _plan_anew(kind: int | None) -> None:
    of_type = "" if kind is None else "AND type = {}"
    await execute(
        f"""
        INSERT INTO reminder_work (appointment, news)
        SELECT id, FALSE FROM appointment WHERE starts_at > {{}} AND type IS NOT NULL {of_type}
        """,
        now(),
        *([] if kind is None else [kind]),
    )


def _columns(form: RuleForm) -> dict[str, Any]:
    return {
        "confirms": form.confirms,
        "leads": " ".join(str(lead) for lead in form.leads),
        "confirmation_subject": form.confirmation_subject,
        "confirmation_body": form.confirmation_body,
        "reminder_subject": form.reminder_subject,
        "reminder_body": form.reminder_body,
    }


def _rule(row: dict[str, Any]) -> Rule:
    return Rule(
        row["type"],
        Channel(row["channel"]),
        row["confirms"],
        tuple(int(lead) for lead in row["leads"].split()),
        Wording(row["confirmation_subject"], row["confirmation_body"]),
        Wording(row["reminder_subject"], row["reminder_body"]),
        row["version"],
    )
