"""Changing the clinic's settings."""

from __future__ import annotations

from dataclasses import asdict, fields

from app.audit.record import record
from app.clinic.clinic import ClinicSettings, load_clinic
from app.clinic.tables import Clinic, PortalStatus
from app.clock import now
from app.db import execute, write
from app.errors import Conflict, NotFound
from app.i18n import gettext as _

# The portal's status has a verb of its own and leaves ``version`` alone: it makes nobody's form out of date.
_NOT_EDITED = {"portal_status", "portal_changed_by", "portal_changed_at", "version"}
EDITABLE = tuple(f.name for f in fields(ClinicSettings) if f.name not in _NOT_EDITED)


class SettingsChangedMeanwhile(Conflict):
    """Somebody else changed the settings after they were read."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Somebody else changed these settings while you were editing. Look at what is marked, then save again."
            )
        )


async def stored_settings() -> ClinicSettings:
    """The settings as they are now. Raises NotFound before set-up."""
    stored = await load_clinic()
    if stored is None:
        raise NotFound(_("The clinic isn't set up yet."))
    return stored


async def change_settings(edited: ClinicSettings, *, by: int) -> frozenset[str]:
    """Store what was edited from the version that it carries; the names of what that changed.

    Raises SettingsChangedMeanwhile.
    """
    async with write():
        await lock_settings()
        stored = await stored_settings()
        if stored.version != edited.version:
            raise SettingsChangedMeanwhile
        old, new = asdict(stored), asdict(edited)
        changed = frozenset(name for name in EDITABLE if new[name] != old[name])
        if changed:
            await Clinic.update(
                {**{name: new[name] for name in changed}, "version": stored.version + 1}
            ).where(Clinic.id == 1)
            await record("clinic.changed", actor=by, subject="clinic", fields=" ".join(sorted(changed)))
    return changed


async def change_portal_status(status: PortalStatus, *, by: int | None) -> bool:
    """Put the portal online or offline, in the caller's transaction; False when it was so already."""
    changed = await execute(
        """
        UPDATE clinic SET portal_status = {}, portal_changed_by = {}, portal_changed_at = {}
        WHERE id = 1 AND portal_status <> {} RETURNING id
        """,
        status,
        by,
        now(),
        status,
    )
    return bool(changed)


async def lock_settings() -> None:
    """Hold the settings row until the caller's transaction ends: what is read next can't change under it.

    On SQLite the transaction alone does that; on PostgreSQL the row has to be written to.
    """
    await execute("UPDATE clinic SET id = id WHERE id = 1 RETURNING id")
