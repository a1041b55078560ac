"""A user's passkeys: listing, naming and removing them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.accounts.alerts import tell_owner
from app.accounts.factors.relying_party import hosts_of
from app.accounts.tables import SessionKind
from app.accounts.viewer import Viewer
from app.audit.record import record
from app.clinic.clinic import ClinicSettings
from app.db import execute, rows, write
from app.errors import NotFound
from app.i18n import gettext as _
from app.messages.letters import Changed


@dataclass(frozen=True, slots=True)
class OwnPasskey:
    """A passkey as its owner sees it. ``works`` unless it belongs to another address of the portal."""

    id: int
    name: str
    kind: str
    created_at: datetime
    last_used_at: datetime | None
    flagged_at: datetime | None
    works: bool


async def own_passkeys(viewer: Viewer, clinic: ClinicSettings) -> list[OwnPasskey]:
    """The viewer's passkeys, the oldest first; on a phone those of phones, for a PIN is no way to the others."""
    found = await rows(
        f"""
        SELECT id, name, kind, created_at, last_used_at, flagged_at, rp_id FROM passkey
        WHERE {_WITHIN_REACH} ORDER BY created_at, id
        """,
        *_reach_of(viewer),
    )
    hosts = hosts_of(clinic)
    return [OwnPasskey(works=row.pop("rp_id") in hosts, **row) for row in found]


async def own_passkey(viewer: Viewer, passkey: int, clinic: ClinicSettings) -> OwnPasskey:
    """One of the viewer's. Raises NotFound."""
    for own in await own_passkeys(viewer, clinic):
        if own.id == passkey:
            return own
    raise NotFound(_("You have no such passkey."))


async def rename_passkey(viewer: Viewer, passkey: int, name: str) -> bool:
    """Call it so. Raises NotFound."""
    renamed = await execute(
        f"UPDATE passkey SET name = {{}} WHERE id = {{}} AND {_WITHIN_REACH} RETURNING id",
        name,
        passkey,
        *_reach_of(viewer),
    )
    if not renamed:
        raise NotFound(_("You have no such passkey."))
    return True


async def remove_passkey(viewer: Viewer, passkey: int) -> bool:
    """It opens nothing any more; the owner is told by e-mail. Removing it twice changes nothing."""
    async with write():
        removed = await execute(
            f"DELETE FROM passkey WHERE id = {{}} AND {_WITHIN_REACH} RETURNING name",
            passkey,
            *_reach_of(viewer),
        )
        if removed:
            await record("passkey.removed", actor=viewer.user, subject="user", subject_id=viewer.user)
            await tell_owner(viewer.user, Changed.PASSKEY_REMOVED, device=removed[0]["name"])
    return True


async def passkeys_of_host(host: str) -> int:
    """How many passkeys of current users belong to that host, and stop working once the portal has another."""
    found = await rows(
        """
        SELECT count(*) AS passkeys FROM passkey p JOIN staff_user u ON u.id = p."user" AND u.current
        WHERE p.rp_id = {}
        """,
        host,
    )
    return int(found[0]["passkeys"])


_WITHIN_REACH = '"user" = {} AND kind IN ({}, {})'


def _reach_of(viewer: Viewer) -> tuple[int, str, str]:
    further = SessionKind.PHONE if viewer.on_phone else SessionKind.DESKTOP
    return viewer.user, SessionKind.PHONE.value, further.value
