"""Holds: a channel whose own credentials or TLS are wrong is tried by one message at a time until it works again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.clock import now
from app.db import execute, glance, write
from app.messages.states import RELEASED
from app.messages.tables import Channel, ChannelHold, Message, MessageState

PROBE_EVERY = timedelta(minutes=5)
"""Slow enough that a mail server doesn't take the tries for an attack, quick enough after somebody has put it right."""


@dataclass(frozen=True, slots=True)
class Hold:
    """What keeps a channel back, since when, and when the next message tries it."""

    since: datetime
    code: str
    probe_at: datetime


async def hold_on(channel: Channel) -> Hold | None:
    """The channel's hold, if there is one."""
    found = await glance("SELECT since, code, probe_at FROM channel_hold WHERE channel = {}", channel.value)
    return Hold(**found[0]) if found else None


async def held_channels() -> tuple[Channel, ...]:
    """Those that are held now."""
    return tuple(Channel(row["channel"]) for row in await glance("SELECT channel FROM channel_hold"))


async def hold(channel: Channel, code: str, message: int) -> None:
    """Hold the channel, in the caller's transaction, because of this message's error."""
    at = now()
    await execute(
        """
        INSERT INTO channel_hold (channel, since, code, message, probe_at) VALUES ({}, {}, {}, {}, {})
        ON CONFLICT (channel) DO UPDATE SET
            code = excluded.code, message = excluded.message, probe_at = excluded.probe_at
        """,
        channel.value,
        at,
        code,
        message,
        at + PROBE_EVERY,
    )


async def take_probe(channel: Channel) -> bool:
    """Whether the caller, in its transaction, is the one that tries the held channel now."""
    at = now()
    taken = await (
        ChannelHold.update({ChannelHold.probe_at: at + PROBE_EVERY})
        .where(ChannelHold.channel == channel, ChannelHold.probe_at <= at)
        .returning(ChannelHold.channel)
    )
    return bool(taken)


async def lift(channel: Channel) -> None:
    """The channel works: everything held on it goes out, in the caller's transaction."""
    if await hold_on(channel):
        await ChannelHold.delete().where(ChannelHold.channel == channel)
        await Message.update(
            {Message.state: MessageState.QUEUED, Message.next_attempt_at: now(), **RELEASED}
        ).where(Message.channel == channel, Message.state == MessageState.HELD)


async def probe_now(channel: Channel) -> None:
    """Let the next message try the channel at once: whoever restarts a worker may have put its settings right."""
    if await hold_on(channel):
        async with write():
            await ChannelHold.update({ChannelHold.probe_at: now()}).where(ChannelHold.channel == channel)
            await Message.update({Message.next_attempt_at: now()}).where(
                Message.channel == channel, Message.state == MessageState.HELD
            )
