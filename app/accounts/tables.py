"""People on the staff and how they log in."""

from __future__ import annotations

from enum import StrEnum

from piccolo.columns import Boolean, ForeignKey, Integer, Serial, Varchar
from piccolo.table import Table

from app.db.columns import Moment
from app.messages.tables import Message


class CredentialKind(StrEnum):
    """A login's secret: the online login has a password, the mobile login a PIN."""

    PASSWORD = "password"
    PIN = "pin"


class StopReason(StrEnum):
    """Why a login's secret opens nothing until a new one is issued."""

    LOST = "lost"
    NOT_ME = "not_me"


class SessionKind(StrEnum):
    """What a session runs on; it decides its times."""

    DESKTOP = "desktop"
    PHONE = "phone"


class User(Table, tablename="staff_user"):
    """A person on the staff, current or non-current, never deleted.

    ``email`` and ``mobile`` are both how the clinic reaches the person and the user names of the two logins.
    # rule: unique email among current users where not empty; unique mobile among current users where not empty.
    """

    id = Serial(primary_key=True)
    name = Varchar(length=80)
    search = Varchar(length=400, help_text="normalised name, e-mail and mobile; see app.text.searchable")
    email = Varchar(length=254, help_text="lower case; empty when there is none")
    mobile = Varchar(length=20, help_text="E.164; empty when there is none")
    administrator = Boolean(default=False)
    front_desk = Boolean(default=False)
    practitioner = Boolean(default=False)
    current = Boolean(default=True)
    enabled_for_online = Boolean(default=False)
    change_notices = Varchar(
        length=10, help_text="how the owner of a diary hears of others' changes; empty until they choose"
    )
    created_at = Moment()
    version = Integer(
        default=1, help_text="bumped by every change; an edit carries the version it was read at"
    )


class Credential(Table):
    """One login's secret, hashed; ``temporary`` while it is the one we generated. # rule: unique (user, kind)."""

    id = Serial(primary_key=True)
    user = ForeignKey(User)
    kind = Varchar(length=10, choices=CredentialKind)
    secret_hash = Varchar(length=200, help_text="argon2id over the peppered secret; see app.accounts.hashing")
    pepper = Varchar(length=20, help_text="id of the pepper")
    temporary = Boolean(default=True)
    issued_at = Moment()
    message = ForeignKey(
        Message, null=True, default=None, help_text="the message that carries the temporary secret"
    )
    first_used_at = Moment(null=True, default=None)
    failures = Integer(default=0, help_text="wrong secrets from unknown devices since it was issued")
    shown = Boolean(
        default=False, help_text="an administrator has seen it: all it opens is the choice of one's own"
    )
    ticket_hash = Varchar(
        length=64, help_text="of the ticket in the text with the PIN; empty when it is dead"
    )
    ticket_failures = Integer(default=0, help_text="guesses made with the ticket")
    stopped_at = Moment(
        null=True, default=None, help_text="when it was made worthless, until a new one is issued"
    )
    stopped_because = Varchar(length=10, choices=StopReason)


class Device(Table):
    """A browser that has logged in well, known by its own cookie; a bound phone is a device of a mobile login.

    # rule: index on previous_token_hash; index on user; unique link_hash where not empty.
    """

    id = Serial(primary_key=True)
    user = ForeignKey(User)
    kind = Varchar(length=10, choices=SessionKind)
    token_hash = Varchar(length=64, unique=True)
    previous_token_hash = Varchar(
        length=64, help_text="the token before the last rotation; its reuse unbinds"
    )
    label = Varchar(length=80, help_text="what the browser says it is, e.g. Safari on iPhone")
    bound = Boolean(default=False)
    confirmed_at = Moment(
        null=True, default=None, help_text="when somebody vouched for the phone; until then it shows no names"
    )
    confirmed_by = Integer(null=True, default=None, help_text="user id; null when by the link in an e-mail")
    link_hash = Varchar(length=64, help_text="of the e-mailed link by which the owner speaks of it; or empty")
    link_expires_at = Moment(null=True, default=None)
    failures = Integer(default=0, help_text="wrong secrets since the last good log-in")
    created_at = Moment()
    last_used_at = Moment()
    ended_at = Moment(null=True, default=None)


class Session(Table, tablename="login_session"):
    """A log-in that lasts. The cookie's token is kept hashed. # rule: index on user; index on expires_at."""

    id = Serial(primary_key=True)
    token_hash = Varchar(length=64, unique=True)
    user = ForeignKey(User)
    kind = Varchar(length=10, choices=SessionKind)
    shared = Boolean(
        default=False, help_text="on a tablet that several people use: it locks instead of ending"
    )
    device = ForeignKey(Device, null=True, default=None)
    address = Varchar(length=45)
    created_at = Moment()
    authenticated_at = Moment(help_text="the last time the secret was given; re-authentication looks at it")
    last_used_at = Moment()
    locked_at = Moment(
        null=True, default=None, help_text="when its user locked it, sooner than its idle time would"
    )
    administered_at = Moment(null=True, default=None, help_text="the last use of the administrators' pages")
    expires_at = Moment(help_text="absolute end")
    ended_at = Moment(null=True, default=None)
    end_reason = Varchar(length=30)


class LoginFailures(Table):
    """Counters of failed log-ins by strangers' devices, in the database so that all processes share them.

    ``key`` is an HMAC of what is counted (identifier, network), so it exists for unknown identifiers too.
    # rule: unique (kind, key).
    """

    id = Serial(primary_key=True)
    kind = Varchar(length=20, help_text="what is counted, e.g. password, pin or network")
    key = Varchar(length=64)
    window_started_at = Moment()
    failures = Integer(default=0)
    blocked_until = Moment(null=True, default=None)


class PepperCheck(Table):
    """A value stored with each pepper, so that a wrong one is noticed at start. # rule: unique pepper."""

    id = Serial(primary_key=True)
    pepper = Varchar(length=20, unique=True)
    value = Varchar(length=64)


class SetupLink(Table):
    """The one-use link by which an empty database gets its clinic and first administrator."""

    id = Serial(primary_key=True)
    token_hash = Varchar(length=64, unique=True)
    created_at = Moment()
    expires_at = Moment()
    used_at = Moment(null=True, default=None)


class ForgottenLink(Table):
    """An e-mailed link by which somebody chooses a new password or PIN without the old one."""

    id = Serial(primary_key=True)
    user = ForeignKey(User)
    kind = Varchar(length=10, choices=CredentialKind)
    token_hash = Varchar(length=64, unique=True)
    created_at = Moment()
    expires_at = Moment()
    used_at = Moment(null=True, default=None)
