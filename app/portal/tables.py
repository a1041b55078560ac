"""What the portal remembers of itself; its status and address are the clinic's settings."""

from __future__ import annotations

from piccolo.columns import Integer, Varchar
from piccolo.table import Table

from app.db.columns import Moment


class PortalCheck(Table):
    """One *Check that it loads*: the last is shown, and those of the last minute are counted. # rule: index on at."""

    at = Moment()
    by = Integer(help_text="user id")
    address = Varchar(length=200, help_text="the portal URL that was checked")
    outcome = Varchar(length=20, help_text="see app.portal.check.Outcome; empty while it is under way")
    milliseconds = Integer(null=True, default=None)
    tls_version = Varchar(length=10, help_text="e.g. TLSv1.3; empty over plain http")
