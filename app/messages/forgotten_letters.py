"""What our e-mails say to whoever has forgotten a password or PIN."""

from __future__ import annotations

from app.i18n import gettext as _
from app.messages.letters import Fact, Letter, Occasion


def password(occasion: Occasion) -> Letter:
    """The link that lets its reader choose a new password."""
    return Letter(
        subject=_("A new password for {clinic}").format(clinic=occasion.clinic.name),
        name=occasion.context["name"],
        opening=_(
            "Somebody, most likely you, has asked for a new password for your diary at {clinic}. Choose it here:"
        ).format(clinic=occasion.clinic.name),
        facts=(Fact(_("Link"), f"{occasion.portal_url}{occasion.context['path']}"),),
        button=_("Choose a new password"),
        path=occasion.context["path"],
        closing=_closing(occasion),
    )


def pin(occasion: Occasion) -> Letter:
    """The link that, with a code by text, lets its reader choose a new PIN."""
    return Letter(
        subject=_("A new PIN for {clinic}").format(clinic=occasion.clinic.name),
        name=occasion.context["name"],
        opening=_(
            "Somebody, most likely you, has asked for a new PIN for your diary at {clinic}. Choose it here; we text "
            "you a code for that, so have your phone at hand:"
        ).format(clinic=occasion.clinic.name),
        facts=(Fact(_("Link"), f"{occasion.portal_url}{occasion.context['path']}"),),
        button=_("Choose a new PIN"),
        path=occasion.context["path"],
        closing=_closing(occasion),
    )


def pin_to_reissue(occasion: Occasion) -> Letter:
    """To every administrator: somebody without an e-mail address has forgotten the PIN."""
    context = occasion.context
    return Letter(
        subject=_("{whose} has forgotten a PIN").format(whose=context["whose"]),
        name=context["name"],
        opening=_(
            "Somebody, most likely {whose}, has asked for help with a forgotten PIN. Without an e-mail address on "
            "record they can't choose a new one themselves."
        ).format(whose=context["whose"]),
        facts=(Fact(_("Record"), f"{occasion.portal_url}{context['path']}"),),
        button=_("Open the record"),
        path=context["path"],
        closing=(
            _("Make sure that it was {whose} who asked. On the record you can send a new PIN.").format(
                whose=context["whose"]
            ),
        ),
    )


def _closing(occasion: Occasion) -> tuple[str, ...]:
    return (
        _("The link works once, within 30 minutes. Until you have used it nothing changes."),
        _(
            "If it wasn't you, there is nothing to do: without this e-mail nobody can use it. Should it happen often, "
            "please tell {support}."
        ).format(support=occasion.support),
    )
