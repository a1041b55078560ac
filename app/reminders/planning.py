"""Planning: what is due when for an appointment that has changed, and what its patients were told so far.

Triggers note the appointments; each is looked at as it is now, so that it doesn't matter how often or in which order
they were noted. What was planned for a time that is no longer the appointment's is forgotten, and what waits in the
outbox for it is called off.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any

from app.clinic.clinic import ClinicSettings
from app.clock import now
from app.db import Turn, execute, glance, rows, take_turns, write
from app.diary.told import note_told
from app.messages.outbox import call_off
from app.messages.states import UNFINISHED
from app.messages.tables import Channel
from app.reminders.attending import Attending, Key, attending
from app.reminders.badges import told_by
from app.reminders.quiet import QuietHours, load_quiet_hours
from app.reminders.requests import settle_by_itself
from app.reminders.rules import Rules, load_rules
from app.reminders.tables import ReminderState
from app.reminders.timing import BETWEEN_TWO, confirmation_due, reminder_due

AT_ONCE = 40
"""Appointments in one transaction: a booking that waits for it waits for a few hundredths of a second."""


async def plan_some(clinic: ClinicSettings) -> bool:
    """Look at some of the appointments that were noted. Returns whether there may be more of them."""
    if not await glance("SELECT id FROM reminder_work LIMIT 1"):
        return False
    async with write():
        await take_turns(Turn.REMINDING)
        noted = await rows(f"SELECT * FROM reminder_work ORDER BY id LIMIT {AT_ONCE}")
        if not noted:
            return False
        appointments = sorted({row["appointment"] for row in noted})
        news = {(row["appointment"], row["patient"]) for row in noted if row["news"]}
        come = await attending(appointments)
        known = await _known(appointments)
        planner = _Plan(await load_rules(), await load_quiet_hours(clinic.zone))
        for key in come.keys() | known.keys():
            planner.look_at(
                come.get(key), known.get(key, []), is_news=not news.isdisjoint({key, (key[0], None)})
            )
        await planner.store()
        await _remove("reminder_work", (row["id"] for row in noted))
    await _note(come, news, clinic)
    return len(noted) == AT_ONCE


class _Plan:
    """What is to be changed, gathered for one transaction."""

    def __init__(self, rules: Rules, quiet: QuietHours) -> None:
        self._rules = rules
        self._quiet = quiet
        self._new: list[Any] = []
        self._moved: list[tuple[int, datetime]] = []
        self._gone: list[int] = []
        self._over: list[int] = []
        self._called_off: list[int] = []

    def look_at(self, one: Attending | None, known: Sequence[dict[str, Any]], *, is_news: bool) -> None:
        """Compare what there is with what should be for one patient; ``one`` is None where they don't come any more."""
        wanted = self._wanted(one, known, is_news=is_news) if one and one.is_expected else {}
        for row in known:
            fits = one is not None and row["starts_at"] == one.starts_at
            if row["state"] == ReminderState.PLANNED:
                self._compare(row, wanted, fits=fits, expected=one is not None and one.is_expected)
            elif row["message_state"] in UNFINISHED and not (fits and one and one.is_expected):
                self._called_off.append(row["message"])
                self._over.append(row["id"])  # it may have left already: its link stays
                if one and fits:  # as for one that is cancelled, and perhaps not for good
                    self._new.append((*one.key, row["channel"], row["lead"], one.starts_at, row["due_at"]))
        there = {(row["channel"], row["lead"]) for row in known if one and row["starts_at"] == one.starts_at}
        if one:
            self._new += [
                (*one.key, channel, lead, one.starts_at, due)
                for (channel, lead), due in wanted.items()
                if (channel, lead) not in there
            ]

    def _compare(
        self, row: dict[str, Any], wanted: dict[Any, datetime], *, fits: bool, expected: bool
    ) -> None:
        due = wanted.get((row["channel"], row["lead"]))
        if not fits:
            self._gone.append(row["id"])
        elif due and due != row["due_at"]:
            self._moved.append((row["id"], due))
        elif due is None and expected and row["lead"] and row["due_at"] > now():
            self._gone.append(row["id"])  # its rule is gone

    def _wanted(
        self, one: Attending, known: Sequence[dict[str, Any]], *, is_news: bool
    ) -> dict[tuple[str, int], datetime]:
        """When each message is due that is still to come. A booking inside a lead time gets no reminder of that one."""
        wanted: dict[tuple[str, int], datetime] = {}
        for channel in Channel:
            rule = self._rules.of(one.kind, channel)
            if rule is None:
                continue
            confirmed = next(
                (
                    r["due_at"]
                    for r in known
                    if r["starts_at"] == one.starts_at and (r["channel"], r["lead"]) == (channel, 0)
                ),
                None,
            )
            if rule.confirms and is_news and not confirmed:
                confirmed = confirmation_due(now(), one.starts_at, self._quiet)
                if confirmed:
                    wanted[channel, 0] = confirmed
            for lead in rule.leads:
                due = reminder_due(one.starts_at, lead, self._quiet)
                if due > now() and not (confirmed and timedelta() <= due - confirmed < BETWEEN_TWO):
                    wanted[channel, lead] = due
        return wanted

    async def store(self) -> None:
        """Write it down, in the caller's transaction."""
        await _remove("reminder", self._gone)
        for reminder, due in self._moved:
            await execute("UPDATE reminder SET due_at = {} WHERE id = {}", due, reminder)
        for reminder in self._over:
            await execute("UPDATE reminder SET stands = FALSE WHERE id = {}", reminder)
        await call_off(self._called_off)
        if self._new:
            await execute(
                f"""
                INSERT INTO reminder (appointment, patient, channel, lead, starts_at, due_at, state, stands, token_hash)
                VALUES {", ".join(["({}, {}, {}, {}, {}, {}, 'planned', TRUE, '')"] * len(self._new))}
                ON CONFLICT DO NOTHING
                """,
                *(value for row in self._new for value in row),
            )


async def _known(appointments: Sequence[int]) -> dict[Key, list[dict[str, Any]]]:
    """What stands of those appointments' reminders."""
    found = await rows(
        f"""
        SELECT r.id, r.appointment, r.patient, r.channel, r.lead, r.starts_at, r.due_at, r.state, r.message,
               m.state AS message_state
        FROM reminder r LEFT JOIN message m ON m.id = r.message
        WHERE r.stands AND r.appointment IN ({", ".join(["{}"] * len(appointments))})
        ORDER BY r.appointment, r.patient, r.id
        """,
        *appointments,
    )
    return {key: list(group) for key, group in groupby(found, itemgetter("appointment", "patient"))}


async def _note(
    come: Mapping[Key, Attending], news: set[tuple[int, int | None]], clinic: ClinicSettings
) -> None:
    """Have the diary show what was told; each by itself, see ``note_told``."""
    if not come:
        return
    known = await _known(sorted({appointment for appointment, _patient in come}))
    for key, one in come.items():
        told = told_by(one, known.get(key, []), moved=(one.appointment, None) in news)
        if one.is_cancelled:
            await settle_by_itself(one.appointment, one.patient)
        if told != one.told:
            await note_told(one.appointment, one.patient, told, clinic)


async def _remove(table: str, ids: Iterable[int]) -> None:
    gone = list(ids)
    if gone:
        await execute(f"DELETE FROM {table} WHERE id IN ({', '.join(['{}'] * len(gone))})", *gone)
