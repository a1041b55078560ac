"""What people type into a patient's record."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import phonenumbers
from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo

from app.diary.patients.dates_of_birth import dates_meant, latest_day
from app.forms import MOBILE_TYPES, Email, Form, Name, Version
from app.i18n import gettext as _
from app.i18n import locale_for
from app.text import tidy

OLDEST = 130  # years


def _country(info: ValidationInfo) -> str:
    return str((info.context or {}).get("country") or "GB")


def _born(typed: Any, info: ValidationInfo) -> date | None:
    if not typed:
        return None
    meant = dates_meant(str(typed), locale_for(_country(info)))
    if not meant:
        raise ValueError(_("There is no such date. Write it like 23 Nov 1980."))
    if len(meant) > 1:
        raise ValueError(_("Write all four digits of the year."))
    today = latest_day()
    if meant[0] > today:
        raise ValueError(_("This day is yet to come. Check the year."))
    if meant[0].year < today.year - OLDEST:
        raise ValueError(_("Nobody is older than {years}. Check the year.").format(years=OLDEST))
    return meant[0]


def _number(typed: str, info: ValidationInfo) -> str:
    """E.164. Of a patient's number only the length is checked: they know it better than any table of what is in use."""
    if not typed:
        return ""
    try:
        number = phonenumbers.parse(typed, _country(info))
    except phonenumbers.NumberParseException:
        raise ValueError(_("This isn't a phone number.")) from None
    if number.extension:
        raise ValueError(_("Leave out the extension, or put it into the notes."))
    if not phonenumbers.is_possible_number(number):
        raise ValueError(_("That is too short or too long for a phone number. Check the digits."))
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _mobile(e164: str) -> str:
    known = phonenumbers.PhoneNumberType.UNKNOWN
    if e164 and phonenumbers.number_type(phonenumbers.parse(e164)) not in (*MOBILE_TYPES, known):
        raise ValueError(_("This isn't a mobile number. Put it under Other phone."))
    return e164


def _lines(typed: str) -> str:
    """Browsers end lines in two ways, depending on who sends the form: it would look like a change."""
    return "\n".join(typed.splitlines())


DateOfBirth = Annotated[date | None, BeforeValidator(_born)]
Number = Annotated[str, Field(max_length=40), AfterValidator(_number)]
Mobile = Annotated[Number, AfterValidator(_mobile)]


class PatientForm(Form):
    """A patient's record. ``version`` is the one it was read at; a new record has none.

    ``key`` makes sure that a new patient is added once, however often the form arrives. ``anyway`` is the button that
    adds somebody who seems to be there already.
    """

    name: Name
    preferred_name: Annotated[str, Field(max_length=40), AfterValidator(tidy)] = ""
    date_of_birth: DateOfBirth = None
    mobile: Mobile = ""
    phone: Number = ""
    email: Email = ""
    alert: Annotated[str, Field(max_length=200), AfterValidator(tidy)] = ""
    notes: Annotated[str, Field(max_length=10_000), AfterValidator(_lines)] = ""
    no_emails: bool = False
    no_texts: bool = False
    version: Version = 0
    key: str = ""
    anyway: bool = False
