"""/login/expired: *Send me a new one*, the button beside what a log-in with an expired secret is told."""

from __future__ import annotations

from typing import Any

from litestar import Controller, Response, post

from app.accounts.expired import ProofOver, read_proof
from app.accounts.guards import once_set_up
from app.accounts.tables import CredentialKind
from app.clinic.clinic import ClinicSettings
from app.i18n import gettext as _
from app.messages.delivery import Delivery
from app.messages.tables import MessageState
from app.provisioning.expired import send_new_one
from app.provisioning.forms import ExpiredForm
from app.web.forms import read_form
from app.web.pages import page, see_other
from app.web.request import Request


class ExpiredController(Controller):
    """Open while the portal is offline, for those who work on: the proof, given at a door, says who asks."""

    path = "/login/expired"
    guards = [once_set_up]

    @post(status_code=200)
    async def send(self, request: Request, clinic: ClinicSettings) -> Response[Any]:
        """Send another one, and say what becomes of it; with a proof that is over, back to the doors."""
        form = await read_form(request, ExpiredForm)
        try:
            expired = read_proof(form.values.get("proof", ""))
            delivery = await send_new_one(expired, clinic)
        except ProofOver as over:
            return see_other(request, "/" if clinic.portal_online else "/admin/login", notice=over.message)
        by_mail = expired.kind is CredentialKind.PASSWORD
        return page(
            request,
            "accounts/said.html",
            title=_("A new password for you") if by_mail else _("A new PIN for you"),
            said=_what_becomes(delivery, by_mail=by_mail),
            door=("/login" if clinic.portal_online else "/admin/login") if by_mail else "/m",
        )


def _what_becomes(delivery: Delivery, *, by_mail: bool) -> list[str]:
    """In words for its owner: reasons are the administrators' business."""
    old = _("The old one no longer works.")
    if delivery.waits_for_portal:
        return [_("It will be sent as soon as the online diary is open again."), old]
    if delivery.state is MessageState.HELD:
        return [
            _(
                "It can't be sent just now, and will be as soon as that is put right. Your clinic can tell you more."
            ),
            old,
        ]
    if delivery.has_failed:
        return [_("It could not be sent. Please ask your clinic's administrator."), old]
    on_its_way = (
        _("It is on its way to your e-mail address.") if by_mail else _("It is on its way to your phone.")
    )
    return [on_its_way, old]
