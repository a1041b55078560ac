"""What a patient was told of an appointment, and has answered: kept with the attendance, which every view reads."""

from __future__ import annotations

from enum import IntFlag
from functools import lru_cache
from typing import NamedTuple

from app.clinic.clinic import ClinicSettings
from app.db import execute, rows, write
from app.diary.versions import bump, days_touched
from app.i18n import gettext as _


class Told(IntFlag):
    """Reminded by which channel and how that went, as far as it is known; confirmed, or asks to cancel, by a link."""

    EMAIL_SENT = 1
    EMAIL_FAILED = 2
    TEXT_SENT = 4
    TEXT_DELIVERED = 8
    TEXT_FAILED = 16
    CONFIRMED = 32
    ASKS_TO_CANCEL = 64


class Sign(NamedTuple):
    """One of the flags as a view shows it: the sprite's symbol, a class, and the word that says the same."""

    symbol: str
    css: str
    word: str


@lru_cache(maxsize=128)
def signs(told: int) -> tuple[Sign, ...]:
    """What a view shows of these flags: a page has dozens of entries, and few kinds of them."""
    return tuple(sign for flag, sign in _signs().items() if told & flag)


@lru_cache(maxsize=128)
def sign_words(told: int) -> str:
    """Their words, as what follows in a sentence."""
    return "".join(f", {sign.word}" for sign in signs(told))


def _signs() -> dict[Told, Sign]:
    return {
        Told.ASKS_TO_CANCEL: Sign("warning", "told-asks", _("asks to cancel")),
        Told.EMAIL_FAILED: Sign("mail", "told-failed", _("e-mail not delivered")),
        Told.TEXT_FAILED: Sign("phone", "told-failed", _("text not delivered")),
        Told.EMAIL_SENT: Sign("mail", "told-sent", _("reminded by e-mail, sent")),
        Told.TEXT_SENT: Sign("phone", "told-sent", _("reminded by text, sent")),
        Told.TEXT_DELIVERED: Sign("phone", "told-delivered", _("reminded by text, delivered")),
        Told.CONFIRMED: Sign("patients", "told-confirmed", _("confirmed by the patient")),
    }


async def note_told(appointment: int, patient: int, told: int, clinic: ClinicSettings) -> None:
    """Store it, which diaries that show the appointment are told of.

    Of one attendance at a time: to hold several rows and then wait for a day would be in the way of whoever changes
    the diary, who may hold the day and wait for a row.
    """
    async with write():
        changed = await execute(
            "UPDATE attendance SET told = {} WHERE appointment = {} AND patient = {} AND told <> {} RETURNING id",
            told,
            appointment,
            patient,
            told,
        )
        if not changed:
            return
        found = await rows(
            "SELECT practitioner, starts_at, ends_at FROM appointment WHERE id = {}", appointment
        )
        await bump(
            *(
                (row["practitioner"], day)
                for row in found
                for day in days_touched(row["starts_at"], row["ends_at"], clinic.zone)
            )
        )
