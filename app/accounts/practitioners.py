"""The practitioners: whose diaries there are."""

from __future__ import annotations

from dataclasses import dataclass

from app.accounts.permissions import diary_access
from app.accounts.viewer import Viewer
from app.clinic.tables import ColleagueAccess
from app.db import rows


@dataclass(frozen=True, slots=True)
class Practitioner:
    """Whose diary it is."""

    id: int
    name: str


async def practitioners_for(
    viewer: Viewer, colleague_access: str
) -> list[tuple[Practitioner, ColleagueAccess]]:
    """The current practitioners of whose diary the viewer sees anything, and how much: their own, then by name."""
    found = await rows("SELECT id, name FROM staff_user WHERE practitioner AND current ORDER BY search")
    everybody = [Practitioner(row["id"], row["name"]) for row in found]
    seen = [(person, diary_access(viewer, person.id, colleague_access)) for person in everybody]
    return sorted(
        ((person, access) for person, access in seen if access is not ColleagueAccess.NONE),
        key=lambda one: one[0].id != viewer.user,
    )
