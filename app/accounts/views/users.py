"""/admin/users: the list with its search, and each user's record."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from litestar import Controller, Response, get, post

from app.accounts.employment import make_current
from app.accounts.factors.overview import factor_counts
from app.accounts.forms import UserForm
from app.accounts.guards import administrators_only
from app.accounts.logins import logins_of
from app.accounts.reauthentication import require_leave_to_change
from app.accounts.tokens import new_token
from app.accounts.user_list import list_users
from app.accounts.users import EDITED, StaffUser, change_user, create_user, load_user
from app.accounts.viewer import Viewer
from app.i18n import gettext as _
from app.web.forms import FormState, blank, read_form
from app.web.pages import page, see_other
from app.web.request import Request


class UserController(Controller):
    """Users: everybody on the staff."""

    path = "/admin/users"
    guards = [administrators_only]

    @get()
    async def index(self, request: Request, q: str = "", show: str = "current") -> Response[Any]:
        """The list, narrowed as one types."""
        users = await list_users(q, current=show != "non-current")
        return page(
            request,
            "accounts/users.html",
            "accounts/_user_list.html",
            section="users",
            users=users,
            q=q,
            show=show,
        )

    @get("/new")
    async def new(self, request: Request) -> Response[Any]:
        """An empty record."""
        return _new_page(request, blank(UserForm, practitioner=True, key=new_token()))

    @post()
    async def create(self, request: Request, viewer: Viewer) -> Response[Any]:
        """Store the new record; where it is *Enabled for Online*, the Online User Wizard opens."""
        form = await read_form(request, UserForm)
        if user := await form.apply(create_user, by=viewer):
            return see_other(request, _after_saving(form, user), notice=_("The user is created."))
        return _new_page(request, form)

    @get("/{user_id:int}")
    async def show(self, request: Request, user_id: int) -> Response[Any]:
        """The record."""
        user = await load_user(user_id)
        shown = {**asdict(user), "mobile": request.context["when"].phone(user.mobile)}
        return await _record_page(request, user, blank(UserForm, **shown))

    @get("/{user_id:int}/news", opt={"watches": True})
    async def news(self, request: Request, user_id: int) -> Response[Any]:
        """What the record asks for again and again: how its logins stand."""
        if not request.is_partial:
            return see_other(request, f"/admin/users/{user_id}")
        user, logins = await load_user(user_id), await logins_of(user_id)
        return page(request, "accounts/_logins.html", user=user, logins=logins)

    @post("/{user_id:int}")
    async def change(self, request: Request, viewer: Viewer, user_id: int) -> Response[Any]:
        """Store the record; a new *Enabled for Online* leads to the Online User Wizard."""
        form = await read_form(request, UserForm)

        async def change(typed: UserForm) -> StaffUser:
            await require_leave_to_change(typed, user_id, by=request.auth)
            return await change_user(typed, user_id, by=viewer)

        if await form.apply(change):
            return see_other(request, _after_saving(form, user_id), notice=_("The record is saved."))
        user = await load_user(user_id)
        if form.data and form.data.version != user.version:
            _show_both(form, form.data, user)
        return await _record_page(request, user, form)

    @post("/{user_id:int}/current")
    async def take_back(self, request: Request, viewer: Viewer, user_id: int) -> Response[Any]:
        """Somebody who had left works here again."""
        await make_current(user_id, by=viewer)
        return see_other(request, f"/admin/users/{user_id}", notice=_("Current again."))


def _after_saving(form: FormState[UserForm], user: int) -> str:
    """The wizard, where the person is enabled and Create was pressed; else the record."""
    opens_wizard = form.data and form.data.enabled_for_online and form.data.then == "create"
    return f"/admin/users/{user}/wizard" if opens_wizard else f"/admin/users/{user}"


def _show_both(form: FormState[UserForm], typed: UserForm, stored: StaffUser) -> None:
    """Somebody else saved meanwhile: keep what was typed, and say beside it what is stored where that differs."""
    for name in EDITED:
        theirs = getattr(stored, name)
        if theirs != getattr(typed, name):
            shown = (_("ticked") if theirs else _("not ticked")) if isinstance(theirs, bool) else theirs
            form.errors.setdefault(name, _("Now stored: {value}").format(value=shown or _("nothing")))
    form.values = {**form.values, "version": stored.version}


def _new_page(request: Request, form: FormState[UserForm]) -> Response[Any]:
    return page(
        request,
        "accounts/user_new.html",
        "accounts/_user_form.html",
        status=form.status,
        section="users",
        form=form,
        user=None,
        logins={},
    )


async def _record_page(request: Request, user: StaffUser, form: FormState[UserForm]) -> Response[Any]:
    return page(
        request,
        "accounts/user.html",
        "accounts/_user_form.html",
        status=form.status,
        section="users",
        form=form,
        user=user,
        logins=await logins_of(user.id),
        factors=await factor_counts(user.id),
    )
