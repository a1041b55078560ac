"""/account/passkeys: one's own, added, named and removed."""

from __future__ import annotations

from functools import partial
from typing import Any

from litestar import Controller, MediaType, Response, get, post

from app.accounts.devices import label_of
from app.accounts.factors.forms import ConfirmedForm, PasskeyForm, PasskeyNameForm
from app.accounts.factors.passkeys import own_passkey, own_passkeys, remove_passkey, rename_passkey
from app.accounts.factors.recovery_codes import recovery_codes_left
from app.accounts.factors.registration import add_passkey, registration_options
from app.accounts.guards import signed_in
from app.accounts.middleware import OFFER_COOKIE
from app.accounts.reauthentication import require_fresh_login
from app.accounts.viewer import Viewer
from app.accounts.views.ceremonies import browser_of, known_party, options_answer, party_of
from app.clinic.clinic import ClinicSettings
from app.i18n import gettext as _
from app.web.cookies import expired_cookie
from app.web.forms import FormState, blank, read_form
from app.web.pages import page, see_other
from app.web.request import Request

PASSKEYS = "/account/passkeys"


class PasskeyController(Controller):
    """The viewer's passkeys."""

    path = PASSKEYS
    guards = [signed_in]

    @get()
    async def index(self, request: Request, viewer: Viewer, clinic: ClinicSettings) -> Response[Any]:
        """The list, and the button that adds one."""
        return await _list_page(request, viewer, clinic, blank(PasskeyForm))

    @post("/options", status_code=200)
    async def options(self, request: Request, viewer: Viewer, clinic: ClinicSettings) -> Response[Any]:
        """What the browser makes a passkey from, once it is known that it is the viewer who asks."""
        form = await read_form(request, ConfirmedForm)
        if not await form.apply(_confirm, request):
            message = next(iter(form.errors.values()))
            return Response({"message": message}, media_type=MediaType.JSON, status_code=form.status)
        return await options_answer(
            request, partial(registration_options, viewer, known_party(request, clinic))
        )

    @post()
    async def add(self, request: Request, viewer: Viewer, clinic: ClinicSettings) -> Response[Any]:
        """Store what the browser made. It is called like the browser, until somebody names it."""
        form, party = await read_form(request, PasskeyForm), known_party(request, clinic)
        name = label_of(request.headers.get("user-agent", ""))

        async def add(sent: PasskeyForm) -> bool:
            await require_fresh_login(request.auth, "")
            return await add_passkey(viewer, party, browser_of(request), sent.credential, name)

        if await form.apply(add):
            said = _("The passkey is added: you can log in with it from now on.")
            where = "/m/today" if viewer.on_phone else PASSKEYS
            return see_other(request, where, notice=said, cookies=[expired_cookie(OFFER_COOKIE)])
        return await _list_page(request, viewer, clinic, form)

    @get("/{passkey:int}")
    async def show(
        self, request: Request, viewer: Viewer, clinic: ClinicSettings, passkey: int
    ) -> Response[Any]:
        """One of them."""
        return await _passkey_page(request, viewer, clinic, passkey)

    @post("/{passkey:int}")
    async def rename(
        self, request: Request, viewer: Viewer, clinic: ClinicSettings, passkey: int
    ) -> Response[Any]:
        """Call it otherwise."""
        form = await read_form(request, PasskeyNameForm)

        async def rename(typed: PasskeyNameForm) -> bool:
            return await rename_passkey(viewer, passkey, typed.name)

        if await form.apply(rename):
            return see_other(request, PASSKEYS, notice=_("The passkey is renamed."))
        return await _passkey_page(request, viewer, clinic, passkey, naming=form)

    @post("/{passkey:int}/removal")
    async def remove(
        self, request: Request, viewer: Viewer, clinic: ClinicSettings, passkey: int
    ) -> Response[Any]:
        """It opens nothing any more."""
        form = await read_form(request, ConfirmedForm)

        async def remove(typed: ConfirmedForm) -> bool:
            await require_fresh_login(request.auth, typed.password)
            return await remove_passkey(viewer, passkey)

        if await form.apply(remove):
            return see_other(request, PASSKEYS, notice=_("The passkey is removed."))
        return await _passkey_page(request, viewer, clinic, passkey, removal=form)


async def _confirm(typed: ConfirmedForm, request: Request) -> bool:
    await require_fresh_login(request.auth, typed.password)
    return True


async def _list_page(
    request: Request, viewer: Viewer, clinic: ClinicSettings, form: FormState[PasskeyForm]
) -> Response[Any]:
    return page(
        request,
        "accounts/passkeys.html",
        status=form.status,
        section="account",
        layout=layout_for(viewer),
        form=form,
        passkeys=await own_passkeys(viewer, clinic),
        codes_left=await recovery_codes_left(viewer.user),
        passkeys_work=party_of(request, clinic) is not None,
    )


async def _passkey_page(
    request: Request,
    viewer: Viewer,
    clinic: ClinicSettings,
    passkey: int,
    *,
    naming: FormState[PasskeyNameForm] | None = None,
    removal: FormState[ConfirmedForm] | None = None,
) -> Response[Any]:
    own = await own_passkey(viewer, passkey, clinic)
    sent = naming or removal
    return page(
        request,
        "accounts/passkey.html",
        status=sent.status if sent else 200,
        section="account",
        layout=layout_for(viewer),
        passkey=own,
        naming=naming or blank(PasskeyNameForm, name=own.name),
        removal=removal or blank(ConfirmedForm),
    )


def layout_for(viewer: Viewer) -> str:
    """The account's pages are for phones, too."""
    return "layouts/phone.html" if viewer.on_phone else "layouts/app.html"
