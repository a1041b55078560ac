"""Why a message wasn't sent: the codes of the transports in words, as the end of a sentence."""

from __future__ import annotations

from app.i18n import gettext as _
from app.messages.tables import Channel
from app.messages.transports import providers


def reason(channel: Channel, code: str) -> str:
    """What the code means. A beginning stands for all codes that have it, so the more exact ones come first."""
    for reasons in (_ours(channel), *(provider.reasons() for provider in providers(channel))):
        for beginning, words in reasons.items():
            if code.startswith(beginning):
                return words
    return _("something went wrong here ({code})").format(code=code)


def _ours(channel: Channel) -> dict[str, str]:
    return {
        "not-set-up": _("no mail server is set up")
        if channel is Channel.EMAIL
        else _("no Vonage account is set up"),
        "no-portal-url": _("the portal's address isn't set yet, on the Settings tab of Web Booking"),
        "unreadable": _("it was sealed with a key that is gone"),
    }
