"""What the portal remembers of itself; its status and address are the clinic's settings."""

from __future__ import annotations

from enum import StrEnum

from piccolo.columns import Integer, Serial, Varchar
from piccolo.table import Table

from app.db.columns import Moment


class CheckOutcome(StrEnum):
    """What *Check that it loads* found."""

    OK = "ok"
    UNSAFE = "unsafe"
    DNS = "dns"
    CONNECTION = "connection"
    TLS = "tls"
    TIMEOUT = "timeout"
    REDIRECT = "redirect"
    TOO_LARGE = "too_large"
    OTHER_APPLICATION = "other_application"
    HOST_NOT_ALLOWED = "host_not_allowed"


class PortalCheck(Table):
    """One *Check that it loads*: the last is shown, and those of the last minute are counted.

    # rule: index on checked_at.
    """

    id = Serial(primary_key=True)
    checked_at = Moment()
    checked_by = Integer(help_text="user id")
    address = Varchar(length=200, help_text="the portal URL that was checked")
    outcome = Varchar(
        length=20, null=True, default=None, choices=CheckOutcome, help_text="null while under way"
    )
    milliseconds = Integer(null=True, default=None)
    tls_version = Varchar(length=10, help_text="e.g. TLSv1.3; empty without TLS")
