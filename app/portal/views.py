"""/admin/web-booking: the Patient Portal and its Settings; and what the portal says when it is asked who it is."""

from __future__ import annotations

import json
from typing import Any

from litestar import Controller, MediaType, Response, get, post

from app import settings
from app.accounts.guards import administrators_only, always_open
from app.accounts.viewer import Viewer
from app.clinic.clinic import ClinicSettings, renderer
from app.clinic.places import countries, time_zones
from app.clinic.settings import stored_settings
from app.clock import now
from app.errors import NotFound
from app.i18n import gettext as _
from app.portal.address import PortalAddress
from app.portal.check import KEY, PATH
from app.portal.checks import check_portal, last_check
from app.portal.forms import SettingsForm, StatusForm
from app.portal.nonce import answer
from app.portal.overview import portal_overview
from app.portal.settings import passkeys_lost, save_settings, shown_settings
from app.portal.status import set_status
from app.web.forms import FormState, blank, read_form
from app.web.pages import page, see_other
from app.web.request import Request

WEB_BOOKING = "/admin/web-booking"


class PatientPortalController(Controller):
    """*Patient Portal*: whether it is online, whether its address loads, and what to do next."""

    path = WEB_BOOKING
    guards = (administrators_only,)

    @get()
    async def show(self, request: Request) -> Response[Any]:
        """The portal's state."""
        return await _portal_page(request)

    @get("/offline")
    async def ask(self, request: Request, clinic: ClinicSettings) -> Response[Any]:
        """The question before it goes offline: a page, or what stands in the dialog."""
        if not clinic.portal_online:
            return see_other(request, WEB_BOOKING)
        return await _portal_page(request, "portal/offline.html", "portal/_offline_question.html")

    @post("/status", status_code=200)
    async def change_status(self, request: Request, viewer: Viewer) -> Response[Any]:
        """Put it online or offline."""
        form = await read_form(request, StatusForm)
        await form.apply(set_status, by=viewer)
        if not request.is_partial:
            return see_other(request, WEB_BOOKING)
        return await _portal_page(request, partial="portal/_after_status.html", status=form.status)

    @post("/check", status_code=200)
    async def check(self, request: Request, viewer: Viewer, clinic: ClinicSettings) -> Response[Any]:
        """Check that it loads."""
        await check_portal(clinic.portal_url, by=viewer, settings=settings.current())
        if not request.is_partial:
            return see_other(request, WEB_BOOKING)
        return await _portal_page(request, partial="portal/_after_check.html")


class SettingsController(Controller):
    """*Settings*: the portal's address, the clinic, its messages and its sessions."""

    path = f"{WEB_BOOKING}/settings"
    guards = (administrators_only,)

    @get()
    async def show(self, request: Request, clinic: ClinicSettings) -> Response[Any]:
        """The form."""
        return await _settings_page(request, clinic, blank(SettingsForm, **_as_read(clinic)))

    @post()
    async def save(self, request: Request, clinic: ClinicSettings) -> Response[Any]:
        """Store them, or say next to each field why not."""
        form = await read_form(request, SettingsForm)
        if await form.apply(save_settings, clinic, by=request.auth) is not None:
            return see_other(request, f"{WEB_BOOKING}/settings", notice=_("The settings are saved."))
        stored = await stored_settings()
        if form.status == 409:
            _show_both(form, stored)
        return await _settings_page(request, stored, form)


class IdentityController(Controller):
    """How *Check that it loads* recognises this installation, whatever the portal's status and the Host header."""

    path = PATH
    guards = (always_open,)

    @get("/{nonce:str}", media_type=MediaType.TEXT)
    async def identify(self, nonce: str) -> str:
        """The answer to a nonce of ours."""
        found = answer(settings.current().key(KEY), nonce)
        if found is None:
            raise NotFound(_("There is no such page."))
        return found


async def _portal_page(
    request: Request,
    template: str = "portal/portal.html",
    partial: str | None = None,
    status: int = 200,
) -> Response[Any]:
    portal = await portal_overview()
    return page(
        request,
        template,
        partial,
        status=status,
        section="web-booking",
        clinic=portal.clinic,
        portal=portal,
        check=portal.check,
    )


async def _settings_page(
    request: Request, clinic: ClinicSettings, form: FormState[SettingsForm]
) -> Response[Any]:
    return page(
        request,
        "portal/settings.html",
        "portal/_settings_form.html",
        status=form.status,
        section="web-booking",
        clinic=clinic,
        form=form,
        check=await last_check(clinic.portal_url) if clinic.portal_url else None,
        reached_at=_reached_at(request),
        passkeys_lost=await passkeys_lost(clinic),
        time_now=renderer(clinic).time(now()),
        countries=countries(),
        time_zones=time_zones(clinic.country, clinic.time_zone),
    )


def _reached_at(request: Request) -> str:
    """The address that the browser uses, if it would do as the portal's; else nothing."""
    development = settings.current().is_development
    try:
        return str(
            PortalAddress.parse(f"{request.url.scheme}://{request.url.netloc}", development=development)
        )
    except ValueError:
        return ""


def _as_read(clinic: ClinicSettings) -> dict[str, Any]:
    """What the form shows, and remembers having shown."""
    shown = shown_settings(clinic)
    return {**shown, "version": clinic.version, "read": json.dumps(shown)}


def _show_both(form: FormState[SettingsForm], stored: ClinicSettings) -> None:
    """Somebody else saved meanwhile: keep what was typed and say what they changed; take theirs where nothing was."""
    read = form.data.read if form.data else {}
    values = dict(form.values)
    for name, theirs in shown_settings(stored).items():
        ours = values.get(name)
        if theirs in (read.get(name), ours):
            continue
        if ours == read.get(name):
            values[name] = theirs
            form.errors[name] = _("Somebody else has just changed this. You see the new value.")
        else:
            form.errors[name] = _("Somebody else has just changed this to: {value}").format(value=theirs)
    form.values = {**values, **{name: _as_read(stored)[name] for name in ("version", "read")}}
