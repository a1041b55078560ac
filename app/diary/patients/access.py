"""Whose records a viewer may open.

A patient's record belongs to those who treat the patient, so it follows the diary: whoever keeps the desk sees all, and
so do practitioners where the clinic lets them see each other's diaries in full. Where it doesn't, a practitioner sees
the patients who have, or had, an appointment with them, cancelled ones too, and those whom they entered themselves. To
anybody else a record doesn't exist, neither in lists nor at its address.
"""

from __future__ import annotations

from typing import Any

from app.accounts.viewer import Viewer
from app.clinic.clinic import ClinicSettings
from app.clinic.tables import ColleagueAccess

# A part of a WHERE, and what its placeholders stand for.
Condition = tuple[str, tuple[Any, ...]]


def sees_all_patients(viewer: Viewer, clinic: ClinicSettings) -> bool:
    """Whether every patient of the clinic is the viewer's to see, with every appointment."""
    open_to_colleagues = viewer.practitioner and clinic.colleague_access == ColleagueAccess.FULL
    return viewer.keeps_desk or open_to_colleagues


def seen_by(viewer: Viewer, clinic: ClinicSettings) -> Condition:
    """That a row ``p`` of patient is one the viewer may see."""
    if sees_all_patients(viewer, clinic):
        return "TRUE", ()
    # A list rather than EXISTS for each patient: without statistics SQLite may begin that from all the practitioner's
    # appointments, again and again. This takes 50 ms at worst for one with 50,000 of them among 100,000 patients.
    return (
        """
        p.id IN (
            SELECT s.patient FROM appointment a JOIN attendance s ON s.appointment = a.id WHERE a.practitioner = {}
            UNION SELECT c.id FROM patient c WHERE c.created_by = {}
        )
        """,
        (viewer.user, viewer.user),
    )
