"""/confirm: the password again, before the administrators' pages open that nobody has used for a while."""

from __future__ import annotations

from typing import Any

from litestar import Controller, Response, get, post

from app.accounts.factors.forms import PasskeyForm
from app.accounts.factors.overview import has_passkey
from app.accounts.factors.passkey_login import confirm_with_passkey
from app.accounts.forms import ConfirmForm
from app.accounts.guards import at_own_account
from app.accounts.reauthentication import confirm
from app.accounts.sessions import LiveSession
from app.accounts.tables import SessionKind
from app.accounts.viewer import Viewer
from app.accounts.views.ceremonies import browser_of, known_party, party_of
from app.accounts.views.entering import back_to_page, home_of, next_of
from app.clinic.clinic import ClinicSettings
from app.errors import Forbidden
from app.web.forms import FormState, blank, read_form
from app.web.pages import page, see_other
from app.web.request import Request


class ConfirmController(Controller):
    """Showing that it is still the same person."""

    path = "/confirm"
    guards = [at_own_account]

    @get()
    async def show(self, request: Request) -> Response[Any]:
        """The form."""
        return await _confirm_page(request, blank(ConfirmForm))

    @post()
    async def submit(self, request: Request, viewer: Viewer) -> Response[Any]:
        """Go on where one was; after too many wrong tries, log in anew."""
        form, session = await read_form(request, ConfirmForm), _session_of(request)

        async def attempt(typed: ConfirmForm) -> bool:
            return await confirm(session, typed.password)

        if await form.apply(attempt):
            return _confirmed(request, viewer)
        if isinstance(form.refusal, Forbidden):
            return see_other(request, "/", notice=form.refusal.message)
        return await _confirm_page(request, form)

    @post("/passkey")
    async def with_passkey(self, request: Request, viewer: Viewer, clinic: ClinicSettings) -> Response[Any]:
        """The same with a passkey."""
        form, party = await read_form(request, PasskeyForm), known_party(request, clinic)

        async def attempt(sent: PasskeyForm) -> bool:
            return await confirm_with_passkey(
                _session_of(request), sent.credential, party, browser_of(request)
            )

        if await form.apply(attempt):
            return _confirmed(request, viewer)
        return await _confirm_page(request, form)


def _session_of(request: Request) -> LiveSession:
    session: LiveSession = request.auth
    return session


def _confirmed(request: Request, viewer: Viewer) -> Response[Any]:
    if request.is_over_page:
        return back_to_page(request, viewer.user)
    return see_other(request, next_of(request) or home_of(viewer))


async def _confirm_page(
    request: Request, form: FormState[ConfirmForm] | FormState[PasskeyForm]
) -> Response[Any]:
    viewer, clinic = request.viewer, request.context["clinic"]
    works = party_of(request, clinic) is not None
    return page(
        request,
        "accounts/confirm.html",
        "accounts/_confirm_form.html",
        status=form.status,
        form=form,
        may_use_passkey=works and await has_passkey(viewer.user, clinic, SessionKind(viewer.kind)),
        query=f"?{request.url.query}" if request.url.query else "",
    )
