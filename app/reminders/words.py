"""Lead times in words."""

from __future__ import annotations

from app.i18n import gettext as _
from app.i18n import ngettext
from app.reminders.defaults import DAY
from app.reminders.forms import LEADS


def lead_words(lead: int) -> str:
    """2 days before"""
    if lead % DAY == 0:
        return ngettext("{n} day before", "{n} days before", lead // DAY).format(n=lead // DAY)
    return ngettext("{n} hour before", "{n} hours before", lead // 60).format(n=lead // 60)


def lead_choices() -> list[tuple[str, str]]:
    """What a form offers; nothing, first."""
    return [("", _("none")), *((str(lead), lead_words(lead)) for lead in LEADS)]
