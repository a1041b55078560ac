"""/admin/users/<id>/logins/<kind>: a login's new secret, or the address it goes to put right."""

from __future__ import annotations

from typing import Any

from litestar import Controller, Response, get, post

from app.accounts.guards import administrators_only
from app.accounts.logins import Login, logins_of
from app.accounts.reauthentication import require_fresh_login
from app.accounts.tables import CredentialKind
from app.accounts.users import load_user
from app.accounts.viewer import Viewer
from app.clinic.clinic import ClinicSettings
from app.clock import now
from app.errors import NotFound
from app.i18n import gettext as _
from app.provisioning.forms import CorrectEmailForm, CorrectMobileForm, ReissueForm, ShowForm
from app.provisioning.lost import stop_lost_phone
from app.provisioning.reissue import reissue
from app.provisioning.slips import Slip, may_be_shown, show_login
from app.web.forms import FormState, blank, read_form
from app.web.pages import local_path, page, see_other
from app.web.qr import qr_code
from app.web.request import Request


class LoginController(Controller):
    """One login of one user. Whoever comes from the wizard is led back there (``from``)."""

    path = "/admin/users/{user_id:int}/logins/{kind:str}"
    guards = [administrators_only]

    @get()
    async def show(self, request: Request, user_id: int, kind: str) -> Response[Any]:
        """How the login stands, and what can be done."""
        login = await _login(user_id, kind)
        return await _login_page(request, user_id, login)

    @post("/reissue")
    async def send_again(
        self, request: Request, viewer: Viewer, clinic: ClinicSettings, user_id: int, kind: str
    ) -> Response[Any]:
        """A new secret to the same address; the old one is dead."""
        login, form = await _login(user_id, kind), await read_form(request, ReissueForm)

        async def send_again(typed: ReissueForm) -> bool:
            await require_fresh_login(request.auth, typed.password)
            await reissue(user_id, login.kind, clinic, by=viewer, replaces=typed.replaces)
            return True

        if await form.apply(send_again):
            return _back(request, user_id, _("A new one is on its way; the old one no longer works."))
        return await _login_page(request, user_id, login, reissue=form)

    @post("/lost")
    async def lost(self, request: Request, viewer: Viewer, user_id: int, kind: str) -> Response[Any]:
        """*Lost phone*: the login is stopped, and the page asks for the number."""
        login, form = await _login(user_id, kind), await read_form(request, ReissueForm)

        async def stop(typed: ReissueForm) -> bool:
            await require_fresh_login(request.auth, typed.password)
            await stop_lost_phone(user_id, by=viewer)
            return True

        if login.kind is not CredentialKind.PIN:
            raise NotFound(_("There is no such login."))
        if await form.apply(stop):
            said = _("The mobile login is stopped. Confirm the number before a new PIN is sent.")
            return see_other(request, f"/admin/users/{user_id}/logins/{kind}", notice=said)
        return await _login_page(request, user_id, login, lost=form)

    @post("/address")
    async def correct(
        self, request: Request, viewer: Viewer, clinic: ClinicSettings, user_id: int, kind: str
    ) -> Response[Any]:
        """A new secret to the corrected address, which becomes the login's user name."""
        login = await _login(user_id, kind)
        by_mail = login.kind is CredentialKind.PASSWORD
        form: FormState[Any] = await read_form(request, CorrectEmailForm if by_mail else CorrectMobileForm)

        async def correct(typed: CorrectEmailForm | CorrectMobileForm) -> bool:
            await require_fresh_login(request.auth, typed.password)
            address = typed.email if isinstance(typed, CorrectEmailForm) else typed.mobile
            await reissue(
                user_id, login.kind, clinic, by=viewer, replaces=typed.replaces, new_address=address
            )
            return True

        if await form.apply(correct):
            return _back(request, user_id, _("The address is corrected, and a new one is on its way to it."))
        return await _login_page(request, user_id, login, correction=form)

    @post("/show", status_code=200)
    async def show_once(
        self, request: Request, viewer: Viewer, clinic: ClinicSettings, user_id: int, kind: str
    ) -> Response[Any]:
        """A new secret on a slip. It is in this answer and nowhere else: loading the page again shows no more."""
        login, form = await _login(user_id, kind), await read_form(request, ShowForm)

        async def show(typed: ShowForm) -> Slip:
            await require_fresh_login(request.auth, typed.password)
            return await show_login(login, user_id, clinic, by=viewer, mark=typed.mark)

        if slip := await form.apply(show):
            return page(
                request,
                "provisioning/slip.html",
                section="users",
                slip=slip,
                user_id=user_id,
                code=qr_code(slip.address),
                shown_at=now(),
            )
        return await _login_page(request, user_id, await _login(user_id, kind), showing=form)


async def _login(user_id: int, kind: str) -> Login:
    login = (await logins_of(user_id)).get(CredentialKind(kind)) if kind in list(CredentialKind) else None
    if login is None:
        raise NotFound(_("There is no such login."))
    return login


def _back(request: Request, user_id: int, notice: str) -> Response[Any]:
    return see_other(request, _origin(request) or f"/admin/users/{user_id}", notice=notice)


def _origin(request: Request) -> str | None:
    return local_path(request.query_params.get("from"))


async def _login_page(
    request: Request,
    user_id: int,
    login: Login,
    *,
    reissue: FormState[ReissueForm] | None = None,
    correction: FormState[Any] | None = None,
    showing: FormState[ShowForm] | None = None,
    lost: FormState[ReissueForm] | None = None,
) -> Response[Any]:
    """The forms, of which one may have been sent."""
    sent = reissue or correction or showing or lost
    return page(
        request,
        "provisioning/login.html",
        "provisioning/_login.html",
        status=sent.status if sent else 200,
        section="users",
        user=await load_user(user_id),
        login=login,
        reissue=reissue or blank(ReissueForm),
        correction=correction or blank(ReissueForm),
        showing=showing or blank(ReissueForm),
        lost=lost or blank(ReissueForm),
        may_be_shown=await may_be_shown(login),
        origin=_origin(request),
    )
