"""How a patient may be written to about appointments. It says nothing of what somebody logs in with."""

from __future__ import annotations

from collections.abc import Collection

from app.audit.record import record
from app.db import execute, rows, write
from app.messages.tables import Channel

_COLUMNS = {Channel.EMAIL: "no_emails", Channel.TEXT: "no_texts"}


async def write_no_more(patients: Collection[int], channel: Channel, *, stop: bool = True) -> None:
    """They want no more messages by that channel, or want them again: they have said so themselves.

    It makes the record's open forms out of date, or one of them would take it back.
    """
    column = _COLUMNS[channel]
    async with write():
        for patient in sorted(patients):
            if await execute(
                f"""
                UPDATE patient SET {column} = {{}}, version = version + 1 WHERE id = {{}} AND {column} <> {{}}
                RETURNING id
                """,
                stop,
                patient,
                stop,
            ):
                opted = "out" if stop else "in"
                await record(
                    f"patient.opted_{opted}",
                    actor=None,
                    subject="patient",
                    subject_id=patient,
                    channel=channel.value,
                )


async def patients_with_mobile(number: str) -> list[int]:
    """Everybody who is reached at that number, E.164: a family may share one."""
    return [row["id"] for row in await rows("SELECT id FROM patient WHERE mobile = {}", number)]
