"""*Settings*: what saving them takes and brings about."""

from __future__ import annotations

from dataclasses import replace

from app.accounts.alerts import tell_administrators
from app.accounts.factors.passkeys import passkeys_of_host
from app.accounts.factors.relying_party import host_of
from app.accounts.forgotten.voiding import void_links
from app.accounts.reauthentication import require_fresh_login
from app.accounts.sessions import LiveSession
from app.clinic.clinic import ClinicSettings, renderer
from app.clinic.settings import EDITABLE, SettingsChangedMeanwhile, change_settings
from app.db import write
from app.errors import Invalid
from app.i18n import gettext as _
from app.i18n import ngettext
from app.portal.forms import SettingsForm


async def save_settings(form: SettingsForm, stored: ClinicSettings, *, by: LiveSession) -> frozenset[str]:
    """Store the settings; the names of those that changed.

    A new portal URL sends people and their passwords elsewhere: it takes the administrator's password, unless that
    was given a moment ago, and every administrator is told. Where passkeys would stop working, that has to be meant.
    Raises SettingsChangedMeanwhile, and Invalid next to a field.
    """
    if form.version != stored.version:
        raise SettingsChangedMeanwhile
    if form.portal_url != stored.portal_url:
        await _require_leave_to_move(form, stored, by)
    edited = replace(stored, **form.model_dump(include=set(EDITABLE)))
    async with write():
        changed = await change_settings(edited, by=by.viewer.user)
        if "portal_url" in changed:
            await void_links()  # they lead to the old address, which may be somebody else's by now
            await tell_administrators(
                "portal_address_changed", old=stored.portal_url, new=edited.portal_url, by=by.viewer.name
            )
    return changed


def shown_settings(clinic: ClinicSettings) -> dict[str, str]:
    """The settings as their form shows them."""
    values = {name: str(getattr(clinic, name)) for name in EDITABLE}
    return {**values, "phone": renderer(clinic).phone(clinic.phone)}


async def passkeys_lost(clinic: ClinicSettings) -> str:
    """What another host of the portal would bring about for those who log in by passkey; empty if nothing."""
    lost = await passkeys_of_host(host_of(clinic.portal_url))
    if not lost:
        return ""
    return ngettext(
        "{n} passkey belongs to this address: at another one it no longer works, and has to be added anew.",
        "{n} passkeys belong to this address: at another one they no longer work, and have to be added anew.",
        lost,
    ).format(n=lost)


async def _require_leave_to_move(form: SettingsForm, stored: ClinicSettings, by: LiveSession) -> None:
    if not form.portal_url:
        raise Invalid(
            _("Messages lead people to this address, so it can be changed but not removed."), "portal_url"
        )
    moves = host_of(form.portal_url) != host_of(stored.portal_url)
    if moves and not form.passkeys_may_stop and (lost := await passkeys_lost(stored)):
        raise Invalid(lost, "passkeys_may_stop")
    await require_fresh_login(by, form.password)
