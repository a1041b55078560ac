"""Links that are void: with whatever they would replace, or with the address that they were sent from or to."""

from __future__ import annotations

from app.accounts.tables import CredentialKind, ForgottenLink
from app.clock import now


async def void_links(*, user: int | None = None, kind: CredentialKind | None = None) -> None:
    """End those that wait, in the caller's transaction: all, or a user's for one login."""
    at = now()
    voiding = ForgottenLink.update({ForgottenLink.expires_at: at}).where(
        ForgottenLink.used_at.is_null(), ForgottenLink.expires_at > at
    )
    if user is not None:
        voiding = voiding.where(ForgottenLink.user == user)
    await (voiding.where(ForgottenLink.kind == kind) if kind else voiding)
