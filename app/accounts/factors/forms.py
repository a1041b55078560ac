"""What people type, and what their browsers make, where a passkey or a code is asked for."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from app.accounts.secrets import OWN_PASSWORD_MAX
from app.forms import Form, Name

LONGEST_ANSWER = 20_000


class PasskeyForm(Form):
    """What a passkey has signed, or a new one's public half: JSON that a script puts into a hidden field."""

    credential: Annotated[str, Field(min_length=1, max_length=LONGEST_ANSWER)]


class CodeForm(Form):
    """A code of the app; at the second step a recovery code too."""

    code: Annotated[str, Field(min_length=1, max_length=40)]


class ConfirmedForm(Form):
    """Something delicate: ``password`` is the person's own, where they must show again who they are."""

    password: Annotated[str, Field(max_length=OWN_PASSWORD_MAX)] = ""


class PasskeyNameForm(Form):
    """What a passkey is called."""

    name: Name
