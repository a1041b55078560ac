"""What the guards' refusals look like: each leads the person on."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from litestar import Response

from app.accounts.devices import is_phone
from app.accounts.guards import ChooseOwnFirst, LogInFirst, NotSetUp, PortalOffline
from app.clinic.clinic import ClinicSettings
from app.web.errors import error_page
from app.web.pages import page, see_other
from app.web.request import Request


def log_in_first(request: Request, _refusal: LogInFirst) -> Response[Any]:
    """Lead to the log-in that fits the browser, and after it back to the page that was asked for."""
    clinic: ClinicSettings = request.context["clinic"]
    if request.url.path.startswith("/m/") or _is_phone(request):
        door = "/m"
    else:
        door = "/login" if clinic.portal_online else "/admin/login"
    asked_for = request.url.path if request.method == "GET" and not request.is_htmx else ""
    return see_other(request, f"{door}?next={quote(asked_for)}" if asked_for not in ("", "/") else door)


def choose_own_first(request: Request, refusal: ChooseOwnFirst) -> Response[Any]:
    """Lead to where a password of one's own is chosen."""
    return see_other(request, "/account", notice=refusal.message)


def portal_offline(request: Request, refusal: PortalOffline) -> Response[Any]:
    """The neutral page: the clinic's name and telephone, nothing about why. htmx is led to it as a whole page."""
    if request.is_htmx:
        return see_other(request, "/")
    return page(request, "errors/portal_offline.html", status=refusal.status)


def not_set_up(request: Request, refusal: NotSetUp) -> Response[Any]:
    """Say where the set-up link is."""
    return error_page(request, refusal.status, refusal.message)


def _is_phone(request: Request) -> bool:
    return is_phone(request.headers.get("user-agent", ""), request.headers.get("sec-ch-ua-mobile", ""))


# Typed loosely, like app.web.errors.HANDLERS: the request is always ours.
HANDLERS: dict[int | type[Exception], Any] = {
    LogInFirst: log_in_first,
    ChooseOwnFirst: choose_own_first,
    PortalOffline: portal_offline,
    NotSetUp: not_set_up,
}
