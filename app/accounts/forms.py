"""What people type when they log in, set Daybook up, or fill in a user's record."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field, ValidationInfo, field_validator

from app.accounts.secrets import OWN_PASSWORD_MAX, check_own_password
from app.accounts.tables import CredentialKind
from app.clinic.places import countries
from app.clock import zone
from app.forms import Email, Form, Mobile, Name, Phone, Version
from app.i18n import gettext as _

Secret = Annotated[str, Field(min_length=1, max_length=OWN_PASSWORD_MAX)]


class PasswordLogInForm(Form):
    """E-mail and password. Whatever is wrong with them is told by the one answer to failures."""

    email: Annotated[str, Field(min_length=1, max_length=254)]
    password: Secret


class PinLogInForm(Form):
    """Mobile number and PIN. A bound phone leaves its number out; one that was sent its PIN may bring the ticket."""

    mobile: Annotated[str, Field(max_length=40)] = ""
    pin: Annotated[str, Field(min_length=1, max_length=20)]
    ticket: Annotated[str, Field(max_length=40)] = ""


class CodeForm(Form):
    """A code by text."""

    code: Annotated[str, Field(min_length=1, max_length=20)]


class ForgottenPasswordForm(Form):
    """Whose password is forgotten. What is no address is nobody's, and gets the same answer as any other."""

    email: Annotated[str, Field(min_length=1, max_length=254)]


class ForgottenPinForm(Form):
    """Whose PIN is forgotten; likewise."""

    mobile: Annotated[str, Field(min_length=1, max_length=40)]


class PinByLinkForm(Form):
    """The code that came by text, and a new PIN."""

    code: Annotated[str, Field(min_length=1, max_length=20)]
    new: Annotated[str, Field(min_length=1, max_length=20)]


class PinByDesktopForm(Form):
    """A new PIN, chosen where one is logged in with the password, which may be asked for again."""

    new: Annotated[str, Field(min_length=1, max_length=20)]
    password: Annotated[str, Field(max_length=OWN_PASSWORD_MAX)] = ""


class UnlockForm(Form):
    """What opens a locked session: ``by`` says which of the two secrets it is."""

    by: CredentialKind
    secret: Secret


class ConfirmForm(Form):
    """One's own password, asked for again."""

    password: Annotated[str, Field(max_length=OWN_PASSWORD_MAX)] = ""


class SharedTabletForm(Form):
    """Whether several people use this tablet."""

    shared: bool = False


class OwnPasswordForm(Form):
    """A new password of one's own; ``current`` is asked for unless a temporary one has just been given."""

    current: Annotated[str, Field(max_length=OWN_PASSWORD_MAX)] = ""
    new: Annotated[str, Field(min_length=1)]


class OwnPinForm(Form):
    """A new PIN of one's own; ``current`` likewise."""

    current: Annotated[str, Field(max_length=20)] = ""
    new: Annotated[str, Field(min_length=1, max_length=20)]


class ChangeNoticesForm(Form):
    """How to be told of what others change in one's diary: email, text or none."""

    change_notices: Annotated[str, Field(max_length=10)]


class UserForm(Form):
    """A user's record. ``version`` is the one it was read at; a new user has none.

    ``then`` is the button that was pressed: *Create* goes on to the Online User Wizard. ``key`` makes sure that a
    new user is created once, however often the form arrives. ``password`` is the administrator's own, where they must
    show who they are.
    """

    name: Name
    email: Email = ""
    mobile: Mobile = ""
    practitioner: bool = False
    front_desk: bool = False
    administrator: Annotated[bool, Field(validate_default=True)] = False
    enabled_for_online: bool = False
    version: Version = 0
    then: str = "save"
    key: str = ""
    password: Annotated[str, Field(max_length=OWN_PASSWORD_MAX)] = ""

    @field_validator("administrator")
    @classmethod
    def _has_a_role(cls, administrator: bool, info: ValidationInfo) -> bool:
        """Checked with the last of the roles, next to which it is told."""
        if not (administrator or info.data.get("practitioner") or info.data.get("front_desk")):
            raise ValueError(_("Choose at least one role: it decides what this person sees."))
        return administrator


def _known_country(code: str) -> str:
    if code not in dict(countries()):
        raise ValueError(_("Choose a country from the list."))
    return code


def _known_zone(name: str) -> str:
    try:
        return zone(name).key
    except (ValueError, KeyError, OSError):
        raise ValueError(_("Choose a time zone from the list, like Europe/London.")) from None


Country = Annotated[str, AfterValidator(_known_country)]
TimeZone = Annotated[str, AfterValidator(_known_zone)]


class SetupForm(Form):
    """The clinic and its first administrator."""

    clinic_name: Name
    country: Country
    time_zone: TimeZone
    clinic_phone: Phone = ""
    name: Name
    email: Annotated[Email, Field(min_length=1)]
    password: Annotated[str, Field(min_length=1)]

    @field_validator("password")
    @classmethod
    def _will_do(cls, password: str, info: ValidationInfo) -> str:
        check_own_password(password, *(info.data.get(name, "") for name in ("name", "email", "clinic_name")))
        return password
