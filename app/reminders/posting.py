"""Posting: what is due goes into the outbox, a few at a time.

The outbox never holds many of these, so that a PIN doesn't wait behind ten thousand reminders, and what is cancelled
meanwhile isn't written at all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from app.clinic.clinic import ClinicSettings
from app.clock import now
from app.db import Turn, execute, glance, take_turns, write
from app.messages.tables import Channel
from app.messages.transports import channel_available
from app.reminders.attending import Attending, attending
from app.reminders.messages import post_message
from app.reminders.quiet import load_quiet_hours
from app.reminders.rules import load_rules
from app.reminders.timing import SHORTEST_NOTICE
from app.settings import Settings

UNDER_WAY = 2
"""Messages to patients that wait in the outbox at the same time, of one channel."""
BESIDE_REQUESTS = 1
"""The same where the process that sends them answers requests too: each takes it a fiftieth of a second, and more would
be felt at the desk."""


async def next_due() -> datetime | None:
    """When there is something to post, unless something changes before; None if never."""
    first = [
        row["due_at"]
        for channel in Channel
        for row in await glance(
            "SELECT due_at FROM reminder WHERE state = 'planned' AND channel = {} ORDER BY due_at LIMIT 1",
            channel.value,
        )
    ]
    return min(first, default=None)


async def post_due(clinic: ClinicSettings, settings: Settings) -> None:
    """Post what is due, as far as there is room for it; in the quiet hours nothing."""
    if (await load_quiet_hours(clinic.zone)).holds(now()):
        return
    most = BESIDE_REQUESTS if settings.worker_inside else UNDER_WAY
    for channel in Channel:
        room = most - await _under_way(channel)
        if room > 0:
            async with write():
                await take_turns(Turn.REMINDING)
                await _post(channel, room, clinic, settings)


async def _under_way(channel: Channel) -> int:
    (found,) = await glance(
        """
        SELECT count(*) AS number FROM message
        WHERE state IN ('queued', 'sending', 'held') AND channel = {} AND appointment_id IS NOT NULL
        """,
        channel.value,
    )
    return int(found["number"])


async def _post(channel: Channel, room: int, clinic: ClinicSettings, settings: Settings) -> None:
    due = await execute(
        """
        UPDATE reminder SET state = 'posted' WHERE id IN (
            SELECT id FROM reminder WHERE state = 'planned' AND channel = {} AND due_at <= {} ORDER BY due_at LIMIT {}
        ) RETURNING id, appointment, patient, lead, starts_at
        """,
        channel.value,
        now(),
        room,
    )
    come = await attending(sorted({row["appointment"] for row in due}))
    wanted = {row["id"]: one for row in due if (one := _still_wanted(row, channel, come))}
    if not channel_available(channel, settings):
        wanted = {}
    await _drop([row["id"] for row in due if row["id"] not in wanted])
    rules = await load_rules()
    for row in due:
        one = wanted.get(row["id"])
        if one and (rule := rules.of(one.kind, channel)):
            await post_message(row["id"], one, rule, row["lead"], clinic)


def _still_wanted(
    row: Mapping[str, Any], channel: Channel, come: Mapping[Any, Attending]
) -> Attending | None:
    one = come.get((row["appointment"], row["patient"]))
    if one is None or not one.is_expected or one.starts_at != row["starts_at"] or not one.recipient(channel):
        return None
    return one if one.starts_at > now() + SHORTEST_NOTICE else None


async def _drop(reminders: Sequence[int]) -> None:
    if reminders:
        await execute(
            f"UPDATE reminder SET state = 'dropped' WHERE id IN ({', '.join(['{}'] * len(reminders))})",
            *reminders,
        )
