"""The two ways that messages leave, as an administrator sees them: whether each works, and trying it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from app import settings
from app.accounts.users import load_user
from app.accounts.viewer import Viewer
from app.audit.record import record
from app.clock import now
from app.db import write
from app.errors import Invalid
from app.i18n import gettext as _
from app.messages.compose import Purpose
from app.messages.dispatch import try_now
from app.messages.history import PostedMessage, last_message
from app.messages.holds import Hold, hold_on
from app.messages.outbox import post
from app.messages.reasons import reason
from app.messages.states import UNFINISHED
from app.messages.tables import Channel
from app.messages.transports import channel_available

TESTS_SHOWN_FOR = timedelta(minutes=15)
_TESTS = {Channel.EMAIL: Purpose.TEST_EMAIL, Channel.TEXT: Purpose.TEST_TEXT}


@dataclass(frozen=True, slots=True)
class ChannelState:
    """A channel: why it isn't set up, or by what it is held, if it is; and the viewer's last test of it."""

    channel: Channel
    unavailable: str
    hold: Hold | None
    held_by: str
    test: PostedMessage | None


async def channel_states(viewer: Viewer) -> list[ChannelState]:
    """Both channels."""
    return [await _state(channel, viewer) for channel in Channel]


async def send_test(channel: Channel, *, by: Viewer) -> None:
    """Send the administrator a message of their own; a held channel is tried by it at once.

    While the last test is on its way there is no second one. Raises Invalid where nothing can be sent, or nowhere.
    """
    if unavailable := channel_available(channel, settings.current()).reason:
        raise Invalid(unavailable)
    user = await load_user(by.user)
    recipient = user.email if channel is Channel.EMAIL else user.mobile
    if not recipient:
        raise Invalid(
            _("Your own record has no e-mail address. Add it there first.")
            if channel is Channel.EMAIL
            else _("Your own record has no mobile number. Add it there first.")
        )
    async with write():
        last = await _last_test(channel, by)
        if last is None or last.delivery.state not in UNFINISHED:
            context = {"name": user.name} if channel is Channel.EMAIL else {}
            await post(_TESTS[channel], channel, recipient, user.id, context)
            await record("message.tested", actor=by.user, channel=channel.value)
        if await hold_on(channel):
            await try_now(channel)


async def try_again(channel: Channel, *, by: Viewer) -> None:
    """Have a held channel tried now rather than in some minutes: somebody may have put it right."""
    async with write():
        await try_now(channel)
        await record("message.channel_tried", actor=by.user, channel=channel.value)


async def _state(channel: Channel, viewer: Viewer) -> ChannelState:
    hold = await hold_on(channel)
    return ChannelState(
        channel=channel,
        unavailable=channel_available(channel, settings.current()).reason,
        hold=hold,
        held_by=reason(channel, hold.code) if hold else "",
        test=await _last_test(channel, viewer),
    )


async def _last_test(channel: Channel, viewer: Viewer) -> PostedMessage | None:
    return await last_message(_TESTS[channel], user=viewer.user, since=now() - TESTS_SHOWN_FOR)
