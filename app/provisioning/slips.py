"""Slips, where nothing can be sent: a new secret, shown to the administrator once, to be handed over on paper."""

from __future__ import annotations

from dataclasses import dataclass, field

from app import settings
from app.accounts.credentials import claim_replacement, credentials_of, store_credential, withdraw_login
from app.accounts.logins import Login
from app.accounts.tables import CredentialKind
from app.accounts.users import StaffUser, load_user
from app.accounts.viewer import Viewer
from app.audit.record import record
from app.clinic.clinic import ClinicSettings
from app.db import write
from app.errors import Conflict, NotFound
from app.i18n import gettext as _
from app.messages.compose import Purpose
from app.messages.holds import hold_on
from app.messages.letters import Changed
from app.messages.outbox import post, supersede
from app.messages.tables import Channel, MessageState
from app.messages.transports import channel_available
from app.provisioning.secrets import CHANNEL_OF, LOGIN_OF, new_secret


@dataclass(frozen=True, slots=True)
class Slip:
    """What is handed to the owner: where to log in, and with what."""

    kind: CredentialKind
    name: str
    address: str
    user_name: str
    secret: str = field(repr=False)


async def may_be_shown(login: Login) -> bool:
    """Whether a slip is the way out: nothing can be sent, or what was sent isn't known to have reached its owner."""
    channel = CHANNEL_OF[login.kind]
    if not channel_available(channel, settings.current()) or await hold_on(channel):
        return True
    arrived = login.delivery is not None and login.delivery.state is MessageState.DELIVERED
    failed = login.delivery is not None and login.delivery.has_failed
    return failed or (login.state == "waiting" and not arrived)


async def show_login(login: Login, user_id: int, clinic: ClinicSettings, *, by: Viewer, mark: str) -> Slip:
    """A new secret for a login, seen by the administrator; all it opens is the choice of one's own.

    The old one is dead at once, and a message with it that hadn't left never will. The owner is told by the other
    channel. ``mark`` is that of the secret which the page spoke of: asked a second time, it is another one by then.

    Raises NotFound where there is no such login, Conflict where its user may not use it, where it can be sent or has
    been shown, and where nobody knows yet where to log in.
    """
    user = await load_user(user_id)
    before = (await credentials_of(user_id)).get(login.kind)
    if before is None or not user.current:
        raise NotFound(_("There is no such login."))
    if not user.enabled_for_online:
        raise Conflict(_("Tick Enabled for Online on the user's record first."))
    if not await may_be_shown(login):
        raise Conflict(_("It can be sent, so nobody else needs to see it."))
    slip_address = _address(login.kind, clinic)
    user_name = user.email if login.kind is CredentialKind.PASSWORD else user.mobile
    secret = await new_secret(login.kind, user_id, user_name, clinic)
    async with write():
        if mark != before.hashed.mark or not await claim_replacement(before):
            raise Conflict(
                _("It was shown once, or sent anew, since this page was opened. If it is lost, make another.")
            )
        await supersede([before.message] if before.message else [])
        await store_credential(user_id, login.kind, secret.hashed, temporary=True, message=None, shown=True)
        # After the secret: a log-in with the old one that is under way either sees the new one, or is ended here.
        await withdraw_login(user_id, login.kind, "reissued")
        await record(f"{LOGIN_OF[login.kind]}.shown", actor=by.user, subject="user", subject_id=user_id)
        await _tell(user, login.kind, by=by)
    return Slip(login.kind, user.name, slip_address, user_name, secret.secret)


def _address(kind: CredentialKind, clinic: ClinicSettings) -> str:
    """Where the owner logs in; the code on the slip is of this, never of the secret."""
    here = settings.current()
    portal = clinic.portal_url or (f"http://localhost:{here.port}" if here.is_development else "")
    if not portal:
        raise Conflict(_("Enter the portal's address first, on the Settings tab of Web Booking."))
    return f"{portal}/m" if kind is CredentialKind.PIN else portal


async def _tell(user: StaffUser, kind: CredentialKind, *, by: Viewer) -> None:
    """The owner hears of it, by the channel that doesn't carry this login's secrets if there is one."""
    texts_leave = bool(user.mobile) and bool(channel_available(Channel.TEXT, settings.current()))
    by_password = kind is CredentialKind.PASSWORD
    if texts_leave and (by_password or not user.email):
        context = {"shown": kind.value, "by": by.name}
        await post(Purpose.CREDENTIAL_SHOWN, Channel.TEXT, user.mobile, user.id, context)
    elif user.email:
        changed = Changed.PASSWORD_SHOWN if by_password else Changed.PIN_SHOWN
        context = {"name": user.name, "changed": changed.value, "by": by.name}
        await post(Purpose.CREDENTIAL_CHANGED, Channel.EMAIL, user.email, user.id, context)
