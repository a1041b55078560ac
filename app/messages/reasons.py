"""Why a message wasn't sent: the codes of our transports in words, as the end of a sentence."""

from __future__ import annotations

from app.i18n import gettext as _
from app.messages.tables import Channel


def reason(channel: Channel, code: str) -> str:
    """What the code means. A beginning stands for all codes that have it, so the more exact ones come first."""
    reasons = _ours() | (_of_mail() if channel is Channel.EMAIL else _of_texts())
    for beginning, words in reasons.items():
        if code.startswith(beginning):
            return words
    return _("something went wrong here ({code})").format(code=code)


def _ours() -> dict[str, str]:
    return {
        "no-portal-url": _("the portal's address isn't set yet, on the Settings tab of Web Booking"),
        "unreadable": _("it was sealed with a key that is gone"),
    }


def _of_mail() -> dict[str, str]:
    return {
        "not-set-up": _("no mail server is set up"),
        "tls": _("the mail server's certificate can't be trusted"),
        "login": _("the mail server refuses our user name and password"),
        "starttls": _("the mail server offers no encryption"),
        "connect-5": _("the mail server won't speak to us"),
        "connect": _("the mail server can't be reached"),
        "sender": _("the mail server refused our address"),
        "recipient-4": _("the mail server doesn't take mail for this address at the moment"),
        "recipient": _("the mail server refused this address"),
        "content": _("the mail server refused the message"),
    }


def _of_texts() -> dict[str, str]:
    return {
        "not-set-up": _("no Vonage account is set up"),
        "tls": _("Vonage's certificate can't be trusted"),
        "credentials": _("Vonage refuses our key"),
        "connect": _("Vonage can't be reached"),
        "http-401": _("Vonage refuses our key"),
        "http-402": _("the Vonage account has no credit"),
        "http-403": _("the Vonage account may not send this"),
        "http-429": _("Vonage asks us to slow down"),
        "http-4": _("Vonage refused this number or sender"),
        "http-5": _("Vonage has a fault at the moment"),
        # What carriers report through Vonage: https://developer.vonage.com/en/api-errors/messages
        "receipt-1050": _("this number can't get our texts"),
        "receipt-1070": _("the Vonage account has no credit"),
        "receipt-1120": _("the carrier doesn't accept our sender name"),
        "receipt-1160": _("this number can't get our texts"),
        "receipt-1170": _("there is no such number"),
        "receipt-1180": _("the phone was switched off or out of reach"),
        "receipt-1190": _("the number is no longer in use"),
        "receipt-1210": _("the carrier takes it for spam"),
        "receipt-1220": _("the phone was switched off or out of reach"),
        "receipt-1240": _("this number can't get our texts"),
        "receipt-1280": _("the carrier blocks texts to this number"),
        "receipt": _("the carrier could not deliver it"),
    }
