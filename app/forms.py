"""What people type into forms: the base of all forms, the kinds of field that several slices have, and their faults."""

from __future__ import annotations

import re
from typing import Annotated, Any

import phonenumbers
import pydantic
from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo
from pydantic_core import ErrorDetails

from app.i18n import gettext as _
from app.i18n import ngettext
from app.text import tidy

EMAIL = re.compile(r"[^@\s<>()\[\],;:\"\\]+@([^@\s.<>()\[\],;:\"\\]+\.)+[^@\s.<>()\[\],;:\"\\]{2,}")
MOBILE_TYPES = (phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE)


class Form(pydantic.BaseModel):
    """Base of all forms. White space at the ends is dropped; unknown fields (the CSRF token) are ignored.

    An untouched text field arrives empty, so optional ones default to ``""``; an unticked box doesn't arrive.
    Numbers are read as typed in the country that stands above them in the form, else in the clinic's, which is in
    the validators' context.
    """

    model_config = pydantic.ConfigDict(str_strip_whitespace=True, extra="ignore", frozen=True)


def as_email(typed: str) -> str:
    """The address in lower case. Raises ValueError with what to tell the person."""
    if typed and not EMAIL.fullmatch(typed):
        raise ValueError(_("This isn't an e-mail address. It looks like name@example.com."))
    return typed.lower()


def as_phone(typed: str, region: str) -> str:
    """The number in E.164, read as typed in that region. Raises ValueError with what to tell the person."""
    if not typed:
        return ""
    return phonenumbers.format_number(_parsed(typed, region), phonenumbers.PhoneNumberFormat.E164)


def as_dialled(typed: str, region: str) -> str:
    """The number in E.164; as typed if it isn't one, which then is nobody's."""
    try:
        return as_phone(typed, region)
    except ValueError:
        return typed


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
        raise ValueError(
            _("There is no such number. Check the digits, and the country code if it is abroad.")
        )
    return number


def _region(info: ValidationInfo) -> str:
    return str(info.data.get("country") or (info.context or {}).get("country") or "GB")


def _phone(typed: str, info: ValidationInfo) -> str:
    return as_phone(typed, _region(info))


def _mobile(typed: str, info: ValidationInfo) -> str:
    return as_mobile(typed, _region(info))


def _name(typed: str) -> str:
    name = tidy(typed)
    if not any(letter.isalnum() for letter in name):  # invisible characters make no name
        raise ValueError(_("Please fill this in."))
    return name


def _version(typed: object) -> object:
    """Nobody types a version, so nobody could correct one: what can't be read is older than any that is stored."""
    return typed if isinstance(typed, int) or re.fullmatch(r"\d{1,9}", str(typed), re.ASCII) else 0


Name = Annotated[str, Field(min_length=1, max_length=80), AfterValidator(_name)]
Email = Annotated[str, Field(max_length=254), AfterValidator(as_email)]
Phone = Annotated[str, Field(max_length=40), AfterValidator(_phone)]
Mobile = Annotated[str, Field(max_length=40), AfterValidator(_mobile)]
Version = Annotated[int, BeforeValidator(_version)]


def sentence(fault: ErrorDetails) -> str:
    """What to tell a person about pydantic's error. A validator's own words (ValueError) stay as they are."""
    kind, limits = fault["type"], fault.get("ctx", {})
    if kind == "value_error":
        return str(limits["error"])
    if kind == "missing" or limits.get("min_length") == 1:
        return _("Please fill this in.")
    if kind.endswith("too_short"):
        low = limits["min_length"]
        return ngettext("Use at least {n} character.", "Use at least {n} characters.", low).format(n=low)
    if kind.endswith("too_long"):
        high = limits["max_length"]
        too_long = ngettext("Too long: {n} character at most.", "Too long: {n} characters at most.", high)
        return too_long.format(n=high)
    if kind in ("greater_than_equal", "less_than_equal", "multiple_of"):
        return _of_a_number(kind, limits)
    if kind == "int_parsing":
        return _("Use a whole number.")
    if kind in ("literal_error", "enum"):
        return _("Choose one of the options.")
    if kind.startswith(("date_", "time_")):
        return _("That isn't a date or time that exists.")
    return _("That can't be used here.")


def _of_a_number(kind: str, limits: dict[str, Any]) -> str:
    if kind == "greater_than_equal":
        return _("Use {n} or more.").format(n=limits["ge"])
    if kind == "less_than_equal":
        return _("Use {n} or less.").format(n=limits["le"])
    return _("Use a multiple of {n}.").format(n=limits["multiple_of"])
