"""A forgotten password: /login/forgotten asks for a link by e-mail, the link's page takes a new one."""

from __future__ import annotations

from typing import Any

from litestar import Controller, Response, get, post

from app.accounts.forgotten.asking import ask_for_password_link
from app.accounts.forgotten.links import LinkOver, owner_of_link
from app.accounts.forgotten.password import choose_forgotten_password
from app.accounts.forms import ForgottenPasswordForm, OwnPasswordForm
from app.accounts.guards import PortalOffline, anyone, once_set_up
from app.accounts.tables import CredentialKind
from app.accounts.users import StaffUser
from app.clinic.clinic import ClinicSettings
from app.i18n import gettext as _
from app.web.forms import FormState, blank, read_form
from app.web.headers import UNTOLD
from app.web.pages import page, see_other
from app.web.request import Request


class ForgottenController(Controller):
    """Asking for a link."""

    path = "/login/forgotten"
    guards = [anyone]

    @get()
    async def show(self, request: Request) -> Response[Any]:
        """The form."""
        return _asking_page(request, blank(ForgottenPasswordForm))

    @post(status_code=200)
    async def ask(self, request: Request, clinic: ClinicSettings) -> Response[Any]:
        """Whatever was typed, the one answer."""
        form = await read_form(request, ForgottenPasswordForm)
        if form.data is None:
            return _asking_page(request, form)
        await ask_for_password_link(form.data.email.lower(), clinic, address=request.client_address)
        return page(
            request,
            "accounts/said.html",
            title=_("Look at your e-mail"),
            said=[
                _(
                    "If there is an online login with this address, a link is on its way. It works for 30 minutes."
                ),
                _("Nothing there? Look among the unwanted mails too, or ask your clinic's administrator."),
            ],
            door=_door(clinic),
        )


class DeskForgottenController(ForgottenController):
    """The same for administrators and front desk, open while the portal is offline."""

    path = "/admin/login/forgotten"
    guards = [once_set_up]


class ForgottenLinkController(Controller):
    """The link. Programs that look through mails open it too: that changes nothing, only the form does."""

    path = "/login/forgotten/{token:str}"
    guards = [once_set_up]

    @get()
    async def show(self, request: Request, token: str, clinic: ClinicSettings) -> Response[Any]:
        """The form for a new password, while the link works."""
        try:
            owner = await _owner(token, clinic)
        except LinkOver as over:
            return _over_page(request, over, clinic)
        return _choice_page(request, token, owner, blank(OwnPasswordForm))

    @post()
    async def choose(self, request: Request, token: str, clinic: ClinicSettings) -> Response[Any]:
        """Take the new password, or say next to the field why not; then one logs in with it."""
        form = await read_form(request, OwnPasswordForm)
        try:
            owner = await _owner(token, clinic)
        except LinkOver as over:
            return _over_page(request, over, clinic)

        async def choose(typed: OwnPasswordForm) -> StaffUser:
            return await choose_forgotten_password(token, typed.new, clinic)

        if await form.apply(choose):
            return see_other(request, _door(clinic), notice=_("Your new password is stored. Log in with it."))
        if isinstance(form.refusal, LinkOver):
            return _over_page(request, form.refusal, clinic)
        return _choice_page(request, token, owner, form)


async def _owner(token: str, clinic: ClinicSettings) -> StaffUser:
    """Whose link it is. Raises LinkOver, and PortalOffline where no door is open to them."""
    owner = await owner_of_link(token, CredentialKind.PASSWORD)
    if not clinic.portal_online and not owner.keeps_desk:
        raise PortalOffline
    return owner


def _door(clinic: ClinicSettings) -> str:
    return "/login" if clinic.portal_online else "/admin/login"


def _asking_page(request: Request, form: FormState[ForgottenPasswordForm]) -> Response[Any]:
    return page(
        request,
        "accounts/forgotten.html",
        status=form.status,
        form=form,
        door=request.url.path.removesuffix("/forgotten"),
    )


def _choice_page(
    request: Request, token: str, owner: StaffUser, form: FormState[OwnPasswordForm]
) -> Response[Any]:
    return page(
        request,
        "accounts/forgotten_password.html",
        status=form.status,
        headers=UNTOLD,
        form=form,
        token=token,
        user_name=owner.email,
    )


def _over_page(request: Request, over: LinkOver, clinic: ClinicSettings) -> Response[Any]:
    door = _door(clinic)
    return page(
        request,
        "accounts/said.html",
        status=over.status,
        headers=UNTOLD,
        title=_("This link no longer works"),
        said=[_("It works once, within 30 minutes. You can ask for another one.")],
        more=(_("Ask for another link"), f"{door}/forgotten"),
        door=door,
    )
