"""/m: the door for phones, with mobile number and PIN."""

from __future__ import annotations

from typing import Any

from litestar import Controller, Response, get, post
from litestar.response import Template

from app.accounts.admission import LoggedIn
from app.accounts.forms import PinLogInForm
from app.accounts.guards import anyone
from app.accounts.login import log_in
from app.accounts.tables import CredentialKind, SessionKind
from app.accounts.viewer import Viewer
from app.accounts.views.entering import attempt_of, door_page, welcome
from app.clinic.clinic import ClinicSettings
from app.forms import as_dialled
from app.web.forms import FormState, blank, read_form
from app.web.pages import see_other
from app.web.request import Request


class PinLogInController(Controller):
    """Log in with mobile number and PIN, on a phone."""

    path = "/m"
    guards = [anyone]

    @get()
    async def show(self, request: Request, viewer: Viewer | None) -> Response[Any]:
        """The form; whoever is logged in goes on to today's agenda."""
        if viewer:
            return see_other(request, "/m/today")
        return _pin_page(request, blank(PinLogInForm))

    @post()
    async def submit(self, request: Request, clinic: ClinicSettings) -> Response[Any]:
        """Log in, or say calmly that it didn't work."""
        form = await read_form(request, PinLogInForm)

        async def attempt(typed: PinLogInForm) -> LoggedIn:
            pin = "".join(digit for digit in typed.pin if not digit.isspace())
            return await log_in(
                attempt_of(request, CredentialKind.PIN, as_dialled(typed.mobile, clinic.country), pin), clinic
            )

        if logged_in := await form.apply(attempt):
            return welcome(request, clinic, logged_in, SessionKind.PHONE, "/m/today")
        return _pin_page(request, form)


def _pin_page(request: Request, form: FormState[PinLogInForm]) -> Template:
    return door_page(request, form, "accounts/phone_login.html", "accounts/_phone_login_form.html")
