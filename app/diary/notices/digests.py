"""Digests: the owner of a diary is told once of what others have changed, when they have left it alone for a while.

A digest is made in the transaction that takes what is kept for it, and is a message like any other. So of several
workers one makes it, one that dies has made all of it or nothing, and what changes meanwhile is kept for the next.
"""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import structlog

from app.accounts.change_notices import Hearer, hearer
from app.clinic.clinic import ClinicSettings, load_clinic, renderer
from app.clock import midnight, now
from app.db import execute, glance, write
from app.db.watcher import Changes
from app.diary.changes.untold import days_told_of, from_json
from app.diary.notices.news import News, news_of, type_names
from app.i18n import gettext as _
from app.messages.compose import Purpose
from app.messages.outbox import post
from app.messages.tables import Channel
from app.pauses import until_first

QUIET = timedelta(minutes=3)
LISTED = 12
"""Changes in one e-mail; of a whole day that is put off one needn't read each."""
LOOK_SECONDS = 10
"""Nothing is due sooner than QUIET after it happened, so there is no need to look at every commit."""
LONGEST_PAUSE_SECONDS = 60

log = structlog.get_logger(__name__)


async def run_digests(watcher: Changes, stop: asyncio.Event) -> None:
    """Tell owners until ``stop`` is set. While nothing is kept for anybody, it looks only when something changes."""
    while not stop.is_set():
        seen = watcher.counter
        try:
            await tell_quiet_ones()
            due = await next_due()
        except Exception as error:  # whatever it is, the next change or minute brings another try
            log.warning("digests stumbled", error=type(error).__name__)
            due = None
        if due is None:
            await until_first(stop.wait(), watcher.wait(seen, LONGEST_PAUSE_SECONDS))
        pause = (due - now()).total_seconds() if due else 0
        await until_first(stop.wait(), asyncio.sleep(max(pause, LOOK_SECONDS)))


async def next_due() -> datetime | None:
    """When the next digest is to be made; None while there is none, or the portal is offline: then they wait for it."""
    clinic = await load_clinic()
    if clinic is None or not clinic.portal_online:
        return None
    found = await glance("SELECT changed_at FROM untold_changes ORDER BY changed_at LIMIT 1")
    return found[0]["changed_at"] + QUIET if found else None


async def tell_quiet_ones() -> None:
    """Tell each owner whose diary others have left alone for long enough."""
    clinic = await load_clinic()
    if clinic is None or not clinic.portal_online:
        return
    for row in await glance(
        "SELECT practitioner FROM untold_changes WHERE changed_at <= {} ORDER BY changed_at", now() - QUIET
    ):
        await _tell(row["practitioner"], clinic)


async def _tell(owner: int, clinic: ClinicSettings) -> None:
    async with write():
        # Whoever takes the row tells. One that has just been added to is left alone.
        taken = await execute(
            "DELETE FROM untold_changes WHERE practitioner = {} AND changed_at <= {} RETURNING known",
            owner,
            now() - QUIET,
        )
        reader = await hearer(owner) if taken else None
        if reader:
            news = await news_of(owner, from_json(taken[0]["known"]), days_told_of(clinic), clinic)
            if news:
                await _post(owner, reader, news, clinic)


async def _post(owner: int, reader: Hearer, news: list[News], clinic: ClinicSettings) -> None:
    among = days_told_of(clinic)
    days = sorted(set().union(*(one.days(among, clinic) for one in news)))
    context = {"changes": str(len(news)), "days": " ".join(map(str, days))}
    by_mail = reader.channel is Channel.EMAIL
    if by_mail:
        context |= {"name": reader.name, "lines": await _lines(news, clinic)}
    await post(
        Purpose.DIARY_CHANGED if by_mail else Purpose.DIARY_CHANGED_TEXT,
        reader.channel,
        reader.recipient,
        owner,
        context,
        expires_at=midnight(days[-1] + timedelta(days=1), clinic.zone),  # nobody needs it afterwards
        waits_for_portal=True,
    )


async def _lines(news: list[News], clinic: ClinicSettings) -> str:
    when, types = renderer(clinic), await type_names()
    lines = [f"{one.span(when)}\t{one.words(types, when)}" for one in news[:LISTED]]
    if (more := len(news) - LISTED) > 0:
        lines.append(f"{_('And')}\t{_('{n} more').format(n=more)}")
    return "\n".join(lines)
