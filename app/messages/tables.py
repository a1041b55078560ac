"""Messages to people: one row is one e-mail or one text with its delivery state."""

from __future__ import annotations

from enum import StrEnum

from piccolo.columns import Boolean, Bytea, ForeignKey, Integer, Serial, Varchar
from piccolo.table import Table

from app.db.columns import Moment


class Channel(StrEnum):
    """How a message travels."""

    EMAIL = "email"
    TEXT = "text"


class MessageState(StrEnum):
    """queued → sending → accepted → delivered | undeliverable; or held, failed, expired, superseded."""

    QUEUED = "queued"
    SENDING = "sending"
    ACCEPTED = "accepted"
    DELIVERED = "delivered"
    UNDELIVERABLE = "undeliverable"
    HELD = "held"
    FAILED = "failed"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"


class Message(Table):
    """One e-mail or text.

    # rule: index on (state, next_attempt_at), on (user_id, purpose), on created_at;
    # rule: index on appointment_id where not null;
    # unique (channel, provider_reference) where not empty.
    """

    id = Serial(primary_key=True)
    reference = Varchar(
        length=32, unique=True, help_text="random hex: Message-ID and client_ref, payload's AAD"
    )
    channel = Varchar(length=10, choices=Channel)
    purpose = Varchar(length=40, help_text="what it is for, e.g. online_login; see app.messages.compose")
    user_id = Integer(null=True, default=None, help_text="the person it concerns, when that is a user")
    patient_id = Integer(null=True, default=None, help_text="the patient it is for, when it is for one")
    appointment_id = Integer(null=True, default=None, help_text="the appointment that it tells of")
    recipient = Varchar(length=254, help_text="e-mail address or E.164 number")
    state = Varchar(length=15, default=MessageState.QUEUED, choices=MessageState)
    waits_for_portal = Boolean(default=False, help_text="not sent while the portal is offline")
    payload = Bytea(null=True, default=None, help_text="AES-256-GCM; null once it is no longer needed")
    payload_key = Varchar(length=20, help_text="id of the message key")
    attempts = Integer(default=0)
    created_at = Moment()
    next_attempt_at = Moment()
    leased_until = Moment(null=True, default=None)
    lease = Varchar(length=32, help_text="the claim that is sending it; empty otherwise")
    accepted_at = Moment(null=True, default=None, help_text="by the mail server or carrier")
    finished_at = Moment(
        null=True, default=None, help_text="when it reached a state that it doesn't leave by itself"
    )
    expires_at = Moment(help_text="not sent, and the payload wiped, after this")
    error_class = Varchar(length=20, help_text="temporary, permanent, channel or ambiguous; empty when none")
    error_code = Varchar(length=60, help_text="a code of ours or the vendor's, never their text")
    provider_reference = Varchar(length=64, help_text="Vonage's message_uuid")


class ChannelHold(Table):
    """A channel whose own credentials or TLS are wrong: nothing is burnt on it until it works again."""

    channel = Varchar(length=10, unique=True, choices=Channel)
    since = Moment()
    code = Varchar(length=60)
    message = ForeignKey(Message, null=True, default=None)
    probe_at = Moment(help_text="when one message is tried again, to see whether it works")
