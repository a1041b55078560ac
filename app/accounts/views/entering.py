"""What the doors have in common: what a browser says of itself, and what it gets when it is let in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeGuard

from litestar import Response
from litestar.datastructures import Cookie
from litestar.response import Template

from app.accounts.admission import LoggedIn, Offer
from app.accounts.browsers import this_browser
from app.accounts.devices import label_of
from app.accounts.expired import SecretExpired
from app.accounts.login import LogIn
from app.accounts.middleware import OFFER_COOKIE, SESSION_COOKIE, SHARED_TABLET
from app.accounts.session_times import lifetime
from app.accounts.sessions import LockedSession
from app.accounts.tables import CredentialKind, SessionKind
from app.accounts.viewer import Viewer
from app.accounts.views.ceremonies import party_of
from app.clinic.clinic import ClinicSettings
from app.web.cookies import cookie_name, expired_cookie, new_cookie
from app.web.forms import FormState
from app.web.pages import local_path, over_page, page, see_other
from app.web.request import Request

DEVICE_COOKIE_LASTS = 90 * 24 * 3600
SHARED_TABLET_LASTS = 400 * 24 * 3600  # as long as browsers keep any


def home_of(viewer: Viewer) -> str:
    """Where a log-in leads to."""
    return "/m/today" if viewer.on_phone else "/diary"


def attempt_of(
    request: Request, kind: CredentialKind, user_name: str, secret: str, *, desk_only: bool = False
) -> LogIn:
    """An attempt to log in, with what its request says of the browser."""
    return LogIn(
        kind=kind,
        user_name=user_name,
        secret=secret,
        cookies=lambda name: request.cookies.get(cookie_name(name)),
        address=request.client_address,
        device_label=label_of(request.headers.get("user-agent", "")),
        session=_session_left_by(request),
        desk_only=desk_only,
    )


def welcome(
    request: Request,
    clinic: ClinicSettings,
    logged_in: LoggedIn,
    kind: SessionKind,
    home: str,
    *,
    cookies: Sequence[Cookie] = (),
) -> Response[Any]:
    """Let the browser in: its new cookies and ``cookies``, and on to the page that was asked for or ``home``."""
    lasts = int(lifetime(kind, clinic, shared=this_browser().shared).total_seconds())
    all_cookies = [
        new_cookie(SESSION_COOKIE, logged_in.session_token, max_age=lasts),
        new_cookie(logged_in.device_cookie, logged_in.device_token, max_age=DEVICE_COOKIE_LASTS),
        new_cookie(OFFER_COOKIE, logged_in.offer, max_age=lasts)
        if _makes_sense(logged_in.offer, request, clinic)
        else expired_cookie(OFFER_COOKIE),
        *cookies,
    ]
    if request.is_over_page:
        return back_to_page(request, logged_in.user, all_cookies)
    return see_other(request, next_of(request) or home, cookies=all_cookies)


def _makes_sense(offer: Offer | None, request: Request, clinic: ClinicSettings) -> TypeGuard[Offer]:
    return offer is Offer.FACTOR or (offer is Offer.PASSKEY and party_of(request, clinic) is not None)


def door_page(request: Request, form: FormState[Any], whole: str, part: str, **context: Any) -> Template:
    """The door's form; after the right secret whose days are over, in its place the button that sends another one."""
    if isinstance(form.refusal, SecretExpired):
        whole, part = "accounts/expired.html", "accounts/_expired.html"
    return page(
        request,
        whole,
        part,
        form=form,
        status=form.status,
        door=request.url.path.removesuffix("/passkey"),
        passkeys_work=party_of(request, request.context["clinic"]) is not None,
        **context,
    )


def back_to_page(request: Request, user: int, cookies: list[Cookie] | None = None) -> Response[Any]:
    """Uncover the page beneath the dialog, if it is that user's, with tokens that its forms can be sent with again."""
    return over_page(request, "accounts/_back.html", cookies=cookies, user=user)


def shared_tablet_cookie(*, shared: bool) -> Cookie:
    """The mark of a tablet that several people use, or what takes it away. It is the browser's, whoever logs in."""
    if not shared:
        return expired_cookie(SHARED_TABLET)
    return new_cookie(SHARED_TABLET, "yes", max_age=SHARED_TABLET_LASTS)


def _session_left_by(request: Request) -> int | None:
    locked: LockedSession | None = request.context["locked"]
    viewer = locked.viewer if locked else request.viewer
    return viewer.session if viewer else None


def next_of(request: Request) -> str | None:
    """The page that was asked for before the log-in, if any."""
    return local_path(request.query_params.get("next"))
