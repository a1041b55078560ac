"""/m: the door for phones, with mobile number and PIN; and with a code by text, for a phone that isn't known."""

from __future__ import annotations

from typing import Any

from litestar import Controller, Response, get, post
from litestar.response import Template

from app.accounts.admission import LoggedIn
from app.accounts.devices import is_device_cookie
from app.accounts.forms import CodeForm, PinLogInForm
from app.accounts.guards import anyone
from app.accounts.phones.bound import remembered_number
from app.accounts.phones.codes import LASTS
from app.accounts.phones.login import CodeAsked, log_in_by_code, log_in_by_phone
from app.accounts.tables import CredentialKind, SessionKind
from app.accounts.viewer import Viewer
from app.accounts.views.entering import attempt_of, door_page, next_of, welcome
from app.clinic.clinic import ClinicSettings
from app.errors import Invalid
from app.forms import as_dialled
from app.i18n import gettext as _
from app.web.cookies import cookie_name, expired_cookie, new_cookie
from app.web.forms import FormState, blank, read_form
from app.web.pages import page, see_other
from app.web.request import Request

CODE_COOKIE, TICKET_COOKIE = "phone-code", "ticket"
TICKET_KEPT = 3600


class PinLogInController(Controller):
    """Log in with mobile number and PIN, on a phone. One that is bound need not be told its number."""

    path = "/m"
    guards = [anyone]

    @get()
    async def show(self, request: Request, viewer: Viewer | None) -> Response[Any]:
        """The form; whoever is logged in goes on to today's agenda."""
        if viewer:
            return see_other(request, "/m/today")
        return await _pin_page(request, blank(PinLogInForm))

    @post()
    async def submit(self, request: Request, clinic: ClinicSettings) -> Response[Any]:
        """Log in; or, as a phone that isn't known, go on to the code, whatever was right or wrong."""
        form = await read_form(request, PinLogInForm)
        ticket = form.values.get("ticket") or _cookie(request, TICKET_COOKIE)

        async def attempt(typed: PinLogInForm) -> LoggedIn:
            number = as_dialled(typed.mobile, clinic.country) or await _remembered(request)
            if not number:
                raise Invalid(_("Please fill this in."), "mobile")
            by_pin = attempt_of(request, CredentialKind.PIN, number, _digits(typed.pin))
            return await log_in_by_phone(by_pin, clinic, ticket=ticket)

        if logged_in := await form.apply(attempt):
            return welcome(request, clinic, logged_in, SessionKind.PHONE, "/m/today")
        if isinstance(form.refusal, CodeAsked):
            return _to_the_code(request, form.refusal, ticket)
        return await _pin_page(request, form)


class PhoneCodeController(Controller):
    """The code by text, in the browser that asked for it."""

    path = "/m/code"
    guards = [anyone]

    @get()
    async def show(self, request: Request, viewer: Viewer | None) -> Response[Any]:
        """The form, whether or not a code was sent."""
        if viewer or not _cookie(request, CODE_COOKIE):
            return see_other(request, "/m")
        return _code_page(request, blank(CodeForm))

    @post()
    async def submit(self, request: Request, clinic: ClinicSettings) -> Response[Any]:
        """Bind the phone and log in, or say that the code doesn't work."""
        form = await read_form(request, CodeForm)

        async def attempt(typed: CodeForm) -> LoggedIn:
            by_code = attempt_of(request, CredentialKind.PIN, "", _digits(typed.code))
            return await log_in_by_code(by_code, clinic, browser=_cookie(request, CODE_COOKIE))

        if logged_in := await form.apply(attempt):
            answer = welcome(request, clinic, logged_in, SessionKind.PHONE, "/m/today")
            answer.set_cookie(expired_cookie(CODE_COOKIE))
            return answer
        return _code_page(request, form)


def _digits(typed: str) -> str:
    return "".join(digit for digit in typed if not digit.isspace())


def _cookie(request: Request, name: str) -> str:
    return request.cookies.get(cookie_name(name), "")


async def _remembered(request: Request) -> str:
    """The number of the mobile login that this phone is bound to; empty where it is to, or the person wants another."""
    if "number" in request.query_params:
        return ""
    return await remembered_number([v for name, v in request.cookies.items() if is_device_cookie(name)])


def _to_the_code(request: Request, asked: CodeAsked, ticket: str) -> Response[Any]:
    cookies = [new_cookie(CODE_COOKIE, asked.browser, max_age=int(LASTS.total_seconds()))]
    if ticket:  # for another attempt, when the form has forgotten it
        cookies.append(new_cookie(TICKET_COOKIE, ticket, max_age=TICKET_KEPT))
    query = f"?{request.url.query}" if next_of(request) else ""
    return see_other(request, f"/m/code{query}", cookies=cookies)


async def _pin_page(request: Request, form: FormState[PinLogInForm]) -> Template:
    return door_page(
        request,
        form,
        "accounts/phone_login.html",
        "accounts/_phone_login_form.html",
        remembered=await _remembered(request),
    )


def _code_page(request: Request, form: FormState[CodeForm]) -> Template:
    return page(
        request, "accounts/phone_code.html", "accounts/_phone_code_form.html", form=form, status=form.status
    )
