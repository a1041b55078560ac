"""The doors: /login for desktops and tablets, /m for phones, /admin/login while the portal is offline."""

from __future__ import annotations

from typing import Any

from litestar import Controller, Response, get, post
from litestar.response import Template

from app.accounts.devices import is_phone, label_of
from app.accounts.forms import PasswordLogInForm, PinLogInForm
from app.accounts.guards import always_open, anyone, once_set_up
from app.accounts.login import LoggedIn, LogIn, log_in, log_out
from app.accounts.middleware import SESSION_COOKIE
from app.accounts.sessions import lifetime
from app.accounts.tables import CredentialKind, SessionKind
from app.accounts.viewer import Viewer
from app.clinic.clinic import ClinicSettings
from app.forms import as_phone
from app.web.cookies import cookie_name, expired_cookie, new_cookie
from app.web.forms import FormState, blank, read_form
from app.web.pages import local_path, page, see_other
from app.web.request import Request

DEVICE_COOKIE_LASTS = 90 * 24 * 3600


class EntranceController(Controller):
    """The portal's address without a path: leads to the diary, or to the log-in that fits the browser."""

    path = "/"
    guards = [anyone]

    @get()
    async def enter(self, request: Request, viewer: Viewer | None) -> Response[Any]:
        """Lead on."""
        if viewer:
            return see_other(request, home_of(viewer))
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
            return see_other(request, _next(request) or home_of(viewer))
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
            return see_other(request, _next(request) or home_of(viewer))
        return _password_page(request, blank(PasswordLogInForm))

    @post()
    async def submit(self, request: Request, clinic: ClinicSettings) -> Response[Any]:
        """Log in, or say calmly that it didn't work."""
        return await _with_password(request, clinic, desk_only=True)


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
                _attempt(request, CredentialKind.PIN, _as_dialled(typed.mobile, clinic), pin), clinic
            )

        if logged_in := await form.apply(attempt):
            return _welcome(request, clinic, logged_in, SessionKind.PHONE, "/m/today")
        return _pin_page(request, form)


class LogOutController(Controller):
    """Log out."""

    path = "/logout"
    guards = [always_open]

    @post()
    async def submit(
        self, request: Request, viewer: Viewer | None, clinic: ClinicSettings | None
    ) -> Response[Any]:
        """End the session; the browser forgets what it has stored, but stays a known device."""
        if viewer:
            await log_out(viewer)
        answer = see_other(request, _door_of(viewer, clinic), cookies=[expired_cookie(SESSION_COOKIE)])
        answer.headers["clear-site-data"] = '"cache", "storage"'
        return answer


def home_of(viewer: Viewer) -> str:
    """Where a log-in leads to."""
    return "/m/today" if viewer.on_phone else "/diary"


def _door_of(viewer: Viewer | None, clinic: ClinicSettings | None) -> str:
    """Where whoever leaves may log in again."""
    if viewer and viewer.on_phone:
        return "/m"
    offline = clinic is not None and not clinic.portal_online
    return "/admin/login" if offline and viewer and viewer.keeps_desk else "/"


async def _with_password(request: Request, clinic: ClinicSettings, *, desk_only: bool) -> Response[Any]:
    form = await read_form(request, PasswordLogInForm)

    async def attempt(typed: PasswordLogInForm) -> LoggedIn:
        by_password = _attempt(
            request, CredentialKind.PASSWORD, typed.email.lower(), typed.password, desk_only=desk_only
        )
        return await log_in(by_password, clinic)

    if logged_in := await form.apply(attempt):
        return _welcome(request, clinic, logged_in, SessionKind.DESKTOP, "/diary")
    return _password_page(request, form)


def _attempt(
    request: Request, kind: CredentialKind, user_name: str, secret: str, *, desk_only: bool = False
) -> LogIn:
    return LogIn(
        kind=kind,
        user_name=user_name,
        secret=secret,
        cookies=lambda name: request.cookies.get(cookie_name(name)),
        address=request.client_address,
        device_label=label_of(request.headers.get("user-agent", "")),
        session=request.viewer.session if request.viewer else None,
        desk_only=desk_only,
    )


def _as_dialled(typed: str, clinic: ClinicSettings) -> str:
    """The number in E.164; as typed if it isn't one, which then fails like any unknown number."""
    try:
        return as_phone(typed, clinic.country)
    except ValueError:
        return typed


def _welcome(
    request: Request, clinic: ClinicSettings, logged_in: LoggedIn, kind: SessionKind, home: str
) -> Response[Any]:
    lasts = int(lifetime(kind, clinic).total_seconds())
    cookies = [
        new_cookie(SESSION_COOKIE, logged_in.session_token, max_age=lasts),
        new_cookie(logged_in.device_cookie, logged_in.device_token, max_age=DEVICE_COOKIE_LASTS),
    ]
    return see_other(request, _next(request) or home, cookies=cookies)


def _next(request: Request) -> str | None:
    return local_path(request.query_params.get("next"))


def _password_page(request: Request, form: FormState[PasswordLogInForm]) -> Template:
    return page(request, "accounts/login.html", "accounts/_login_form.html", form=form, status=form.status)


def _pin_page(request: Request, form: FormState[PinLogInForm]) -> Template:
    return page(
        request, "accounts/phone_login.html", "accounts/_phone_login_form.html", form=form, status=form.status
    )
