"""What our e-mails say of devices that are new at a login."""

from __future__ import annotations

from app.i18n import gettext as _
from app.messages.letters import Fact, Letter, Occasion, when_it_was


def new_device(occasion: Occasion) -> Letter:
    """To the owner: somebody logged in where nobody had before. The link asks whether it was them."""
    context, clinic = occasion.context, occasion.clinic.name
    on_phone = context["kind"] == "phone"
    return Letter(
        subject=(_("A new phone for {clinic}") if on_phone else _("A new device for {clinic}")).format(
            clinic=clinic
        ),
        name=context["name"],
        opening=(
            _("Somebody has logged in to your diary at {clinic} with your number and PIN, on a new phone.")
            if on_phone
            else _("Somebody has logged in to your diary at {clinic} with your password, on a new device.")
        ).format(clinic=clinic),
        facts=(when_it_was(occasion), Fact(_("Device"), context["device"])),
        button=_("Was it you?"),
        path=context["path"],
        closing=(
            _("If it was you, say so there: until then the phone shows patients by their initials.")
            if on_phone
            else _("If it was you, there is nothing to do."),
            _(
                "If it wasn't, press “Not me” there: the device is logged out, and your administrator is told."
            ),
        ),
    )


def device_refused(occasion: Occasion) -> Letter:
    """To every administrator: a log-in wasn't the owner's."""
    context = occasion.context
    whose = context["whose"]
    by_pin = context["kind"] == "phone"
    return Letter(
        subject=_("{whose} did not log in: somebody else did").format(whose=whose),
        name=context["name"],
        opening=(
            _("{whose} says that a log-in with their number and PIN wasn't theirs.")
            if by_pin
            else _("{whose} says that a log-in with their password wasn't theirs.")
        ).format(whose=whose),
        facts=(when_it_was(occasion), Fact(_("Device"), context["device"])),
        button=_("Open the login"),
        path=context["path"],
        closing=(
            _(
                "That device is logged out, and the PIN opens nothing now. Is the number right? Then send a new one."
            )
            if by_pin
            else _("That device is logged out, and the password opens nothing now. Send a new one."),
        ),
    )
