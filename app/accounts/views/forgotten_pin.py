"""A forgotten PIN: /m/forgotten asks for a link by e-mail; its page texts a code, and takes that and a new PIN."""

from __future__ import annotations

from typing import Any

from litestar import Controller, Response, get, post

from app.accounts.forgotten.asking import ask_for_pin_link
from app.accounts.forgotten.links import LinkOver, owner_of_link
from app.accounts.forgotten.pin import choose_pin_by_link, text_code_for_pin
from app.accounts.forms import ForgottenPinForm, PinByLinkForm
from app.accounts.guards import anyone
from app.accounts.phones.codes import LASTS
from app.accounts.tables import CredentialKind
from app.accounts.users import StaffUser
from app.clinic.clinic import ClinicSettings
from app.forms import as_dialled
from app.i18n import gettext as _
from app.web.cookies import cookie_name, expired_cookie, new_cookie
from app.web.forms import FormState, blank, read_form
from app.web.headers import UNTOLD
from app.web.pages import page, see_other
from app.web.request import Request

CODE_COOKIE = "pin-code"


class ForgottenPinController(Controller):
    """Asking for a link."""

    path = "/m/forgotten"
    guards = [anyone]

    @get()
    async def show(self, request: Request) -> Response[Any]:
        """The form."""
        return _asking_page(request, blank(ForgottenPinForm))

    @post(status_code=200)
    async def ask(self, request: Request, clinic: ClinicSettings) -> Response[Any]:
        """Whatever was typed, the one answer."""
        form = await read_form(request, ForgottenPinForm)
        if form.data is None:
            return _asking_page(request, form)
        number = as_dialled(form.data.mobile, clinic.country)
        await ask_for_pin_link(number, clinic, address=request.client_address)
        return page(
            request,
            "accounts/said.html",
            title=_("Look at your e-mail"),
            said=[
                _(
                    "If there is a mobile login with this number, a link is on its way. It works for 30 minutes."
                ),
                _("Who has no e-mail address at the clinic hears from an administrator instead."),
            ],
            door="/m",
        )


class ForgottenPinLinkController(Controller):
    """The link. To open it changes nothing and sends nothing, only its forms do."""

    path = "/m/forgotten/{token:str}"
    guards = [anyone]

    @get()
    async def show(self, request: Request, token: str) -> Response[Any]:
        """The button that texts a code; in the browser that has pressed it, the form for the code and the new PIN."""
        try:
            await owner_of_link(token, CredentialKind.PIN)
        except LinkOver as over:
            return _over_page(request, over)
        return _choice_page(request, token, blank(PinByLinkForm))

    @post("/code")
    async def send_code(self, request: Request, token: str) -> Response[Any]:
        """Text a code, as often as the limits of texts allow; the page says the same where they don't."""
        try:
            browser = await text_code_for_pin(token)
        except LinkOver as over:
            return _over_page(request, over)
        cookie = new_cookie(CODE_COOKIE, browser, max_age=int(LASTS.total_seconds()))
        return see_other(request, f"/m/forgotten/{token}", cookies=[cookie])

    @post()
    async def choose(self, request: Request, token: str, clinic: ClinicSettings) -> Response[Any]:
        """Take the new PIN, or say next to the field why not; then one logs in with it."""
        form = await read_form(request, PinByLinkForm)

        async def choose(typed: PinByLinkForm) -> StaffUser:
            code = "".join(digit for digit in typed.code if not digit.isspace())
            return await choose_pin_by_link(token, _browser(request), code, typed.new, clinic)

        if await form.apply(choose):
            return see_other(
                request,
                "/m",
                notice=_("Your new PIN is stored. Log in with it."),
                cookies=[expired_cookie(CODE_COOKIE)],
            )
        if isinstance(form.refusal, LinkOver):
            return _over_page(request, form.refusal)
        return _choice_page(request, token, form)


def _browser(request: Request) -> str:
    return request.cookies.get(cookie_name(CODE_COOKIE), "")


def _asking_page(request: Request, form: FormState[ForgottenPinForm]) -> Response[Any]:
    return page(request, "accounts/forgotten_pin.html", status=form.status, form=form)


def _choice_page(request: Request, token: str, form: FormState[PinByLinkForm]) -> Response[Any]:
    return page(
        request,
        "accounts/pin_by_link.html",
        status=form.status,
        headers=UNTOLD,
        form=form,
        token=token,
        code_sent=bool(_browser(request)),
    )


def _over_page(request: Request, over: LinkOver) -> Response[Any]:
    return page(
        request,
        "accounts/said.html",
        status=over.status,
        headers=UNTOLD,
        title=_("This link no longer works"),
        said=[_("It works once, within 30 minutes. You can ask for another one.")],
        more=(_("Ask for another link"), "/m/forgotten"),
        door="/m",
    )
