"""What people type into forms: the base of all forms, and the kinds of field that several slices have."""

from __future__ import annotations

import re
from typing import Annotated

import phonenumbers
import pydantic
from pydantic import AfterValidator, Field, ValidationInfo

from app.i18n import gettext as _
from app.text import tidy

EMAIL = re.compile(r"[^@\s<>()\[\],;:\"\\]+@([^@\s.<>()\[\],;:\"\\]+\.)+[^@\s.<>()\[\],;:\"\\]{2,}")
MOBILE_TYPES = (phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE)


class Form(pydantic.BaseModel):
    """Base of all forms. White space at the ends is dropped; unknown fields (the CSRF token) are ignored.

    An untouched text field arrives empty, so optional ones default to ``""``; an unticked box doesn't arrive.
    Validators find the clinic's country, the default region of typed numbers, in their context.
    """

    model_config = pydantic.ConfigDict(str_strip_whitespace=True, extra="ignore", frozen=True)


def as_email(typed: str) -> str:
    """The address in lower case. Raises ValueError with what to tell the person."""
    if typed and not EMAIL.fullmatch(typed):
        raise ValueError(_("This isn't an e-mail address. It looks like name@example.com."))
    return typed.lower()


def as_phone(typed: str, region: str) -> str:
    """The number in E.164, read as typed in that region. Raises ValueError with what to tell the person."""
    return phonenumbers.format_number(_parsed(typed, region), phonenumbers.PhoneNumberFormat.E164) if typed else ""


def as_mobile(typed: str, region: str) -> str:
    """The same for a number that can receive texts."""
    if not typed:
        return ""
    number = _parsed(typed, region)
    if phonenumbers.number_type(number) not in MOBILE_TYPES:
        raise ValueError(_("This isn't a mobile number, so it can't receive texts."))
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _parsed(typed: str, region: str) -> phonenumbers.PhoneNumber:
    try:
        number = phonenumbers.parse(typed, region)
    except phonenumbers.NumberParseException:
        raise ValueError(_("This isn't a phone number.")) from None
    if number.extension:
        raise ValueError(_("Leave out the extension: texts can't reach one."))
    if not phonenumbers.is_valid_number(number):
        raise ValueError(_("There is no such number. Check the digits, and the country code if it is abroad."))
    return number


def _region(info: ValidationInfo) -> str:
    return str((info.context or {}).get("country") or "GB")


def _phone(typed: str, info: ValidationInfo) -> str:
    return as_phone(typed, _region(info))


def _mobile(typed: str, info: ValidationInfo) -> str:
    return as_mobile(typed, _region(info))


Name = Annotated[str, AfterValidator(tidy), Field(min_length=1, max_length=80)]
Email = Annotated[str, Field(max_length=254), AfterValidator(as_email)]
Phone = Annotated[str, Field(max_length=40), AfterValidator(_phone)]
Mobile = Annotated[str, Field(max_length=40), AfterValidator(_mobile)]
