"""What an administrator fills in while giving somebody online logins."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, ValidationInfo, field_validator

from app.accounts.secrets import OWN_PASSWORD_MAX
from app.forms import Email, Form, Mobile, Version
from app.i18n import gettext as _


class StepForm(Form):
    """Every step carries the version of the wizard that it was read at; 0 where there is none yet."""

    version: Version = 0


class LoginsForm(StepForm):
    """Step 1: which logins."""

    online_login: bool = False
    mobile_login: Annotated[bool, Field(validate_default=True)] = False

    @field_validator("mobile_login")
    @classmethod
    def _at_least_one(cls, mobile_login: bool, info: ValidationInfo) -> bool:
        if not (mobile_login or info.data.get("online_login")):
            raise ValueError(_("Tick at least one of the two logins."))
        return mobile_login


class CreateForm(StepForm):
    """Step 4: *Create logins*. ``password`` is the administrator's own, where they must show who they are."""

    password: Annotated[str, Field(max_length=OWN_PASSWORD_MAX)] = ""


class EmailForm(StepForm):
    """Step 2: the online login's user name."""

    email: Annotated[Email, Field(min_length=1)]


class MobileForm(StepForm):
    """Step 3: the mobile login's user name."""

    mobile: Annotated[Mobile, Field(min_length=1)]


class ReissueForm(Form):
    """A new secret for a login. ``password`` is the administrator's own, where they must show who they are.

    ``replaces`` is the message that carried the secret when the page was read.
    """

    replaces: Version = 0
    password: Annotated[str, Field(max_length=OWN_PASSWORD_MAX)] = ""


class ShowForm(Form):
    """A new secret on the screen. ``mark`` is that of the one which the page spoke of."""

    mark: str = ""
    password: Annotated[str, Field(max_length=OWN_PASSWORD_MAX)] = ""


class CorrectEmailForm(ReissueForm):
    """The online login's new user name."""

    email: Annotated[Email, Field(min_length=1)]


class CorrectMobileForm(ReissueForm):
    """The mobile login's new user name."""

    mobile: Annotated[Mobile, Field(min_length=1)]


class ExpiredForm(Form):
    """A new secret for whoever has given one that is expired: the proof of that."""

    proof: Annotated[str, Field(max_length=1000)] = ""
