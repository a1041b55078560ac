"""The Online User Wizard: which logins, their user names, a check, and then their creation.

What is entered is kept with each step, so that reload, Back and another day find it again. Nothing exists for the
user before *Create logins*. Every step carries the version it was read at: of two tabs the second is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.accounts.credentials import credentials_of
from app.accounts.tables import CredentialKind
from app.accounts.users import StaffUser, load_user, require_free_address
from app.accounts.viewer import Viewer
from app.clock import now
from app.db import execute, rows, write
from app.errors import Conflict
from app.i18n import gettext as _
from app.provisioning.forms import EmailForm, LoginsForm, MobileForm
from app.provisioning.secrets import LOGIN_OF, require_channel
from app.provisioning.tables import OnlineUserWizard, WizardStep


@dataclass(frozen=True, slots=True)
class Wizard:
    """A run of the wizard; ``id`` and ``version`` are 0 until its first step is sent."""

    user: StaffUser
    has: frozenset[CredentialKind]
    id: int = 0
    step: WizardStep = WizardStep.LOGINS
    online_login: bool = False
    mobile_login: bool = False
    email: str = ""
    mobile: str = ""
    created_at: datetime | None = None
    version: int = 0

    @property
    def steps(self) -> Sequence[WizardStep]:
        """The steps of this run in their order; those of a login that isn't wanted are left out."""
        unwanted = {
            WizardStep.EMAIL: self.id and not self.online_login,
            WizardStep.MOBILE: self.id and not self.mobile_login,
        }
        return [step for step in WizardStep if not unwanted.get(step)]

    def may_show(self, step: WizardStep) -> bool:
        """Whether that step has been reached. Once the logins exist there is no way back behind them."""
        if step not in self.steps:
            return False
        if self.created_at:
            return step is WizardStep.DELIVERY
        return self.steps.index(step) <= self.steps.index(self.step)

    def after(self, step: WizardStep) -> WizardStep:
        """The step that follows. Raises ContinuedElsewhere where another tab has made ``step`` unwanted."""
        if step not in self.steps:
            raise ContinuedElsewhere
        return self.steps[self.steps.index(step) + 1]


class ContinuedElsewhere(Conflict):
    """The wizard went on in another tab since this step was read there."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "This wizard was continued in another tab or by somebody else. Check what it says now, then go on."
            )
        )


async def load_wizard(user_id: int) -> Wizard:
    """The user's unfinished wizard, or a new one. Raises NotFound, or Conflict where there can be no logins."""
    user = await load_user(user_id)
    if not user.current:
        raise Conflict(_("This person no longer works here. Make the record current first."))
    if not user.enabled_for_online:
        raise Conflict(_("Tick Enabled for Online on the user's record first."))
    has = frozenset(await credentials_of(user_id))
    found = await rows(
        """
        SELECT id, step, online_login, mobile_login, email, mobile, created_at, version
        FROM online_user_wizard WHERE "user" = {} AND finished_at IS NULL
        """,
        user_id,
    )
    if not found:
        return Wizard(user=user, has=has, email=user.email, mobile=user.mobile)
    row = found[0]
    return Wizard(
        user=user,
        has=has,
        id=row["id"],
        step=WizardStep(row["step"]),
        online_login=bool(row["online_login"]),
        mobile_login=bool(row["mobile_login"]),
        email=row["email"],
        mobile=row["mobile"],
        created_at=row["created_at"],
        version=row["version"],
    )


async def choose_logins(form: LoginsForm, wizard: Wizard, *, by: Viewer) -> WizardStep:
    """Step 1. The first time it is sent the wizard begins to exist. Raises ContinuedElsewhere."""
    wanted = {
        CredentialKind.PASSWORD: form.online_login,
        CredentialKind.PIN: form.mobile_login,
    }
    if any(wanted[kind] for kind in wizard.has):
        raise Conflict(_("This login exists already. Its secret is reissued on the user's record."))
    for kind in wanted:
        if wanted[kind]:
            require_channel(kind, LOGIN_OF[kind])
    following = WizardStep.EMAIL if form.online_login else WizardStep.MOBILE
    if wizard.id:
        await _keep(
            wizard,
            form.version,
            following,
            {"online_login": form.online_login, "mobile_login": form.mobile_login},
        )
        return following
    begun = await execute(
        """
        INSERT INTO online_user_wizard
            ("user", started_by, started_at, step, online_login, mobile_login, email, mobile, version)
        VALUES ({}, {}, {}, {}, {}, {}, {}, {}, 1)
        ON CONFLICT DO NOTHING RETURNING id
        """,
        wizard.user.id,
        by.user,
        now(),
        following.value,
        form.online_login,
        form.mobile_login,
        wizard.user.email,
        wizard.user.mobile,
    )
    if not begun:
        raise ContinuedElsewhere
    return following


async def give_email(form: EmailForm, wizard: Wizard) -> WizardStep:
    """Step 2. Raises Conflict next to an address that another user has, ContinuedElsewhere."""
    await require_free_address(wizard.user.id, email=form.email)
    following = wizard.after(WizardStep.EMAIL)
    await _keep(wizard, form.version, following, {"email": form.email})
    return following


async def give_mobile(form: MobileForm, wizard: Wizard) -> WizardStep:
    """Step 3. Raises Conflict next to a number that another user has, ContinuedElsewhere."""
    await require_free_address(wizard.user.id, mobile=form.mobile)
    following = wizard.after(WizardStep.MOBILE)
    await _keep(wizard, form.version, following, {"mobile": form.mobile})
    return following


async def finish(wizard: Wizard) -> None:
    """*Done*: the next wizard for this user is a new one. Raises Conflict while the logins don't exist."""
    if wizard.id and not wizard.created_at:
        raise Conflict(_("The logins aren't created yet."))
    await OnlineUserWizard.update({OnlineUserWizard.finished_at: now()}).where(
        OnlineUserWizard.id == wizard.id
    )


async def _keep(wizard: Wizard, version: int, step: WizardStep, entered: dict[Any, Any]) -> None:
    async with write():
        kept = (
            await OnlineUserWizard.update({**entered, "step": step, "version": version + 1})
            .where(
                OnlineUserWizard.id == wizard.id,
                OnlineUserWizard.version == version,
                OnlineUserWizard.created_at.is_null(),
            )
            .returning(OnlineUserWizard.id)
        )
        if not kept:
            raise ContinuedElsewhere
