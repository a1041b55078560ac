"""/setup/<token>: an empty database gets its clinic and first administrator."""

from __future__ import annotations

from typing import Any

from litestar import Controller, Response, get, post

from app.accounts.forms import SetupForm
from app.accounts.guards import always_open
from app.accounts.setup import require_setup_link, set_up
from app.clinic.places import countries, time_zones
from app.i18n import gettext as _
from app.web.forms import FormState, blank, read_form
from app.web.pages import page, see_other
from app.web.request import Request


class SetupController(Controller):
    """The one-use link that an empty database prints."""

    path = "/setup/{token:str}"
    guards = [always_open]

    @get()
    async def show(self, request: Request, token: str) -> Response[Any]:
        """The form, while the link works."""
        await require_setup_link(token)
        return _setup_page(request, token, blank(SetupForm, country="GB", time_zone="Europe/London"))

    @post()
    async def submit(self, request: Request, token: str) -> Response[Any]:
        """Create the clinic and its administrator, who then logs in."""
        await require_setup_link(token)
        form = await read_form(request, SetupForm)
        if await form.apply(set_up, token):
            return see_other(
                request,
                "/admin/login?next=/admin/web-booking",
                notice=_("Your clinic is set up. Log in to go on."),
            )
        return _setup_page(request, token, form)


def _setup_page(request: Request, token: str, form: FormState[SetupForm]) -> Response[Any]:
    return page(
        request,
        "accounts/setup.html",
        "accounts/_setup_form.html",
        status=form.status,
        form=form,
        token=token,
        countries=countries(),
        time_zones=time_zones(form.values.get("country", "")),
    )
