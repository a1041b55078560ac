"""What an administrator types and clicks under Web Booking."""

from __future__ import annotations

import json
import re
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo

from app import settings
from app.accounts.forms import Country, TimeZone
from app.accounts.secrets import OWN_PASSWORD_MAX
from app.clinic.tables import ColleagueAccess, PortalStatus
from app.forms import Form, Name, as_phone
from app.i18n import gettext as _
from app.portal.address import PortalAddress
from app.text import tidy


class StatusForm(Form):
    """Putting the portal online or offline."""

    status: PortalStatus
    log_everybody_out: bool = False


def _portal_url(typed: str) -> str:
    if not typed:
        return ""
    return str(PortalAddress.parse(typed, development=settings.current().is_development))


def _phone_of_the_country(typed: str, info: ValidationInfo) -> str:
    """Read in the country chosen beside it, which may be about to change."""
    return as_phone(typed, info.data.get("country", ""))


def _text_sender(typed: str) -> str:
    if typed and not re.fullmatch(r"(?=.*[A-Za-z])[A-Za-z0-9]{1,11}", typed):
        raise ValueError(_("Use up to 11 letters and digits, at least one of them a letter, without spaces."))
    return typed


def _remembered(typed: str) -> dict[str, str]:
    """Nobody typed this, so nobody could correct it: what can't be read is as good as nothing."""
    try:
        found = json.loads(typed)
    except ValueError:
        return {}
    return {name: str(value) for name, value in found.items()} if isinstance(found, dict) else {}


class SettingsForm(Form):
    """The settings. ``version`` is the one they were read at, ``read`` what the form showed then."""

    version: int
    read: Annotated[dict[str, str], BeforeValidator(_remembered)] = Field(default_factory=dict)
    portal_url: Annotated[str, AfterValidator(_portal_url)] = ""
    current_password: Annotated[str, Field(max_length=OWN_PASSWORD_MAX)] = ""
    name: Name
    country: Country
    phone: Annotated[str, Field(max_length=40), AfterValidator(_phone_of_the_country)] = ""
    time_zone: TimeZone
    support_contact: Annotated[str, AfterValidator(tidy), Field(max_length=200)] = ""
    email_sender_name: Annotated[str, AfterValidator(tidy), Field(max_length=60)] = ""
    text_sender_name: Annotated[str, AfterValidator(_text_sender)] = ""
    colleague_access: ColleagueAccess
    temporary_secret_days: Annotated[int, Field(ge=1, le=14)]
    pin_digits: Annotated[int, Field(ge=6, le=8)]
    desktop_idle_minutes: Annotated[int, Field(ge=5, le=240)]
    desktop_absolute_hours: Annotated[int, Field(ge=1, le=24)]
    phone_idle_minutes: Annotated[int, Field(ge=1, le=60)]
    phone_absolute_hours: Annotated[int, Field(ge=1, le=72)]
