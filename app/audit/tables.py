"""The append-only record of who did what, when, from where."""

from __future__ import annotations

from piccolo.columns import BigInt, BigSerial, ForeignKey, Integer, Text, Varchar
from piccolo.table import Table

from app.db.columns import Moment


class AuditEntry(Table):
    """One thing that happened. Ids, never names or notes. # rule: no UPDATE, no DELETE (both refused by trigger)."""

    id = BigSerial(primary_key=True)
    at = Moment()
    actor = Integer(null=True, default=None, help_text="user id; null for a stranger or a command")
    action = Varchar(length=60, help_text="noun.verb, e.g. portal.opened")
    subject = Varchar(length=40, help_text="kind of thing, e.g. user")
    subject_id = Varchar(length=40)
    address = Varchar(length=45, help_text="client IP address, empty for a command")
    details = Text(help_text="JSON object of ids, codes and numbers")


class AuditSeal(Table):
    """A link of the HMAC chain over the entries, written by the sealer. # rule: no UPDATE, no DELETE; entry unique."""

    id = BigSerial(primary_key=True)
    entry = ForeignKey(AuditEntry)
    position = BigInt(help_text="1, 2, 3 … without a gap")
    mac = Varchar(length=64, help_text="hex HMAC-SHA256 over the previous mac and this entry")


class AuditUnsealed(Table):
    """The entries that wait for the sealer. # rule: a trigger puts every new entry here.

    A queue rather than a mark up to which all is sealed: on PostgreSQL an entry with a smaller id may be committed
    after one with a larger one, and would be passed over.
    """

    entry = BigInt(primary_key=True, help_text="the entry's id")
