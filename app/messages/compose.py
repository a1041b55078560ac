"""From a message's purpose and context to the words that leave: an e-mail as text and HTML, or a text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cache

from jinja2 import Environment, select_autoescape

from app.clinic.clinic import ClinicSettings
from app.jinja import new_environment
from app.messages import device_letters, diary_letters, forgotten_letters, letters, texts
from app.messages.letters import Letter, Occasion
from app.messages.patient_letters import to_patient
from app.messages.tables import Channel


class Purpose(StrEnum):
    """What a message is for. The names in its context are those in ``NEEDS``."""

    ONLINE_LOGIN = "online_login"
    ONLINE_LOGIN_REISSUED = "online_login_reissued"
    MOBILE_LOGIN = "mobile_login"
    MOBILE_LOGIN_REISSUED = "mobile_login_reissued"
    CREDENTIAL_CHANGED = "credential_changed"
    CREDENTIAL_CHANGED_TEXT = "credential_changed_text"
    FORGOTTEN_PASSWORD = "forgotten_password"
    FORGOTTEN_PIN = "forgotten_pin"
    PIN_TO_REISSUE = "pin_to_reissue"
    PORTAL_ADDRESS_CHANGED = "portal_address_changed"
    CREDENTIAL_SHOWN = "credential_shown"
    LOGIN_NOT_DELIVERED = "login_not_delivered"
    PHONE_CODE = "phone_code"
    NEW_DEVICE = "new_device"
    DEVICE_REFUSED = "device_refused"
    DIARY_CHANGED = "diary_changed"
    DIARY_CHANGED_TEXT = "diary_changed_text"
    APPOINTMENT_CONFIRMED_EMAIL = "appointment_confirmed_email"
    APPOINTMENT_CONFIRMED_TEXT = "appointment_confirmed_text"
    APPOINTMENT_REMINDER_EMAIL = "appointment_reminder_email"
    APPOINTMENT_REMINDER_TEXT = "appointment_reminder_text"
    TEST_EMAIL = "test_email"
    TEST_TEXT = "test_text"


# What a clinic's own wording becomes, and the path of the page that its link opens.
_MAIL_TO_PATIENT = (Channel.EMAIL, frozenset({"subject", "body", "path"}))
_TEXT_TO_PATIENT = (Channel.TEXT, frozenset({"before", "after", "path"}))  # the link stands between the two

NEEDS: Mapping[Purpose, tuple[Channel, frozenset[str]]] = {
    Purpose.ONLINE_LOGIN: (Channel.EMAIL, frozenset({"name", "password"})),
    Purpose.ONLINE_LOGIN_REISSUED: (Channel.EMAIL, frozenset({"name", "password"})),
    Purpose.MOBILE_LOGIN: (Channel.TEXT, frozenset({"pin"})),  # and a ticket
    Purpose.MOBILE_LOGIN_REISSUED: (Channel.TEXT, frozenset({"pin"})),
    Purpose.CREDENTIAL_CHANGED: (
        Channel.EMAIL,
        frozenset({"name", "changed"}),
    ),  # and by, where somebody else did it
    Purpose.CREDENTIAL_CHANGED_TEXT: (Channel.TEXT, frozenset({"changed"})),
    Purpose.FORGOTTEN_PASSWORD: (Channel.EMAIL, frozenset({"name", "path"})),
    Purpose.FORGOTTEN_PIN: (Channel.EMAIL, frozenset({"name", "path"})),
    Purpose.PIN_TO_REISSUE: (Channel.EMAIL, frozenset({"name", "whose", "path"})),
    Purpose.PORTAL_ADDRESS_CHANGED: (Channel.EMAIL, frozenset({"name", "by", "old", "new"})),
    Purpose.LOGIN_NOT_DELIVERED: (
        Channel.EMAIL,
        frozenset({"name", "whose", "channel", "recipient", "why", "path"}),
    ),
    Purpose.CREDENTIAL_SHOWN: (Channel.TEXT, frozenset({"shown", "by"})),
    Purpose.PHONE_CODE: (Channel.TEXT, frozenset({"code"})),
    Purpose.NEW_DEVICE: (Channel.EMAIL, frozenset({"name", "kind", "device", "path"})),
    Purpose.DEVICE_REFUSED: (Channel.EMAIL, frozenset({"name", "whose", "kind", "device", "path"})),
    Purpose.DIARY_CHANGED: (Channel.EMAIL, frozenset({"name", "changes", "days", "lines"})),
    Purpose.DIARY_CHANGED_TEXT: (Channel.TEXT, frozenset({"changes", "days"})),
    Purpose.APPOINTMENT_CONFIRMED_EMAIL: _MAIL_TO_PATIENT,
    Purpose.APPOINTMENT_CONFIRMED_TEXT: _TEXT_TO_PATIENT,
    Purpose.APPOINTMENT_REMINDER_EMAIL: _MAIL_TO_PATIENT,
    Purpose.APPOINTMENT_REMINDER_TEXT: _TEXT_TO_PATIENT,
    Purpose.TEST_EMAIL: (Channel.EMAIL, frozenset({"name"})),
    Purpose.TEST_TEXT: (Channel.TEXT, frozenset()),
}
"""The channel a purpose travels by, and what its context must hold."""

CARRY_A_SECRET = frozenset(
    {
        Purpose.ONLINE_LOGIN,
        Purpose.ONLINE_LOGIN_REISSUED,
        Purpose.MOBILE_LOGIN,
        Purpose.MOBILE_LOGIN_REISSUED,
    }
)
"""They bring somebody a password or PIN: while they don't arrive, that person can't log in."""

TO_PATIENTS = frozenset(
    {
        Purpose.APPOINTMENT_CONFIRMED_EMAIL,
        Purpose.APPOINTMENT_CONFIRMED_TEXT,
        Purpose.APPOINTMENT_REMINDER_EMAIL,
        Purpose.APPOINTMENT_REMINDER_TEXT,
    }
)
"""They tell a patient of an appointment: whether they still should leave is asked again as they do."""

_LETTERS: Mapping[Purpose, Callable[[Occasion], Letter]] = {
    Purpose.ONLINE_LOGIN: letters.online_login,
    Purpose.ONLINE_LOGIN_REISSUED: letters.online_login_reissued,
    Purpose.CREDENTIAL_CHANGED: letters.credential_changed,
    Purpose.FORGOTTEN_PASSWORD: forgotten_letters.password,
    Purpose.FORGOTTEN_PIN: forgotten_letters.pin,
    Purpose.PIN_TO_REISSUE: forgotten_letters.pin_to_reissue,
    Purpose.PORTAL_ADDRESS_CHANGED: letters.portal_address_changed,
    Purpose.LOGIN_NOT_DELIVERED: letters.login_not_delivered,
    Purpose.DIARY_CHANGED: diary_letters.changed,
    Purpose.APPOINTMENT_CONFIRMED_EMAIL: to_patient,
    Purpose.APPOINTMENT_REMINDER_EMAIL: to_patient,
    Purpose.NEW_DEVICE: device_letters.new_device,
    Purpose.DEVICE_REFUSED: device_letters.device_refused,
    Purpose.TEST_EMAIL: letters.test,
}

_TEXTS: Mapping[Purpose, Callable[[Mapping[str, str], ClinicSettings, str], str]] = {
    Purpose.MOBILE_LOGIN: texts.login,
    Purpose.MOBILE_LOGIN_REISSUED: texts.login_reissued,
    Purpose.CREDENTIAL_SHOWN: texts.credential_shown,
    Purpose.PHONE_CODE: texts.phone_code,
    Purpose.CREDENTIAL_CHANGED_TEXT: texts.credential_changed,
    Purpose.DIARY_CHANGED_TEXT: texts.diary_changed,
    Purpose.APPOINTMENT_CONFIRMED_TEXT: texts.to_patient,
    Purpose.APPOINTMENT_REMINDER_TEXT: texts.to_patient,
    Purpose.TEST_TEXT: texts.test,
}


@dataclass(frozen=True, slots=True)
class Content:
    """What the recipient reads. A text has no subject and no HTML.

    ``unsubscribe`` is the address at which a mail program says that its reader wants no more of the kind.
    """

    text: str = field(repr=False)
    subject: str = field(default="", repr=False)
    html: str = field(default="", repr=False)
    unsubscribe: str = field(default="", repr=False)


def compose(
    purpose: Purpose,
    context: Mapping[str, str],
    clinic: ClinicSettings,
    *,
    portal_url: str,
    recipient: str,
    at: datetime,
) -> Content:
    """The words of one message. ``at`` is when what it tells of happened; links start with ``portal_url``."""
    if purpose in _TEXTS:
        return Content(_TEXTS[purpose](context, clinic, portal_url))
    occasion = Occasion(context, clinic, portal_url, recipient, at)
    letter = _LETTERS[purpose](occasion)
    shown = {"letter": letter, "clinic": clinic, "portal_url": portal_url}
    return Content(
        subject=letter.subject,
        text=_templates().get_template("messages/mail.txt").render(shown),
        html=_templates().get_template("messages/mail.html").render(shown),
        unsubscribe=f"{portal_url}{letter.opt_out}" if letter.opt_out else "",
    )


@cache
def _templates() -> Environment:
    return new_environment(Environment, autoescape=select_autoescape(["html"]), keep_trailing_newline=True)
