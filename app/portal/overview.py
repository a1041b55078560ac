"""All that the *Patient Portal* page shows."""

from __future__ import annotations

from dataclasses import dataclass

from app.accounts.logins import some_practitioner_has_a_login
from app.accounts.practitioner_sessions import practitioners_logged_in
from app.accounts.users import load_user
from app.accounts.waiting_logins import WaitingLogins, waiting_logins
from app.clinic.clinic import ClinicSettings
from app.clinic.settings import stored_settings
from app.portal.checks import LastCheck, last_check


@dataclass(frozen=True, slots=True)
class PortalOverview:
    """The portal's state. ``changed_by`` is empty when a command changed the status, or nobody yet."""

    clinic: ClinicSettings
    changed_by: str
    check: LastCheck | None
    practitioners_logged_in: int
    has_logins: bool
    messages: WaitingLogins

    @property
    def steps_done(self) -> tuple[bool, bool, bool]:
        """Which of the next steps are behind us: online, checked, the first practitioner's login."""
        return self.clinic.portal_online, self.check is not None and self.check.is_good, self.has_logins

    @property
    def next_step(self) -> int | None:
        """The first step that is left, counted from 1; None when there is none."""
        return next((number for number, done in enumerate(self.steps_done, 1) if not done), None)


async def portal_overview() -> PortalOverview:
    """The state as it is now."""
    clinic = await stored_settings()
    changed_by = clinic.portal_changed_by
    return PortalOverview(
        clinic=clinic,
        changed_by=(await load_user(changed_by)).name if changed_by else "",
        check=await last_check(clinic.portal_url) if clinic.portal_url else None,
        practitioners_logged_in=await practitioners_logged_in(clinic) if clinic.portal_online else 0,
        has_logins=await some_practitioner_has_a_login(),
        messages=await waiting_logins(),
    )
