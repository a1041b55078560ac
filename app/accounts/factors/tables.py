"""What somebody logs in with besides a secret: passkeys, an authenticator, recovery codes; and log-ins under way."""

from __future__ import annotations

from piccolo.columns import BigInt, Boolean, Bytea, ForeignKey, Integer, Serial, Varchar
from piccolo.table import Table

from app.accounts.tables import Device, SessionKind, User
from app.db.columns import Moment


class Passkey(Table):
    """A passkey's public half. It opens what the session could open in which it was added: ``kind``.

    # rule: index on user.
    """

    id = Serial(primary_key=True)
    user = ForeignKey(User)
    kind = Varchar(length=10, choices=SessionKind)
    credential_id = Varchar(length=1400, unique=True, help_text="base64url; up to 1023 bytes")
    public_key = Bytea(help_text="COSE")
    sign_count = BigInt(help_text="the authenticator's counter at its last use; 0 where it keeps none")
    rp_id = Varchar(length=253, help_text="the host that it belongs to")
    name = Varchar(length=80)
    created_at = Moment()
    last_used_at = Moment(null=True, default=None)
    flagged_at = Moment(null=True, default=None, help_text="its counter fell back: it may have been copied")


class PasskeyChallenge(Table):
    """What a browser has to have signed, once and soon. Only hashes are kept. # rule: index on expires_at."""

    id = Serial(primary_key=True)
    challenge_hash = Varchar(length=64, unique=True)
    browser_hash = Varchar(length=64, help_text="of the cookie of the browser that asked for it")
    user = ForeignKey(User, null=True, default=None, help_text="who adds a passkey; null for a log-in")
    expires_at = Moment()


class Authenticator(Table):
    """An app that makes codes by the clock (TOTP). It counts once a code of it was typed.

    # rule: index on user; unique user where confirmed.
    """

    id = Serial(primary_key=True)
    user = ForeignKey(User)
    secret = Bytea(help_text="sealed; see app.accounts.factors.sealing")
    pepper = Varchar(length=20, help_text="id of the pepper that the seal is made with")
    session = Integer(help_text="where it was begun, and may be seen until it is confirmed")
    created_at = Moment()
    confirmed_at = Moment(null=True, default=None)
    last_step = BigInt(
        default=0, help_text="the time step of the last code that was taken: none is taken twice"
    )
    failures = Integer(default=0, help_text="codes tried since failures_since")
    failures_since = Moment(null=True, default=None)


class RecoveryCode(Table):
    """A code on paper for when everything else is lost. # rule: unique (user, code_hash)."""

    id = Serial(primary_key=True)
    user = ForeignKey(User)
    code_hash = Varchar(length=64)
    used_at = Moment(null=True, default=None)


class PendingLogIn(Table):
    """A log-in whose password was right and whose second step is still to come. # rule: index on expires_at."""

    id = Serial(primary_key=True)
    token_hash = Varchar(length=64, unique=True)
    user = ForeignKey(User)
    secret_mark = Varchar(
        length=16, help_text="stands for the password: once that is another one, this is over"
    )
    device = ForeignKey(Device, null=True, default=None, help_text="the known device, if it is one")
    device_label = Varchar(length=80)
    session = Integer(null=True, default=None, help_text="the session that the browser leaves, if any")
    desk_only = Boolean(default=False)
    tries = Integer(default=0)
    expires_at = Moment()
