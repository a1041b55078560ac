"""Who may call a handler. Every controller names one of these; a test fails for a route that has none.

A guard is asked after the middleware has found the viewer and the clinic.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from app.accounts.factors.overview import has_factor
from app.accounts.sessions import LiveSession, LockedSession
from app.accounts.viewer import Viewer
from app.clinic.clinic import ClinicSettings
from app.clinic.tables import AdminFactor
from app.errors import Forbidden, NotFound, Refusal
from app.i18n import gettext as _
from app.web.request import Request, context_of

Connection = ASGIConnection[Any, Any, Any, Any]
Typed = Sequence[tuple[str, str]]

# What is asked for again rather than kept.
SECRETS = {"_csrf_token", "password", "current_password", "current", "new", "pin", "secret", "code"}


class ProveFirst(Refusal):
    """Who it is has to be shown first. ``typed`` are the fields of a form that was sent too late."""

    status = 401

    def __init__(self, message: str, typed: Typed = ()) -> None:
        super().__init__(message)
        self.typed = typed


class LogInFirst(ProveFirst):
    """Nobody is logged in, or the session is over or locked: leads to the log-in or the lock."""

    def __init__(self, typed: Typed = ()) -> None:
        super().__init__(_("Please log in first."), typed)


class ConfirmFirst(ProveFirst):
    """The administrators' pages have not been used for a while: leads to where the password is asked for again."""

    def __init__(self, typed: Typed = ()) -> None:
        super().__init__(_("Please confirm first that it is you."), typed)


class ChooseOwnFirst(Refusal):
    """The secret opens the choice of one's own, no more: past its days where it was used before, or seen by another."""

    status = 403

    def __init__(self, session: LiveSession) -> None:
        super().__init__(
            _("Your administrator has seen this one. Choose one of your own to carry on.")
            if session.secret_was_shown
            else _("The password we sent has expired. Choose one of your own to carry on.")
        )


class FactorFirst(Refusal):
    """The clinic asks a second step of its administrators, and this one has none yet."""

    status = 403

    def __init__(self) -> None:
        super().__init__(_("Administrators need a second step here. Set yours up to carry on."))


class PortalOffline(Refusal):
    """The portal is offline, and the viewer isn't one who works on regardless."""

    status = 503

    def __init__(self) -> None:
        super().__init__(_("The online diary is closed just now."))


class NotSetUp(Refusal):
    """The database is empty: only the set-up link leads anywhere."""

    status = 503

    def __init__(self) -> None:
        super().__init__(
            _("Daybook isn't set up yet. Open the set-up link that was printed when it started.")
        )


async def always_open(_connection: Connection, _handler: BaseRouteHandler) -> None:
    """Anybody, whatever the portal's status: health, set-up, log-out."""


async def once_set_up(connection: Connection, _handler: BaseRouteHandler) -> None:
    """Anybody, whatever the portal's status, as soon as there is a clinic: the log-in of administrators."""
    _require_clinic(connection)


async def anyone(connection: Connection, _handler: BaseRouteHandler) -> None:
    """Anybody, while the portal is online."""
    _require_portal(connection)


async def at_own_account(connection: Connection, _handler: BaseRouteHandler) -> None:
    """Any logged-in user; practitioners only while the portal is online."""
    _require_portal(connection)
    if connection.scope.get("user") is None:
        raise LogInFirst(await _typed(connection))


async def signed_in(connection: Connection, handler: BaseRouteHandler) -> None:
    """The same with a password that isn't past its days, and a secret that nobody else has seen."""
    await at_own_account(connection, handler)
    _require_own_secret(connection)


async def who_knows_names(connection: Connection, handler: BaseRouteHandler) -> None:
    """The same but for phones that nobody has vouched for: what tells who somebody is doesn't open there."""
    await signed_in(connection, handler)
    viewer: Viewer = connection.scope["user"]
    if not viewer.knows_names:
        raise Forbidden(
            _(
                "This phone is new, so it shows no names yet. Confirm it by the link in our e-mail, on your computer "
                "under Account, or ask your administrator."
            )
        )


async def administrators_only(connection: Connection, handler: BaseRouteHandler) -> None:
    """Administrators, logged in with their password: a PIN doesn't open so much. To others the page doesn't exist.

    Who hasn't used such pages for a while is asked again; what a page fetches by itself is on the screen anyway.
    """
    _require_clinic(connection)
    viewer: Viewer | None = connection.scope.get("user")
    if viewer is None:  # offline too: this is how an administrator whose session is over gets in again
        raise LogInFirst(await _typed(connection))
    _require_portal(connection)
    if not viewer.administrator or viewer.on_phone:
        raise NotFound(_("There is no such page."))
    _require_own_secret(connection)
    session: LiveSession = connection.scope["auth"]
    if not session.may_administer and not handler.opt.get("watches"):
        raise ConfirmFirst(await _typed(connection))
    await _require_factor(viewer, _require_clinic(connection))


async def just_authenticated(connection: Connection, _handler: BaseRouteHandler) -> None:
    """Beside another guard: whoever has shown a moment ago who they are, by their secret; others are asked again."""
    session: LiveSession = connection.scope["auth"]
    if not session.is_fresh:
        raise ConfirmFirst(await _typed(connection))


def _require_own_secret(connection: Connection) -> None:
    session: LiveSession = connection.scope["auth"]
    if session.must_choose_own:
        raise ChooseOwnFirst(session)


async def _require_factor(viewer: Viewer, clinic: ClinicSettings) -> None:
    if clinic.admin_factor == AdminFactor.REQUIRED and not await has_factor(viewer.user, clinic):
        raise FactorFirst


def _require_portal(connection: Connection) -> None:
    clinic = _require_clinic(connection)
    locked: LockedSession | None = context_of(connection.scope).get("locked")
    viewer: Viewer | None = locked.viewer if locked else connection.scope.get("user")
    if not clinic.portal_online and not (viewer and viewer.keeps_desk):
        raise PortalOffline


async def _typed(connection: Connection) -> Typed:
    """What a browser without scripts has sent: the form is gone from its screen. htmx's still stands there."""
    if not isinstance(connection, Request) or connection.method != "POST" or connection.is_htmx:
        return ()
    sent = (await connection.form()).multi_items()
    return [(name, value) for name, value in sent if isinstance(value, str) and name not in SECRETS]


def _require_clinic(connection: Connection) -> ClinicSettings:
    clinic: ClinicSettings | None = context_of(connection.scope).get("clinic")
    if clinic is None:
        raise NotSetUp
    return clinic
