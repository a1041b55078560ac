"""/account/authenticator and /account/recovery-codes: the second step of one's own online login."""

from __future__ import annotations

from typing import Any

from litestar import Controller, Response, get, post

from app.accounts.factors.authenticators import (
    authenticator_since,
    begin_authenticator,
    begun_authenticator,
    confirm_authenticator,
    remove_authenticator,
)
from app.accounts.factors.forms import CodeForm, ConfirmedForm
from app.accounts.factors.overview import has_factor
from app.accounts.factors.recovery_codes import make_recovery_codes, recovery_codes_left
from app.accounts.guards import signed_in
from app.accounts.middleware import OFFER_COOKIE
from app.accounts.reauthentication import require_fresh_login
from app.accounts.viewer import Viewer
from app.clinic.clinic import ClinicSettings
from app.errors import NotFound
from app.i18n import gettext as _
from app.web.cookies import expired_cookie
from app.web.forms import FormState, blank, read_form
from app.web.pages import page, see_other
from app.web.qr import qr_code
from app.web.request import Request

AUTHENTICATOR, RECOVERY_CODES = "/account/authenticator", "/account/recovery-codes"


class AuthenticatorController(Controller):
    """The viewer's authenticator app. It is no business of a phone's session: a PIN is no way to it."""

    path = AUTHENTICATOR
    guards = [signed_in]

    @get()
    async def show(self, request: Request, viewer: Viewer, clinic: ClinicSettings) -> Response[Any]:
        """How it stands; once one is begun, what the app has to be told."""
        return await _authenticator_page(request, viewer, clinic)

    @post()
    async def begin(self, request: Request, viewer: Viewer, clinic: ClinicSettings) -> Response[Any]:
        """Make a secret for an app. An earlier app counts until a code of this one was typed."""
        _require_desktop(viewer)
        form = await read_form(request, ConfirmedForm)

        async def begin(typed: ConfirmedForm) -> bool:
            await require_fresh_login(request.auth, typed.password)
            await begin_authenticator(viewer)
            return True

        if await form.apply(begin):
            return see_other(request, AUTHENTICATOR)
        return await _authenticator_page(request, viewer, clinic, form=form)

    @post("/code", status_code=200)
    async def confirm(self, request: Request, viewer: Viewer, clinic: ClinicSettings) -> Response[Any]:
        """From now on it counts. Whoever has no recovery codes yet gets some."""
        _require_desktop(viewer)
        form = await read_form(request, CodeForm)

        async def confirm(typed: CodeForm) -> bool:
            return await confirm_authenticator(viewer, typed.code)

        if not await form.apply(confirm):
            return await _authenticator_page(request, viewer, clinic, typing=form)
        if await recovery_codes_left(viewer.user):
            return see_other(request, "/account#second-step", notice=_("Your authenticator app is in use."))
        return await _new_codes(request, viewer)

    @post("/removal")
    async def remove(self, request: Request, viewer: Viewer, clinic: ClinicSettings) -> Response[Any]:
        """Its codes open nothing any more."""
        _require_desktop(viewer)
        form = await read_form(request, ConfirmedForm)

        async def remove(typed: ConfirmedForm) -> bool:
            await require_fresh_login(request.auth, typed.password)
            return await remove_authenticator(viewer)

        if await form.apply(remove):
            return see_other(request, "/account#second-step", notice=_("The authenticator app is removed."))
        return await _authenticator_page(request, viewer, clinic, form=form)


class RecoveryCodeController(Controller):
    """The viewer's recovery codes."""

    path = RECOVERY_CODES
    guards = [signed_in]

    @get()
    async def show(self, request: Request, viewer: Viewer, clinic: ClinicSettings) -> Response[Any]:
        """How many are left."""
        return await _codes_page(request, viewer, clinic, blank(ConfirmedForm))

    @post(status_code=200)
    async def make(self, request: Request, viewer: Viewer, clinic: ClinicSettings) -> Response[Any]:
        """New ones. They are in this answer and nowhere else: loading the page again shows no more."""
        _require_desktop(viewer)
        form = await read_form(request, ConfirmedForm)

        async def confirm(typed: ConfirmedForm) -> bool:
            await require_fresh_login(request.auth, typed.password)
            return True

        if await form.apply(confirm) and await has_factor(viewer.user, clinic):
            return await _new_codes(request, viewer)
        return await _codes_page(request, viewer, clinic, form)


def _require_desktop(viewer: Viewer) -> None:
    if viewer.on_phone:
        raise NotFound(_("This is set up on a desktop or tablet, with e-mail and password."))


async def _authenticator_page(
    request: Request,
    viewer: Viewer,
    clinic: ClinicSettings,
    *,
    form: FormState[ConfirmedForm] | None = None,
    typing: FormState[CodeForm] | None = None,
) -> Response[Any]:
    _require_desktop(viewer)
    begun = await begun_authenticator(viewer, clinic)
    sent = form or typing
    return page(
        request,
        "accounts/authenticator.html",
        status=sent.status if sent else 200,
        section="account",
        since=await authenticator_since(viewer.user),
        begun=begun,
        code=qr_code(begun.uri) if begun else None,
        form=form or blank(ConfirmedForm),
        typing=typing or blank(CodeForm),
    )


async def _codes_page(
    request: Request, viewer: Viewer, clinic: ClinicSettings, form: FormState[ConfirmedForm]
) -> Response[Any]:
    _require_desktop(viewer)
    return page(
        request,
        "accounts/recovery_codes.html",
        status=form.status,
        section="account",
        codes=[],
        left=await recovery_codes_left(viewer.user),
        is_of_use=await has_factor(viewer.user, clinic),
        form=form,
    )


async def _new_codes(request: Request, viewer: Viewer) -> Response[Any]:
    return page(
        request,
        "accounts/recovery_codes.html",
        section="account",
        codes=await make_recovery_codes(viewer),
        cookies=[expired_cookie(OFFER_COOKIE)],
    )
