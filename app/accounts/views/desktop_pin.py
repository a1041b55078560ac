"""/account/new-pin: a new PIN without the old one, on a desktop, where the password stands for it."""

from __future__ import annotations

from typing import Any

from litestar import Controller, Response, get, post

from app.accounts.credentials import credentials_of
from app.accounts.forgotten.pin import choose_pin_by_password
from app.accounts.forms import PinByDesktopForm
from app.accounts.guards import signed_in
from app.accounts.reauthentication import require_fresh_login
from app.accounts.tables import CredentialKind
from app.accounts.viewer import Viewer
from app.clinic.clinic import ClinicSettings
from app.errors import NotFound
from app.i18n import gettext as _
from app.web.forms import FormState, blank, read_form
from app.web.pages import page, see_other
from app.web.request import Request


class DesktopPinController(Controller):
    """Choosing it. A phone's session has been begun with the PIN itself, and changes it by that."""

    path = "/account/new-pin"
    guards = [signed_in]

    @get()
    async def show(self, request: Request, viewer: Viewer) -> Response[Any]:
        """The form, for whoever has a mobile login."""
        await _require_mobile_login(viewer)
        return _choice_page(request, blank(PinByDesktopForm))

    @post()
    async def choose(self, request: Request, viewer: Viewer, clinic: ClinicSettings) -> Response[Any]:
        """Take the new PIN, or say next to the field why not."""
        await _require_mobile_login(viewer)
        form = await read_form(request, PinByDesktopForm)

        async def choose(typed: PinByDesktopForm) -> bool:
            await require_fresh_login(request.auth, typed.password)
            return await choose_pin_by_password(viewer, typed.new, clinic)

        if await form.apply(choose):
            return see_other(request, "/account", notice=_("Your PIN is changed."))
        return _choice_page(request, form)


async def _require_mobile_login(viewer: Viewer) -> None:
    """Raise NotFound on a phone, and where there is no PIN."""
    if viewer.on_phone or CredentialKind.PIN not in await credentials_of(viewer.user):
        raise NotFound(_("You have no PIN that could be changed here."))


def _choice_page(request: Request, form: FormState[PinByDesktopForm]) -> Response[Any]:
    return page(
        request,
        "accounts/desktop_pin.html",
        "accounts/_desktop_pin_form.html",
        status=form.status,
        section="account",
        form=form,
    )
