"""The Online User Wizard's memory: it survives reload, Back and a second tab."""

from __future__ import annotations

from enum import StrEnum

from piccolo.columns import Boolean, ForeignKey, Integer, Serial, Varchar
from piccolo.table import Table

from app.accounts.tables import User
from app.db.columns import Moment


class WizardStep(StrEnum):
    """The steps in their order. A step whose login isn't wanted is skipped."""

    LOGINS = "logins"
    EMAIL = "email"
    MOBILE = "mobile"
    CHECK = "check"
    DELIVERY = "delivery"


class OnlineUserWizard(Table):
    """One run of the wizard for one user.

    # rule: one unfinished wizard for a user (unique user where finished_at is null).
    """

    id = Serial(primary_key=True)
    user = ForeignKey(User)
    started_by = Integer(help_text="user id of the administrator")
    started_at = Moment()
    step = Varchar(length=10, default=WizardStep.LOGINS, choices=WizardStep)
    online_login = Boolean(default=False)
    mobile_login = Boolean(default=False)
    email = Varchar(length=254)
    mobile = Varchar(length=20)
    created_at = Moment(
        null=True, default=None, help_text="when the logins were created; no step goes back behind it"
    )
    finished_at = Moment(
        null=True, default=None, help_text="Done was pressed, or the wizard was left for a new one"
    )
    version = Integer(default=1)
