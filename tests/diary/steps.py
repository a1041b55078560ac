"""What tests of booking ask again and again."""

from __future__ import annotations

from typing import Any

from app.db import rows
from app.diary.booking.forms import BookingForm
from tests.support.client import Answer, Client, form_fields

BOOK = "/diary/book?practitioner={practitioner}&at=2026-11-23T{at}"


async def form_at(client: Client, practitioner: int, at: str = "10:00") -> Answer:
    """The form that an empty slot opens."""
    return await client.page(BOOK.format(practitioner=practitioner, at=at))


async def stored(appointment: int) -> dict[str, Any]:
    """The appointment's row."""
    (row,) = await rows("SELECT * FROM appointment WHERE id = {}", appointment)
    return row


async def only_appointment() -> dict[str, Any]:
    """The row of the only appointment there is."""
    (row,) = await rows("SELECT * FROM appointment")
    return row


async def day_versions() -> dict[tuple[int, str], int]:
    """How often each practitioner's day was changed."""
    found = await rows("SELECT practitioner, day, version FROM day_version")
    return {(row["practitioner"], str(row["day"])): row["version"] for row in found}


async def audited(like: str) -> list[tuple[str, str]]:
    """What was recorded: actions and details, in order."""
    found = await rows("SELECT action, details FROM audit_entry WHERE action LIKE {} ORDER BY id", like)
    return [(row["action"], row["details"]) for row in found]


async def post_over(client: Client, path: str, **typed: Any) -> Answer:
    """Post a form as htmx does it over the diary."""
    return await client.submit(path, typed, partial=True)


def typed(form: Answer, selector: str = "form[method=post].form") -> dict[str, str]:
    """What a form of the page would send as it stands."""
    return form_fields(form[selector])


def at_ten(
    staff: Any, kind: int, patient: int, *, key: str = "k", times: int = 4, **said: Any
) -> BookingForm:
    """The form of a series that was looked through: with Anna at ten, from Monday on."""
    typed = {
        "practitioner": staff.anna.user,
        "day": "2026-11-23",
        "time": "10:00",
        "type": kind,
        "patient": patient,
        "times": times,
        "reviewed": True,
        "key": key,
    }
    return BookingForm.model_validate({**typed, **said})
