"""What an administrator types and clicks under Web Booking."""

from __future__ import annotations

import json
import re
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from app import settings
from app.accounts.forms import Country, TimeZone
from app.accounts.secrets import OWN_PASSWORD_MAX
from app.clinic.clinic import SENDER_NAME_LETTERS, TEXT_SENDER_LETTERS
from app.clinic.tables import AdminFactor, ColleagueAccess, PortalStatus
from app.forms import Form, Name, Phone
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


def _text_sender(typed: str) -> str:
    if len(typed) > TEXT_SENDER_LETTERS or (typed and not re.fullmatch("[0-9]*[A-Za-z][A-Za-z0-9]*", typed)):
        raise ValueError(
            _("Use up to {n} letters and digits, at least one of them a letter, without spaces.").format(
                n=TEXT_SENDER_LETTERS
            )
        )
    return typed


def _remembered(typed: str) -> dict[str, str]:
    """Nobody typed this, so nobody could correct it: what can't be read is as good as nothing."""
    try:
        found = json.loads(typed)
    except ValueError:
        return {}
    return {name: str(value) for name, value in found.items()} if isinstance(found, dict) else {}


class SettingsForm(Form):
    """The settings. ``version`` is the one they were read at, ``read`` what the form showed then.

    ``passkeys_may_stop``: the portal is to have another host although passkeys belong to the one that it has."""

    version: int
    read: Annotated[dict[str, str], BeforeValidator(_remembered)] = Field(default_factory=dict)
    portal_url: Annotated[str, AfterValidator(_portal_url)] = ""
    password: Annotated[str, Field(max_length=OWN_PASSWORD_MAX)] = ""
    passkeys_may_stop: bool = False
    name: Name
    country: Country
    phone: Phone = ""
    time_zone: TimeZone
    support_contact: Annotated[str, AfterValidator(tidy), Field(max_length=200)] = ""
    email_sender_name: Annotated[str, AfterValidator(tidy), Field(max_length=SENDER_NAME_LETTERS)] = ""
    text_sender_name: Annotated[str, AfterValidator(_text_sender)] = ""
    colleague_access: ColleagueAccess
    admin_factor: AdminFactor
    temporary_secret_days: Annotated[int, Field(ge=1, le=14)]
    pin_digits: Annotated[int, Field(ge=6, le=8)]
    desktop_idle_minutes: Annotated[int, Field(ge=5, le=240)]
    desktop_absolute_hours: Annotated[int, Field(ge=1, le=24)]
    tablet_lock_minutes: Annotated[int, Field(ge=1, le=60)]
    tablet_absolute_hours: Annotated[int, Field(ge=1, le=24)]
    phone_idle_minutes: Annotated[int, Field(ge=1, le=60)]
    phone_absolute_hours: Annotated[int, Field(ge=1, le=72)]
    admin_minutes: Annotated[int, Field(ge=5, le=60)]
