"""What passkeys need of a request: the portal as the browser reaches it, and the cookie that binds challenges to it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from litestar import MediaType, Response

from app.accounts.factors.challenges import LASTS
from app.accounts.factors.relying_party import RelyingParty, relying_party
from app.accounts.tokens import new_token
from app.clinic.clinic import ClinicSettings
from app.errors import NotFound
from app.i18n import gettext as _
from app.web.cookies import cookie_name, new_cookie
from app.web.request import Request

BROWSER_COOKIE = "ceremony"


def party_of(request: Request, clinic: ClinicSettings) -> RelyingParty | None:
    """The portal, where passkeys work at the address that the browser uses."""
    return relying_party(clinic, f"{request.url.scheme}://{request.url.netloc}")


def known_party(request: Request, clinic: ClinicSettings) -> RelyingParty:
    """The same. Raises NotFound where they don't."""
    party = party_of(request, clinic)
    if party is None:
        raise NotFound(_("Passkeys work at the portal’s own address only."))
    return party


def browser_of(request: Request) -> str:
    """What the browser that asked for a challenge can prove; nothing of one that hasn't asked."""
    return request.cookies.get(cookie_name(BROWSER_COOKIE), "")


async def options_answer(request: Request, options: Callable[[str], Awaitable[str]]) -> Response[str]:
    """The options of a ceremony, which begins now in this browser."""
    browser = browser_of(request) or new_token()
    return Response(
        await options(browser),
        media_type=MediaType.JSON,
        cookies=[new_cookie(BROWSER_COOKIE, browser, max_age=int(LASTS.total_seconds()))],
    )
