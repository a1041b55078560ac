"""E-mailed links by which a forgotten password or PIN is replaced: who opens one reads the mail of its owner."""

from __future__ import annotations

from datetime import timedelta

from app.accounts.forgotten.voiding import void_links
from app.accounts.tables import CredentialKind, ForgottenLink
from app.accounts.tokens import new_token, token_hash
from app.accounts.users import StaffUser, load_user
from app.clock import now
from app.db import execute, rows
from app.errors import NotFound
from app.i18n import gettext as _

LASTS = timedelta(minutes=30)


class LinkOver(NotFound):
    """It has been used, is too old, or never was one; or its owner may no longer log in."""

    def __init__(self) -> None:
        super().__init__(_("This link no longer works: it works once, within 30 minutes."))


async def new_link(user: int, kind: CredentialKind) -> str:
    """A link's token, in the caller's transaction. The links before it work on until one is used."""
    token, at = new_token(), now()
    await ForgottenLink.insert(
        ForgottenLink(
            user=user, kind=kind, token_hash=token_hash(token), created_at=at, expires_at=at + LASTS
        )
    )
    return token


async def owner_of_link(token: str, kind: CredentialKind) -> StaffUser:
    """Whose link it is, while it works; looking doesn't use it up. Raises LinkOver."""
    found = await rows(
        'SELECT "user" FROM forgotten_link '
        "WHERE token_hash = {} AND kind = {} AND used_at IS NULL AND expires_at > {}",
        token_hash(token),
        kind.value,
        now(),
    )
    if not found:
        raise LinkOver
    user = await load_user(found[0]["user"])
    if not user.may_log_in(kind):
        raise LinkOver
    return user


async def use_link(token: str) -> None:
    """Use it up, in the caller's transaction, with all others of its owner for the same. Raises LinkOver."""
    used = await execute(
        "UPDATE forgotten_link SET used_at = {} WHERE token_hash = {} AND used_at IS NULL AND expires_at > {} "
        'RETURNING "user", kind',
        now(),
        token_hash(token),
        now(),
    )
    if not used:
        raise LinkOver
    await void_links(user=used[0]["user"], kind=CredentialKind(used[0]["kind"]))
