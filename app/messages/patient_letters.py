"""E-mails to patients: the clinic's own words, with a way to answer and a way to get no more of them."""

from __future__ import annotations

from app.clinic.clinic import ClinicSettings, renderer
from app.i18n import gettext as _
from app.messages.letters import Letter, Occasion


def to_patient(occasion: Occasion) -> Letter:
    """A confirmation or reminder. While the portal is offline nobody could answer there: it then names the phone."""
    clinic, context = occasion.clinic, occasion.context
    answers_here = clinic.portal_online or not clinic.phone
    how = (
        _("The button leads to a page where you can confirm, or ask to cancel.")
        if answers_here
        else _("To confirm or cancel, please call {phone}.").format(phone=phone_of(clinic))
    )
    return Letter(
        subject=context["subject"],
        name="",
        opening=context["body"],
        facts=(),
        button=_("Confirm or cancel") if answers_here else "",
        path=context["path"],
        closing=(how,),
        opt_out=f"{context['path']}/stop?channel=email",
    )


def phone_of(clinic: ClinicSettings) -> str:
    """The clinic's number as people read it."""
    return renderer(clinic).phone(clinic.phone)
