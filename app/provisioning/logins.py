"""Creating logins: what the wizard's fourth step does."""

from __future__ import annotations

from app.accounts.tables import CredentialKind
from app.accounts.users import set_login_address
from app.accounts.viewer import Viewer
from app.audit.record import record
from app.clinic.clinic import ClinicSettings
from app.clock import now
from app.db import execute, write
from app.provisioning.secrets import LOGIN_OF, issue, new_secret
from app.provisioning.tables import WizardStep
from app.provisioning.wizard import ContinuedElsewhere, Wizard


async def create_logins(wizard: Wizard, version: int, clinic: ClinicSettings, *, by: Viewer) -> None:
    """Step 4: make the logins and send their secrets. Sent twice, by a double click or a second tab, it does it once.

    Raises ContinuedElsewhere when what was checked is no longer what the wizard says, Conflict next to an address
    that somebody else has got meanwhile.
    """
    if wizard.created_at:
        return
    secrets = []
    if wizard.online_login:
        secrets.append(await new_secret(CredentialKind.PASSWORD, wizard.user.id, wizard.email, clinic))
    if wizard.mobile_login:
        secrets.append(await new_secret(CredentialKind.PIN, wizard.user.id, wizard.mobile, clinic))
    async with write():
        if not await _claim_creation(wizard, version):
            raise ContinuedElsewhere
        await set_login_address(
            wizard.user.id,
            email=wizard.email if wizard.online_login else None,
            mobile=wizard.mobile if wizard.mobile_login else None,
        )
        for secret in secrets:
            await issue(wizard.user, secret, clinic, purpose=LOGIN_OF[secret.kind])
            await record(
                f"{LOGIN_OF[secret.kind]}.created", actor=by.user, subject="user", subject_id=wizard.user.id
            )


async def _claim_creation(wizard: Wizard, version: int) -> bool:
    """Of several who press *Create logins* one goes on."""
    claimed = await execute(
        """
        UPDATE online_user_wizard SET created_at = {}, step = {}, version = version + 1
        WHERE id = {} AND version = {} AND created_at IS NULL AND step = {} RETURNING id
        """,
        now(),
        WizardStep.DELIVERY.value,
        wizard.id,
        version,
        WizardStep.CHECK.value,
    )
    return bool(claimed)
