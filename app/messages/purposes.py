"""What each message was for, in words."""

from __future__ import annotations

from app.i18n import gettext as _
from app.messages.compose import Purpose


def purpose_words(purpose: Purpose) -> str:
    """A short name of what it brought."""
    return {
        Purpose.ONLINE_LOGIN: _("Password"),
        Purpose.ONLINE_LOGIN_REISSUED: _("New password"),
        Purpose.MOBILE_LOGIN: _("PIN"),
        Purpose.MOBILE_LOGIN_REISSUED: _("New PIN"),
        Purpose.CREDENTIAL_CHANGED: _("Notice of a change to a login"),
        Purpose.CREDENTIAL_CHANGED_TEXT: _("Notice of a change to a login"),
        Purpose.FORGOTTEN_PASSWORD: _("Link for a forgotten password"),
        Purpose.FORGOTTEN_PIN: _("Link for a forgotten PIN"),
        Purpose.PIN_TO_REISSUE: _("Notice of a forgotten PIN"),
        Purpose.CREDENTIAL_SHOWN: _("Notice of a login shown on screen"),
        Purpose.PORTAL_ADDRESS_CHANGED: _("Notice of the portal’s new address"),
        Purpose.LOGIN_NOT_DELIVERED: _("Notice of a login not delivered"),
        Purpose.PHONE_CODE: _("Code"),
        Purpose.NEW_DEVICE: _("Notice of a new device"),
        Purpose.DEVICE_REFUSED: _("Notice of a log-in by somebody else"),
        Purpose.DIARY_CHANGED: _("Changes of a diary"),
        Purpose.DIARY_CHANGED_TEXT: _("Changes of a diary"),
        Purpose.APPOINTMENT_CONFIRMED_EMAIL: _("Booking confirmation"),
        Purpose.APPOINTMENT_CONFIRMED_TEXT: _("Booking confirmation"),
        Purpose.APPOINTMENT_REMINDER_EMAIL: _("Reminder"),
        Purpose.APPOINTMENT_REMINDER_TEXT: _("Reminder"),
        Purpose.TEST_EMAIL: _("Test"),
        Purpose.TEST_TEXT: _("Test"),
    }[purpose]
