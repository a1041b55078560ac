"""/admin/users/<id>/factors: the way back in for somebody who has lost their second step."""

from __future__ import annotations

from typing import Any

from litestar import Controller, Response, get, post

from app.accounts.factors.forms import ConfirmedForm
from app.accounts.factors.overview import factor_counts
from app.accounts.factors.removal import remove_factors
from app.accounts.guards import administrators_only
from app.accounts.reauthentication import require_fresh_login
from app.accounts.users import load_user
from app.accounts.viewer import Viewer
from app.i18n import gettext as _
from app.web.forms import FormState, blank, read_form
from app.web.pages import page, see_other
from app.web.request import Request


class UserFactorController(Controller):
    """Another user's passkeys, authenticator app and recovery codes, which go together or not at all."""

    path = "/admin/users/{user_id:int}/factors"
    guards = [administrators_only]

    @get()
    async def show(self, request: Request, user_id: int) -> Response[Any]:
        """What there is, and what removing it means."""
        return await _factors_page(request, user_id, blank(ConfirmedForm))

    @post()
    async def remove(self, request: Request, viewer: Viewer, user_id: int) -> Response[Any]:
        """Remove all of it; the user is told."""
        await load_user(user_id)
        form = await read_form(request, ConfirmedForm)

        async def remove(typed: ConfirmedForm) -> bool:
            await require_fresh_login(request.auth, typed.password)
            return await remove_factors(user_id, by=viewer)

        if await form.apply(remove):
            return see_other(request, f"/admin/users/{user_id}", notice=_("The second step is removed."))
        return await _factors_page(request, user_id, form)


async def _factors_page(request: Request, user_id: int, form: FormState[ConfirmedForm]) -> Response[Any]:
    return page(
        request,
        "accounts/user_factors.html",
        status=form.status,
        section="users",
        user=await load_user(user_id),
        factors=await factor_counts(user_id),
        form=form,
    )
