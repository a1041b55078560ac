"""The doors for passkeys: one beside each of the others."""

from __future__ import annotations

from functools import partial
from typing import Any

from litestar import Controller, Response, post

from app.accounts.admission import LoggedIn
from app.accounts.factors.assertions import assertion_options
from app.accounts.factors.forms import PasskeyForm
from app.accounts.factors.passkey_login import log_in_with_passkey, unlock_with_passkey
from app.accounts.guards import anyone, once_set_up
from app.accounts.login import session_kind_of
from app.accounts.sessions import LockedSession
from app.accounts.tables import CredentialKind
from app.accounts.views.ceremonies import browser_of, known_party, options_answer
from app.accounts.views.entering import attempt_of, door_page, next_of, welcome
from app.accounts.views.lock import lock_page, unlocked
from app.clinic.clinic import ClinicSettings
from app.web.forms import read_form
from app.web.pages import see_other
from app.web.request import Request


class PasskeyDoorController(Controller):
    """Log in with a passkey."""

    path = "/"

    @post("/login/passkey/options", guards=[once_set_up], status_code=200)
    async def options(self, request: Request, clinic: ClinicSettings) -> Response[str]:
        """What the browser is to have signed, at any of the doors."""
        return await options_answer(request, partial(assertion_options, known_party(request, clinic)))

    @post("/login/passkey", guards=[anyone])
    async def at_a_desktop(self, request: Request, clinic: ClinicSettings) -> Response[Any]:
        """In place of e-mail and password."""
        return await _enter(request, clinic, CredentialKind.PASSWORD)

    @post("/m/passkey", guards=[anyone])
    async def on_a_phone(self, request: Request, clinic: ClinicSettings) -> Response[Any]:
        """In place of number and PIN."""
        return await _enter(request, clinic, CredentialKind.PIN)

    @post("/admin/login/passkey", guards=[once_set_up])
    async def at_the_desk(self, request: Request, clinic: ClinicSettings) -> Response[Any]:
        """Administrators and front desk, while the portal is offline."""
        return await _enter(request, clinic, CredentialKind.PASSWORD, desk_only=True)

    @post("/lock/passkey", guards=[anyone])
    async def at_the_lock(self, request: Request, clinic: ClinicSettings) -> Response[Any]:
        """In place of the secret that opens a locked session."""
        locked: LockedSession | None = request.context["locked"]
        if locked is None:
            return see_other(request, next_of(request) or "/")
        party, form = known_party(request, clinic), await read_form(request, PasskeyForm)

        async def attempt(sent: PasskeyForm) -> bool:
            return await unlock_with_passkey(locked, sent.credential, party, browser_of(request))

        if await form.apply(attempt):
            return unlocked(request, locked)
        return await lock_page(request, form)


async def _enter(
    request: Request, clinic: ClinicSettings, kind: CredentialKind, *, desk_only: bool = False
) -> Response[Any]:
    party, form = known_party(request, clinic), await read_form(request, PasskeyForm)

    async def attempt(sent: PasskeyForm) -> LoggedIn:
        by_passkey = attempt_of(request, kind, "", sent.credential, desk_only=desk_only)
        return await log_in_with_passkey(by_passkey, party, browser_of(request), clinic)

    on_phone = kind is CredentialKind.PIN
    if logged_in := await form.apply(attempt):
        return welcome(
            request, clinic, logged_in, session_kind_of(kind), "/m/today" if on_phone else "/diary"
        )
    name, context = ("phone_login", {"remembered": ""}) if on_phone else ("login", {})
    return door_page(request, form, f"accounts/{name}.html", f"accounts/_{name}_form.html", **context)
