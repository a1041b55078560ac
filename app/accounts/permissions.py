"""Whose diary a viewer may see."""

from __future__ import annotations

from app.accounts.viewer import Viewer
from app.clinic.tables import ColleagueAccess


def diary_access(viewer: Viewer, practitioner: int, colleague_access: str) -> ColleagueAccess:
    """How much of that practitioner's diary the viewer sees, as the clinic allows it among colleagues."""
    if viewer.keeps_desk or viewer.user == practitioner:
        return ColleagueAccess.FULL
    return ColleagueAccess(colleague_access) if viewer.practitioner else ColleagueAccess.NONE


def may_see(viewer: Viewer, practitioner: int, colleague_access: str) -> bool:
    """Whether the viewer may see that practitioner's appointments with their patients."""
    return diary_access(viewer, practitioner, colleague_access) is ColleagueAccess.FULL
