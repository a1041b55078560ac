"""The record of checks: asking for one, and what the last one found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.accounts.viewer import Viewer
from app.clinic.settings import lock_settings
from app.clock import now
from app.db import rows, write
from app.errors import Invalid, TooMany
from app.i18n import gettext as _
from app.portal.check import check
from app.portal.tables import CheckOutcome, PortalCheck
from app.settings import Settings

PER_MINUTE = 5
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class LastCheck:
    """The last check that ended. ``tls_version`` is empty where there was no TLS."""

    checked_at: datetime
    outcome: CheckOutcome
    milliseconds: int
    tls_version: str

    @property
    def is_good(self) -> bool:
        """Whether the address leads to this installation."""
        return self.outcome is CheckOutcome.OK


async def check_portal(url: str, *, by: Viewer, settings: Settings) -> None:
    """Check that the portal loads at ``url`` and remember what came of it.

    Raises Invalid when there is no address yet, TooMany after five checks within a minute.
    """
    if not url:
        raise Invalid(_("Type the portal's address under Settings first."))
    started = await _start(url, by.user)
    result = await check(url, settings)
    await PortalCheck.update(
        {
            PortalCheck.outcome: result.outcome,
            PortalCheck.milliseconds: result.milliseconds,
            PortalCheck.tls_version: result.tls_version,
        }
    ).where(PortalCheck.id == started)


async def last_check(url: str) -> LastCheck | None:
    """What the last check of that address found; None if there was none since it became the portal's."""
    found = await rows(
        """
        SELECT checked_at, outcome, milliseconds, tls_version FROM portal_check
        WHERE address = {} AND outcome IS NOT NULL ORDER BY checked_at DESC, id DESC LIMIT 1
        """,
        url,
    )
    return LastCheck(**{**found[0], "outcome": CheckOutcome(found[0]["outcome"])}) if found else None


async def _start(url: str, by: int) -> int:
    """Count the check before it goes out, so that any number of processes together stay within the limit."""
    at = now()
    async with write():
        await lock_settings()  # one at a time, or two would both count the same four
        recent = await rows(
            "SELECT checked_at FROM portal_check WHERE checked_at > {} ORDER BY checked_at DESC LIMIT {}",
            at - MINUTE,
            PER_MINUTE,
        )
        if len(recent) == PER_MINUTE:
            wait = recent[-1]["checked_at"] + MINUTE - at
            raise TooMany(
                _("That was checked {n} times within a minute. Please wait a little.").format(n=PER_MINUTE),
                retry_after=max(1, round(wait.total_seconds())),
            )
        inserted = await PortalCheck.insert(PortalCheck(checked_at=at, checked_by=by, address=url))
    return int(inserted[0]["id"])
