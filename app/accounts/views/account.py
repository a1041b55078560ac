"""/account: one's own logins, and a password of one's own."""

from __future__ import annotations

from typing import Any

from litestar import Controller, Response, get, post

from app.accounts.credentials import credentials_of
from app.accounts.factors.overview import factors_of
from app.accounts.forms import OwnPasswordForm, OwnPinForm, SharedTabletForm
from app.accounts.guards import at_own_account
from app.accounts.middleware import OFFER_COOKIE
from app.accounts.new_devices import unconfirmed_phones
from app.accounts.own_secrets import choose_own_password, choose_own_pin
from app.accounts.session_list import devices_of, sessions_of
from app.accounts.sessions import LiveSession
from app.accounts.users import load_user
from app.accounts.viewer import Viewer
from app.accounts.views.change_notices import change_notices_card
from app.accounts.views.entering import home_of
from app.clinic.clinic import ClinicSettings
from app.i18n import gettext as _
from app.web.cookies import expired_cookie
from app.web.forms import FormState, blank, read_form
from app.web.pages import page, see_other
from app.web.request import Request


class AccountController(Controller):
    """The viewer's own account."""

    path = "/account"
    guards = [at_own_account]

    @get()
    async def show(self, request: Request, viewer: Viewer) -> Response[Any]:
        """The logins, and the form for a new password."""
        return await _account_page(request, viewer, blank(OwnPasswordForm))

    @post("/offer/removal")
    async def put_off(self, request: Request, viewer: Viewer) -> Response[Any]:
        """What the log-in has asked is not to be thought of now."""
        return see_other(request, home_of(viewer), cookies=[expired_cookie(OFFER_COOKIE)])

    @post("/password")
    async def change_password(
        self, request: Request, viewer: Viewer, clinic: ClinicSettings
    ) -> Response[Any]:
        """Take the new password, or say next to the field why not."""
        form = await read_form(request, OwnPasswordForm)

        async def choose(typed: OwnPasswordForm) -> bool:
            return await choose_own_password(
                viewer, clinic, current=typed.current if _asks_current(request) else None, new=typed.new
            )

        if await form.apply(choose):
            return see_other(request, "/account", notice=_("Your password is changed."))
        return await _account_page(request, viewer, form)

    @post("/pin")
    async def change_pin(self, request: Request, viewer: Viewer, clinic: ClinicSettings) -> Response[Any]:
        """Take the new PIN, on the phone, or say next to the field why not."""
        form = await read_form(request, OwnPinForm)

        async def choose(typed: OwnPinForm) -> bool:
            return await choose_own_pin(
                viewer, clinic, current=typed.current if _asks_current(request) else None, new=typed.new
            )

        if await form.apply(choose):
            return see_other(request, "/account", notice=_("Your PIN is changed."))
        return await _account_page(request, viewer, form)


def _asks_current(request: Request) -> bool:
    """Whether the current secret must be typed; not while one that isn't the person's own has just been given."""
    session: LiveSession = request.auth
    return not ((session.password_is_temporary or session.secret_was_shown) and session.is_fresh)


async def _account_page(
    request: Request, viewer: Viewer, form: FormState[OwnPasswordForm] | FormState[OwnPinForm]
) -> Response[Any]:
    """On a phone with the PIN's form, elsewhere with the password's."""
    user = await load_user(viewer.user)
    return page(
        request,
        "accounts/account.html",
        "accounts/_own_pin_form.html" if viewer.on_phone else "accounts/_own_password_form.html",
        status=form.status,
        section="account",
        layout="layouts/phone.html" if viewer.on_phone else "layouts/app.html",
        form=form,
        user=user,
        user_name=user.email,
        asks_current=_asks_current(request),
        credentials=await credentials_of(viewer.user),
        new_phones=[] if viewer.on_phone else await unconfirmed_phones(viewer.user),
        change_notices=await change_notices_card(viewer),
        base="/account",
        tablet=blank(SharedTabletForm, shared=request.auth.shared),
        sessions=await sessions_of(viewer.user, request.context["clinic"], own=viewer.session),
        devices=await devices_of(viewer.user, own=viewer.session),
        factors=await factors_of(viewer, request.context["clinic"]),
    )
