"""What the guards' refusals look like: each leads the person on."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from litestar import Response

from app.accounts.devices import is_phone
from app.accounts.factors.second_step import SecondStepOver
from app.accounts.guards import (
    ChooseOwnFirst,
    ConfirmFirst,
    FactorFirst,
    NotSetUp,
    PortalOffline,
    ProveFirst,
)
from app.clinic.clinic import ClinicSettings
from app.web.errors import error_page
from app.web.pages import local_path, over_page, page, see_other
from app.web.request import Request


def prove_first(request: Request, refusal: ProveFirst) -> Response[Any]:
    """Lead to where the person shows who they are, and after it back to the page that they were at.

    A form that was sent too late isn't lost: htmx's stands where it stood, under a dialog; any other is on the page
    that is the answer, to be sent again.
    """
    door = _door(request, refusal)
    back = local_path(request.page_address) if request.method == "GET" or request.is_htmx else None
    address = f"{door}?next={quote(back)}" if back not in (None, "/", door) else door
    if request.is_htmx:
        writes = request.method != "GET"
        return over_page(
            request, "accounts/_over.html", status=401, door=door, address=address, writes=writes
        )
    if request.method != "GET":
        return page(request, "accounts/kept.html", status=401, door=door, typed=refusal.typed)
    return see_other(request, address)


def _door(request: Request, refusal: ProveFirst) -> str:
    """Where the person shows who they are: at the lock, or by the log-in that fits the browser."""
    clinic: ClinicSettings = request.context["clinic"]
    if isinstance(refusal, ConfirmFirst):
        return "/confirm"
    if request.context["locked"]:
        return "/lock"
    if request.url.path.startswith("/m/") or _is_phone(request):
        return "/m"
    return "/login" if clinic.portal_online else "/admin/login"


def choose_own_first(request: Request, refusal: ChooseOwnFirst) -> Response[Any]:
    """Lead to where a password of one's own is chosen."""
    return see_other(request, "/account", notice=refusal.message)


def second_step_over(request: Request, refusal: SecondStepOver) -> Response[Any]:
    """Lead back to the door, and say why."""
    clinic: ClinicSettings = request.context["clinic"]
    return see_other(request, "/login" if clinic.portal_online else "/admin/login", notice=refusal.message)


def factor_first(request: Request, refusal: FactorFirst) -> Response[Any]:
    """Lead to where a second step is set up."""
    return see_other(request, "/account#second-step", notice=refusal.message)


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
    ProveFirst: prove_first,
    ChooseOwnFirst: choose_own_first,
    FactorFirst: factor_first,
    SecondStepOver: second_step_over,
    PortalOffline: portal_offline,
    NotSetUp: not_set_up,
}
