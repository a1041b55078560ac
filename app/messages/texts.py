"""What our texts say: one segment each, whatever letters the clinic's name has."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from app.clinic.clinic import ClinicSettings
from app.i18n import gettext as _
from app.messages import gsm7
from app.messages.diary_letters import changes_in_words
from app.messages.letters import Changed
from app.messages.patient_letters import phone_of

LONGEST_NAME = 30
"""Septets of a clinic's or a person's name in a text."""


def login(context: Mapping[str, str], clinic: ClinicSettings, portal_url: str) -> str:
    """The first PIN."""
    return _with_pin(
        _("{clinic}: your PIN is {pin}. Log in with your mobile number within {days} days: {address}"),
        context,
        clinic,
        portal_url,
    )


def login_reissued(context: Mapping[str, str], clinic: ClinicSettings, portal_url: str) -> str:
    """A new PIN in place of the old one."""
    return _with_pin(
        _("{clinic}: your new PIN is {pin}. Forget the old one. Log in within {days} days: {address}"),
        context,
        clinic,
        portal_url,
    )


def credential_shown(context: Mapping[str, str], clinic: ClinicSettings, _portal_url: str) -> str:
    """To the owner: an administrator has a new secret of theirs on the screen. ``shown`` is password or pin."""
    wording = {
        "password": _("{clinic}: {by} has a new password for you. The old one no longer works."),
        "pin": _("{clinic}: {by} has a new PIN for you. The old one no longer works."),
    }[context["shown"]]
    return _set(wording + " " + _("Not expected? Tell your clinic at once."), clinic, by=_name(context["by"]))


def phone_code(context: Mapping[str, str], clinic: ClinicSettings, portal_url: str) -> str:
    """A code for a phone. By the last line browsers know whose it is, and fill it in there only (WebOTP)."""
    wording = _(
        "{clinic}: your code is {code}. It works for 10 minutes. Nobody at the clinic will ask you for it."
    )
    host = urlsplit(portal_url).hostname or ""
    return _set(wording + "\n\n@{host} #{code}", clinic, code=context["code"], host=host)


def credential_changed(context: Mapping[str, str], clinic: ClinicSettings, _portal_url: str) -> str:
    """To the owner, where e-mail alone would let a stranger's change go unnoticed. ``changed`` as in letters."""
    wording = {
        Changed.PASSWORD: _("{clinic}: your password was changed; the old one no longer works."),
        Changed.PIN: _("{clinic}: you were given a new PIN; the old one no longer works."),
        Changed.PIN_CHOSEN: _("{clinic}: your PIN was changed; the old one no longer works."),
    }[Changed(context["changed"])]
    return _set(wording + " " + _("Not you? Tell your clinic at once."), clinic)


def diary_changed(context: Mapping[str, str], clinic: ClinicSettings, portal_url: str) -> str:
    """To a diary's owner: how much others have changed, as a locked screen may show it."""
    changes = changes_in_words(context, clinic)
    return _set(_("{clinic}: {changes}. {address}"), clinic, changes=changes, address=f"{portal_url}/m")


def to_patient(context: Mapping[str, str], clinic: ClinicSettings, portal_url: str) -> str:
    """A confirmation or reminder in the clinic's own words; while the portal is offline, with its phone for a link."""
    if not context["path"]:
        return context["before"]
    answers_there = clinic.portal_online or not clinic.phone
    link = f"{portal_url}{context['path']}" if answers_there else phone_of(clinic)
    return f"{context['before']}{link}{context['after']}"


def test(_context: Mapping[str, str], clinic: ClinicSettings, _portal_url: str) -> str:
    """To an administrator who asked for it."""
    return _set(_("{clinic}: this is a test from Daybook. Text messages reach this phone."), clinic)


def _with_pin(wording: str, context: Mapping[str, str], clinic: ClinicSettings, portal_url: str) -> str:
    # Behind the #, what a browser sends to nobody: no log and no proxy on the way reads the ticket.
    ticket = f"#{context['ticket']}" if "ticket" in context else ""
    address, days = f"{portal_url}/m{ticket}", str(clinic.temporary_secret_days)
    return _set(wording, clinic, pin=context["pin"], address=address, days=days)


def _set(wording: str, clinic: ClinicSettings, **blanks: str) -> str:
    """The wording with its blanks filled; what these leave of the segment is the clinic's name."""
    wording = gsm7.transliterate(wording)
    room = gsm7.SEGMENT - gsm7.septets(wording.format(clinic="", **blanks))
    name = gsm7.transliterate(clinic.name).strip() or "Daybook"
    if room > 0:  # with an address so long, the text needs a second segment whatever the name
        name = gsm7.shorten(name, min(room, LONGEST_NAME))
    return wording.format(clinic=name, **blanks)


def _name(name: str) -> str:
    return gsm7.shorten(gsm7.transliterate(name).strip(), LONGEST_NAME)
