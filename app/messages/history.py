"""All messages, newest first, with what became of each."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from app.clinic.clinic import load_clinic
from app.db import rows
from app.errors import NotFound
from app.i18n import gettext as _
from app.messages.compose import CARRY_A_SECRET, TO_PATIENTS, Purpose
from app.messages.delivery import Delivery, describe
from app.messages.holds import hold_on
from app.messages.purposes import purpose_words
from app.messages.tables import Channel, MessageState

LISTED = 50


class Group(StrEnum):
    """The states as one looks for them."""

    WAITING = "waiting"
    SENT = "sent"
    NOT_DELIVERED = "not-delivered"
    REPLACED = "replaced"


_STATES: Mapping[Group, tuple[MessageState, ...]] = {
    Group.WAITING: (MessageState.QUEUED, MessageState.SENDING, MessageState.HELD),
    Group.SENT: (MessageState.ACCEPTED, MessageState.DELIVERED),
    Group.NOT_DELIVERED: (MessageState.FAILED, MessageState.UNDELIVERABLE, MessageState.EXPIRED),
    Group.REPLACED: (MessageState.SUPERSEDED,),
}


class Kind(StrEnum):
    """What a message is for, as one looks for it."""

    LOGINS = "logins"
    PATIENTS = "patients"
    NOTICES = "notices"


_PURPOSES: Mapping[Kind, frozenset[Purpose]] = {
    Kind.LOGINS: CARRY_A_SECRET,
    Kind.PATIENTS: TO_PATIENTS,
    Kind.NOTICES: frozenset(Purpose) - CARRY_A_SECRET - TO_PATIENTS,
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which messages to list. ``posted`` is a window of time, half open; ``people`` asks for users or recipients."""

    group: Group | None = None
    channel: Channel | None = None
    kind: Kind | None = None
    posted: tuple[datetime, datetime] | None = None
    people: People | None = None


@dataclass(frozen=True, slots=True)
class People:
    """Those whose messages are wanted: these users, or whoever is written to at an address like this (LIKE)."""

    users: Collection[int]
    recipient: str


@dataclass(frozen=True, slots=True)
class PostedMessage:
    """A message with its delivery. ``user`` is whom it concerns, when that is a user; or ``patient``, about whose
    ``appointment`` it is."""

    delivery: Delivery
    purpose: Purpose
    user: int | None
    patient: int | None
    appointment: int | None
    attempts: int
    created_at: datetime
    next_attempt_at: datetime
    expires_at: datetime
    error_code: str

    @property
    def id(self) -> int:
        return self.delivery.message

    @property
    def what(self) -> str:
        """What it brings, in words."""
        return purpose_words(self.purpose)

    @property
    def carries_a_secret(self) -> bool:
        """Whether it brings a password or PIN, so that another one would have to follow it."""
        return self.purpose in CARRY_A_SECRET


@dataclass(frozen=True, slots=True)
class MessageList:
    """A part of the list. ``more`` is the message behind which it goes on; None at its end."""

    messages: tuple[PostedMessage, ...]
    more: int | None


async def list_messages(wanted: Wanted, *, before: int | None = None) -> MessageList:
    """The newest that are wanted, or those before a message."""
    conditions, values = _conditions(wanted)
    if before:
        conditions, values = [*conditions, "id < {}"], [*values, before]
    found = await _messages(conditions or ["1 = 1"], values, limit=LISTED + 1)
    return MessageList(tuple(found[:LISTED]), found[LISTED - 1].id if len(found) > LISTED else None)


async def load_message(message: int) -> PostedMessage:
    """One message. Raises NotFound."""
    found = await _messages(["id = {}"], [message], limit=1)
    if not found:
        raise NotFound(_("There is no such message."))
    return found[0]


async def last_message(purpose: Purpose, *, user: int, since: datetime) -> PostedMessage | None:
    """The newest message of that purpose about that user, if it was posted since then."""
    conditions = ["purpose = {}", "user_id = {}", "created_at >= {}"]
    found = await _messages(conditions, [purpose.value, user, since], limit=1)
    return found[0] if found else None


def _conditions(wanted: Wanted) -> tuple[list[str], list[Any]]:
    conditions: list[str] = []
    values: list[Any] = []
    if wanted.group:
        states = _STATES[wanted.group]
        conditions.append(f"state IN ({', '.join(['{}'] * len(states))})")
        values += [state.value for state in states]
    if wanted.channel:
        conditions.append("channel = {}")
        values.append(wanted.channel.value)
    if wanted.kind:
        purposes = sorted(_PURPOSES[wanted.kind])
        conditions.append(f"purpose IN ({', '.join(['{}'] * len(purposes))})")
        values += [purpose.value for purpose in purposes]
    if wanted.posted:
        conditions.append("created_at >= {} AND created_at < {}")
        values += wanted.posted
    if wanted.people:
        users = wanted.people.users
        of_users = f"user_id IN ({', '.join(['{}'] * len(users))}) OR " if users else ""
        conditions.append(f"({of_users}recipient LIKE {{}} ESCAPE '\\')")
        values += [*users, wanted.people.recipient]
    return conditions, values


async def _messages(conditions: list[str], values: list[Any], *, limit: int) -> list[PostedMessage]:
    found = await rows(
        f"""
        SELECT id, channel, recipient, state, waits_for_portal, created_at, accepted_at, finished_at, error_class,
               error_code, provider_reference, purpose, user_id, patient_id, appointment_id, attempts,
               next_attempt_at, expires_at
        FROM message WHERE {" AND ".join(conditions)} ORDER BY id DESC LIMIT {limit}
        """,
        *values,
    )
    clinic = await load_clinic()
    held = {channel: hold.code for channel in Channel if (hold := await hold_on(channel))}
    return [
        PostedMessage(
            delivery=describe(
                row,
                portal_online=clinic is not None and clinic.portal_online,
                held_by=held.get(Channel(row["channel"])),
            ),
            purpose=Purpose(row["purpose"]),
            user=row["user_id"],
            patient=row["patient_id"],
            appointment=row["appointment_id"],
            attempts=row["attempts"],
            created_at=row["created_at"],
            next_attempt_at=row["next_attempt_at"],
            expires_at=row["expires_at"],
            error_code=row["error_code"],
        )
        for row in found
    ]
