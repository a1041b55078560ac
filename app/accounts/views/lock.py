"""/lock: the lock screen of a shared tablet and of a phone that lay idle."""

from __future__ import annotations

from typing import Any

from litestar import Controller, Response, get, post

from app.accounts.factors.overview import has_passkey
from app.accounts.forms import UnlockForm
from app.accounts.guards import anyone, at_own_account
from app.accounts.locking import keys_of, lock, unlock
from app.accounts.sessions import LiveSession, LockedSession
from app.accounts.tables import CredentialKind, SessionKind
from app.accounts.viewer import Viewer
from app.accounts.views.ceremonies import party_of
from app.accounts.views.entering import back_to_page, home_of, next_of
from app.errors import Forbidden
from app.web.forms import FormState, blank, read_form
from app.web.pages import page, see_other
from app.web.request import Request


class LockController(Controller):
    """What a locked session opens by; another user logs in instead."""

    path = "/lock"

    @get(guards=[anyone])
    async def show(self, request: Request, viewer: Viewer | None, by: str = "") -> Response[Any]:
        """The form. Whoever isn't locked out goes on."""
        if viewer or not request.context["locked"]:
            return see_other(request, next_of(request) or "/")
        return await lock_page(request, blank(UnlockForm, by=by))

    @post(guards=[anyone])
    async def open(self, request: Request) -> Response[Any]:
        """Open it, and go on where its user was; after too many wrong tries, log in anew."""
        locked: LockedSession | None = request.context["locked"]
        if locked is None:
            return see_other(request, next_of(request) or "/")
        form = await read_form(request, UnlockForm)

        async def attempt(typed: UnlockForm) -> bool:
            secret = "".join(typed.secret.split()) if typed.by is CredentialKind.PIN else typed.secret
            return await unlock(locked, typed.by, secret)

        if await form.apply(attempt):
            return unlocked(request, locked)
        if isinstance(form.refusal, Forbidden):
            return see_other(request, "/", notice=form.refusal.message)
        return await lock_page(request, form)

    @post("/now", guards=[at_own_account])
    async def close(self, request: Request) -> Response[Any]:
        """Lock at once, before the tablet is put down. A session that doesn't lock is left alone."""
        session: LiveSession = request.auth
        if session.shared:
            await lock(session)
        return see_other(request, "/")


def unlocked(request: Request, locked: LockedSession) -> Response[Any]:
    """Lead its user back to where they were."""
    if request.is_over_page:
        return back_to_page(request, locked.viewer.user)
    return see_other(request, next_of(request) or home_of(locked.viewer))


async def lock_page(request: Request, form: FormState[Any]) -> Response[Any]:
    """What opens it, and what was wrong with what was tried."""
    locked: LockedSession = request.context["locked"]
    viewer, clinic = locked.viewer, request.context["clinic"]
    may_use_passkey = party_of(request, clinic) is not None and await has_passkey(
        viewer.user, clinic, SessionKind(viewer.kind)
    )
    keys = await keys_of(locked.viewer)
    by = next((key for key in keys if key == form.values.get("by")), keys[0])
    return page(
        request,
        "accounts/lock.html",
        "accounts/_unlock_form.html",
        status=form.status,
        form=form,
        by=by,
        others=[key for key in keys if key != by],
        query=f"?{request.url.query}" if request.url.query else "",
        next=next_of(request),
        may_use_passkey=may_use_passkey,
    )
