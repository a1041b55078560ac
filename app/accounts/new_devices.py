"""Devices that are new: their owner is told by e-mail, and says by the link in it whether it was them.

A new phone shows patients by their initials until the owner, or an administrator, has vouched for it: where a number
was mistyped, whoever has it sees no names.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from app.accounts.alerts import tell_administrators
from app.accounts.factors.withdrawal import forget_passkeys_since
from app.accounts.stopping import nobodys_secret, stop_login
from app.accounts.tables import CredentialKind, Device, SessionKind, StopReason
from app.accounts.tokens import new_token, token_hash
from app.audit.record import record
from app.clock import now
from app.db import execute, rows, write
from app.errors import NotFound
from app.i18n import gettext as _
from app.messages.compose import Purpose
from app.messages.outbox import post
from app.messages.tables import Channel

LINK_LASTS = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class NewDevice:
    """A device that its owner has been asked about, or is to be."""

    id: int
    user: int
    owner: str
    kind: SessionKind
    label: str
    created_at: datetime
    confirmed_at: datetime | None

    @property
    def is_phone(self) -> bool:
        """Whether it belongs to the mobile login."""
        return self.kind is SessionKind.PHONE


_SHOWN = 'd.id, d."user", u.name AS owner, d.kind, d.label, d.created_at, d.confirmed_at'


async def tell_of_new_device(user: int, device: int, kind: SessionKind, label: str) -> None:
    """Write to the device's owner, in the caller's transaction, if there is an e-mail address."""
    for person in await rows("SELECT name, email FROM staff_user WHERE id = {} AND email <> ''", user):
        token, ends = new_token(), now() + LINK_LASTS
        await Device.update({Device.link_hash: token_hash(token), Device.link_expires_at: ends}).where(
            Device.id == device
        )
        context = {
            "name": person["name"],
            "kind": kind.value,
            "device": label,
            "path": f"/new-device/{token}",
        }
        await post(Purpose.NEW_DEVICE, Channel.EMAIL, person["email"], user, context, expires_at=ends)


async def device_of_link(token: str) -> NewDevice:
    """The device that the link is about. Raises NotFound when the link is over or used."""
    found = await rows(
        f"""
        SELECT {_SHOWN} FROM device d JOIN staff_user u ON u.id = d."user"
        WHERE d.link_hash = {{}} AND d.link_hash <> '' AND d.link_expires_at > {{}}
        """,
        token_hash(token),
        now(),
    )
    return _only(found, _("This link no longer works. It was used, or a week has passed."))


async def unconfirmed_phones(user: int) -> list[NewDevice]:
    """The user's bound phones that show no names yet, the newest first."""
    found = await rows(
        f"""
        SELECT {_SHOWN} FROM device d JOIN staff_user u ON u.id = d."user"
        WHERE d."user" = {{}} AND d.kind = 'phone' AND d.bound AND d.ended_at IS NULL AND d.confirmed_at IS NULL
        ORDER BY d.id DESC
        """,
        user,
    )
    return [_device(row) for row in found]


async def phone_of(user: int, device: int) -> NewDevice:
    """That phone of the user. Raises NotFound."""
    found = [phone for phone in await unconfirmed_phones(user) if phone.id == device]
    if not found:
        raise NotFound(_("There is no such phone, or it has been confirmed already."))
    return found[0]


async def confirm(device: NewDevice, *, by: int | None) -> None:
    """Vouch for a phone: it shows names from now on. ``by`` is None for the owner's link. Twice is once."""
    async with write():
        confirmed = await execute(
            """
            UPDATE device SET confirmed_at = {}, confirmed_by = {}
            WHERE id = {} AND ended_at IS NULL AND confirmed_at IS NULL RETURNING id
            """,
            now(),
            by,
            device.id,
        )
        if confirmed:
            actor = device.user if by is None else by
            await record("phone.confirmed", actor=actor, subject="user", subject_id=device.user)


async def refuse(device: NewDevice) -> None:
    """*Not me*: end the device and its sessions, stop the login whose secret somebody else has, tell administrators."""
    kind = CredentialKind.PIN if device.is_phone else CredentialKind.PASSWORD
    nobodys = await nobodys_secret(kind, device.user)
    async with write():
        at = now()
        refused = await execute(
            """
            UPDATE device SET ended_at = coalesce(ended_at, {}), link_hash = '', link_expires_at = NULL
            WHERE id = {} AND (link_hash <> '' OR ended_at IS NULL) RETURNING id
            """,
            at,
            device.id,
        )
        if not refused:
            return
        await execute(
            "UPDATE login_session SET ended_at = {}, end_reason = 'not me' WHERE device = {} AND ended_at IS NULL",
            at,
            device.id,
        )
        await stop_login(device.user, kind, nobodys, StopReason.NOT_ME)
        await forget_passkeys_since(device.user, device.kind, device.created_at)
        await record(
            "device.refused", actor=device.user, subject="user", subject_id=device.user, kind=kind.value
        )
        await tell_administrators(
            Purpose.DEVICE_REFUSED,
            whose=device.owner,
            kind=device.kind.value,
            device=device.label,
            path=f"/admin/users/{device.user}/logins/{kind.value}",
        )


def _only(found: list[dict[str, Any]], otherwise: str) -> NewDevice:
    if not found:
        raise NotFound(otherwise)
    return _device(found[0])


def _device(row: dict[str, Any]) -> NewDevice:
    return NewDevice(**{**row, "kind": SessionKind(row["kind"])})
