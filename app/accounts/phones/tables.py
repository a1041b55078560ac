"""What is kept of phones that want to join a mobile login."""

from __future__ import annotations

from enum import StrEnum

from piccolo.columns import Boolean, ForeignKey, Integer, Serial, Varchar
from piccolo.table import Table

from app.accounts.tables import User
from app.db.columns import Moment


class CodePurpose(StrEnum):
    """What a code by text is asked for."""

    LOG_IN = "log_in"
    NEW_PIN = "new_pin"


class PhoneCode(Table):
    """Six digits by text, good in the browser that asked for them; or what stands for them where none were sent.

    # rule: index on (mobile_key, created_at); index on created_at.
    """

    id = Serial(primary_key=True)
    purpose = Varchar(length=10, choices=CodePurpose)
    browser_hash = Varchar(length=64, unique=True, help_text="of the token that the browser keeps")
    user = ForeignKey(User, null=True, default=None, help_text="null where no code was sent")
    mark = Varchar(length=16, help_text="of the secret that was given before; see HashedSecret")
    mobile_key = Varchar(length=64, help_text="HMAC of the number; empty where no code was sent")
    code_hash = Varchar(length=64, help_text="HMAC of the code and the browser's token")
    tries = Integer(default=0)
    created_at = Moment()
    expires_at = Moment()
    used = Boolean(default=False)
