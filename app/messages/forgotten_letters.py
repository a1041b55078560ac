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


def _closing(occasion: Occasion) -> tuple[str, ...]:
    return (
        _("The link works once, within 30 minutes. Until you have used it nothing changes."),
        _(
            "If it wasn't you, there is nothing to do: without this e-mail nobody can use it. Should it happen often, "
            "please tell {support}."
        ).format(support=occasion.support),
    )
