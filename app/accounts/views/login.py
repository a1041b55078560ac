"""The doors for e-mail and password: /login, and /admin/login while the portal is offline; and the way out."""

from __future__ import annotations

from typing import Any

from litestar import Controller, Response, get, post
from litestar.response import Template

from app.accounts.admission import LoggedIn
from app.accounts.devices import is_phone
from app.accounts.forms import PasswordLogInForm
from app.accounts.guards import always_open, anyone, once_set_up
from app.accounts.login import SecondStepFirst, log_in, log_out
from app.accounts.middleware import OFFER_COOKIE, SESSION_COOKIE
from app.accounts.sessions import LockedSession
from app.accounts.tables import CredentialKind, SessionKind
from app.accounts.viewer import Viewer
from app.accounts.views.entering import attempt_of, door_page, home_of, next_of, welcome
from app.accounts.views.second_step import to_second_step
from app.clinic.clinic import ClinicSettings
from app.web.cookies import expired_cookie
from app.web.forms import FormState, blank, read_form
from app.web.pages import see_other
from app.web.request import Request


class EntranceController(Controller):
    """The portal's address without a path: leads to the diary, or to the log-in that fits the browser."""

    path = "/"
    guards = [anyone]

    @get()
    async def enter(self, request: Request, viewer: Viewer | None) -> Response[Any]:
        """Lead on."""
        if viewer:
            return see_other(request, home_of(viewer))
        if request.context["locked"]:
            return see_other(request, "/lock")
        headers = request.headers
        on_phone = is_phone(headers.get("user-agent", ""), headers.get("sec-ch-ua-mobile", ""))
        return see_other(request, "/m" if on_phone else "/login")


class PasswordLogInController(Controller):
    """Log in with e-mail and password, on a desktop or tablet."""

    path = "/login"
    guards = [anyone]

    @get()
    async def show(self, request: Request, viewer: Viewer | None) -> Response[Any]:
        """The form; whoever is logged in goes on to the diary."""
        if viewer:
            return see_other(request, next_of(request) or home_of(viewer))
        return _password_page(request, blank(PasswordLogInForm))

    @post()
    async def submit(self, request: Request, clinic: ClinicSettings) -> Response[Any]:
        """Log in, or say calmly that it didn't work."""
        return await _with_password(request, clinic, desk_only=False)


class DeskLogInController(Controller):
    """The same for administrators and front desk, open while the portal is offline."""

    path = "/admin/login"
    guards = [once_set_up]

    @get()
    async def show(self, request: Request, viewer: Viewer | None) -> Response[Any]:
        """The form; whoever is logged in goes on."""
        if viewer:
            return see_other(request, next_of(request) or home_of(viewer))
        return _password_page(request, blank(PasswordLogInForm))

    @post()
    async def submit(self, request: Request, clinic: ClinicSettings) -> Response[Any]:
        """Log in, or say calmly that it didn't work."""
        return await _with_password(request, clinic, desk_only=True)


class LogOutController(Controller):
    """Log out."""

    path = "/logout"
    guards = [always_open]

    @post()
    async def submit(
        self, request: Request, viewer: Viewer | None, clinic: ClinicSettings | None
    ) -> Response[Any]:
        """End the session; the browser forgets what it has stored, but stays a known device."""
        locked: LockedSession | None = request.context["locked"]
        leaving = locked.viewer if locked else viewer
        if leaving:
            await log_out(leaving)
        answer = see_other(
            request,
            _door_of(leaving, clinic),
            cookies=[expired_cookie(SESSION_COOKIE), expired_cookie(OFFER_COOKIE)],
        )
        answer.headers["clear-site-data"] = '"cache", "storage"'
        return answer


def _door_of(viewer: Viewer | None, clinic: ClinicSettings | None) -> str:
    """Where whoever leaves may log in again."""
    if viewer and viewer.on_phone:
        return "/m"
    offline = clinic is not None and not clinic.portal_online
    return "/admin/login" if offline and viewer and viewer.keeps_desk else "/"


async def _with_password(request: Request, clinic: ClinicSettings, *, desk_only: bool) -> Response[Any]:
    form = await read_form(request, PasswordLogInForm)

    async def attempt(typed: PasswordLogInForm) -> LoggedIn:
        by_password = attempt_of(
            request, CredentialKind.PASSWORD, typed.email.lower(), typed.password, desk_only=desk_only
        )
        return await log_in(by_password, clinic)

    if logged_in := await form.apply(attempt):
        return welcome(request, clinic, logged_in, SessionKind.DESKTOP, "/diary")
    if isinstance(form.refusal, SecondStepFirst):
        return to_second_step(request, form.refusal)
    return _password_page(request, form)


def _password_page(request: Request, form: FormState[PasswordLogInForm]) -> Template:
    return door_page(request, form, "accounts/login.html", "accounts/_login_form.html")
