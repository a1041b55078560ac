"""/login/factor: the second step of a log-in, after the right password."""

from __future__ import annotations

from typing import Any

from litestar import Controller, Response, get, post

from app.accounts.admission import LoggedIn
from app.accounts.factors.forms import CodeForm, PasskeyForm
from app.accounts.factors.overview import has_passkey
from app.accounts.factors.pending import LASTS, Pending, find_pending
from app.accounts.factors.second_step import SecondStepOver, log_in_with_code, log_in_with_passkey_too
from app.accounts.guards import PortalOffline, once_set_up
from app.accounts.login import SecondStepFirst
from app.accounts.tables import SessionKind
from app.accounts.views.ceremonies import browser_of, known_party, party_of
from app.accounts.views.entering import next_of, welcome
from app.clinic.clinic import ClinicSettings
from app.web.cookies import cookie_name, expired_cookie, new_cookie
from app.web.forms import FormState, blank, read_form
from app.web.pages import page, see_other
from app.web.request import Request

PENDING_COOKIE = "second-step"


def to_second_step(request: Request, first: SecondStepFirst) -> Response[Any]:
    """Lead there from a door, with what the browser needs to go on, and the page that was asked for."""
    asked_for = f"?{request.url.query}" if next_of(request) else ""
    cookie = new_cookie(PENDING_COOKIE, first.token, max_age=int(LASTS.total_seconds()))
    return see_other(request, f"/login/factor{asked_for}", cookies=[cookie])


class SecondStepController(Controller):
    """A code, a recovery code or a passkey. Whoever has no log-in under way is led back to the door."""

    path = "/login/factor"
    guards = [once_set_up]

    @get()
    async def show(self, request: Request, clinic: ClinicSettings) -> Response[Any]:
        """What may be given."""
        return await _step_page(request, clinic, await _pending(request, clinic), blank(CodeForm))

    @post()
    async def with_code(self, request: Request, clinic: ClinicSettings) -> Response[Any]:
        """Go on with a code, or say calmly that it didn't work."""
        pending, form = await _pending(request, clinic), await read_form(request, CodeForm)

        async def attempt(typed: CodeForm) -> LoggedIn:
            return await log_in_with_code(pending, typed.code, clinic, address=request.client_address)

        return await _answer(request, clinic, pending, form, await form.apply(attempt))

    @post("/passkey")
    async def with_passkey(self, request: Request, clinic: ClinicSettings) -> Response[Any]:
        """The same with a passkey."""
        pending, form = await _pending(request, clinic), await read_form(request, PasskeyForm)
        party = known_party(request, clinic)

        async def attempt(sent: PasskeyForm) -> LoggedIn:
            address, browser = request.client_address, browser_of(request)
            return await log_in_with_passkey_too(
                pending, sent.credential, party, browser, clinic, address=address
            )

        return await _answer(request, clinic, pending, form, await form.apply(attempt))


async def _pending(request: Request, clinic: ClinicSettings) -> Pending:
    """The log-in under way. Raises SecondStepOver, and PortalOffline for whom the portal has closed meanwhile."""
    pending = await find_pending(request.cookies.get(cookie_name(PENDING_COOKIE), ""))
    if pending is None:
        raise SecondStepOver
    if not clinic.portal_online and not pending.desk_only:
        raise PortalOffline
    return pending


async def _answer(
    request: Request,
    clinic: ClinicSettings,
    pending: Pending,
    form: FormState[CodeForm] | FormState[PasskeyForm],
    logged_in: LoggedIn | None,
) -> Response[Any]:
    if logged_in:
        done = [expired_cookie(PENDING_COOKIE)]
        return welcome(request, clinic, logged_in, SessionKind.DESKTOP, "/diary", cookies=done)
    if isinstance(form.refusal, SecondStepOver):
        raise form.refusal
    return await _step_page(request, clinic, pending, form)


async def _step_page(
    request: Request,
    clinic: ClinicSettings,
    pending: Pending,
    form: FormState[CodeForm] | FormState[PasskeyForm],
) -> Response[Any]:
    may_use_passkey = party_of(request, clinic) is not None and await has_passkey(pending.user, clinic)
    return page(
        request,
        "accounts/second_step.html",
        "accounts/_second_step_form.html",
        status=form.status,
        form=form,
        door=pending.door,
        may_use_passkey=may_use_passkey,
    )
