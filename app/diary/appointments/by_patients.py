"""What patients do about their appointments themselves, by the link of a message."""

from __future__ import annotations

from dataclasses import replace

from app.clinic.clinic import ClinicSettings
from app.diary.changes.overwriting import overwrite
from app.diary.changes.snapshots import Attended, Snapshot, load_snapshot
from app.diary.stale import Stale
from app.diary.statuses import FREEING, status_of_class
from app.diary.tables import Status

TRIES = 3


async def confirm_by_patient(appointment: int, patient: int, clinic: ClinicSettings) -> bool:
    """Note that the patient has confirmed it, unless they are further on already. Whether they are to come at all."""
    for _try in range(TRIES):  # somebody at the desk may be changing it
        before = await load_snapshot(appointment)
        mine = next((one for one in before.attended if one.patient == patient), None) if before else None
        if before is None or mine is None or mine.status in FREEING or before.status in FREEING:
            return False
        if mine.status != Status.BOOKED:
            return True
        try:
            change = (before, _confirmed(before, mine))
            await overwrite([change], "appointment.confirmed_by_patient", clinic, by=None, patient=patient)
        except Stale:
            continue
        return True
    raise Stale


def _confirmed(before: Snapshot, mine: Attended) -> Snapshot:
    attended = tuple(
        replace(one, status=Status.CONFIRMED) if one.patient == mine.patient else one
        for one in before.attended
    )
    of_all = status_of_class(one.status for one in attended) if before.is_class else Status.CONFIRMED
    return replace(before, attended=attended, status=of_all)
