"""Telling the owner of a login that it has changed, so that a change which wasn't theirs doesn't stay unnoticed."""

from __future__ import annotations

from app import settings
from app.accounts.users import StaffUser
from app.messages.compose import Purpose
from app.messages.letters import Changed
from app.messages.outbox import post
from app.messages.tables import Channel
from app.messages.transports import channel_available


async def tell_owner(user: StaffUser, changed: Changed, *channels: Channel) -> None:
    """Write to them by each of these ways that reaches them, in the caller's transaction."""
    if Channel.EMAIL in channels and user.email:
        context = {"name": user.name, "changed": changed.value}
        await post(Purpose.CREDENTIAL_CHANGED, Channel.EMAIL, user.email, user.id, context)
    if Channel.TEXT in channels and user.mobile and channel_available(Channel.TEXT, settings.current()):
        context = {"changed": changed.value}
        await post(Purpose.CREDENTIAL_CHANGED_TEXT, Channel.TEXT, user.mobile, user.id, context)
