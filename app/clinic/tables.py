"""The clinic: one row of settings, its locations and rooms."""

from __future__ import annotations

from enum import StrEnum

from piccolo.columns import Boolean, ForeignKey, Integer, Serial, Text, Varchar
from piccolo.table import Table

from app.db.columns import Moment


class PortalStatus(StrEnum):
    """Whether practitioners and patients can reach the portal."""

    OFFLINE = "offline"
    ONLINE = "online"


class ColleagueAccess(StrEnum):
    """What a practitioner sees of colleagues' diaries."""

    NONE = "none"
    FREE_BUSY = "free_busy"
    FULL = "full"


class AdminFactor(StrEnum):
    """Whether administrators need a second step to log in."""

    OFFERED = "offered"
    REQUIRED = "required"


class Clinic(Table):
    """The settings row. # rule: only one row, its id is 1."""

    id = Serial(primary_key=True)
    name = Varchar(length=80)
    phone = Varchar(length=20, help_text="E.164, or empty")
    country = Varchar(
        length=2, help_text="ISO 3166 code; default region of typed numbers, and the language's variant"
    )
    time_zone = Varchar(length=64, help_text="IANA name")
    support_contact = Varchar(length=200)
    portal_status = Varchar(length=10, default=PortalStatus.OFFLINE, choices=PortalStatus)
    portal_changed_by = Integer(null=True, default=None, help_text="user id; null when by command")
    portal_changed_at = Moment(null=True, default=None)
    portal_url = Varchar(
        length=200, help_text="scheme and host, no path; empty until an administrator sets it"
    )
    email_sender_name = Varchar(length=60)
    text_sender_name = Varchar(length=11, help_text="alphanumeric sender of texts")
    colleague_access = Varchar(length=10, default=ColleagueAccess.FULL, choices=ColleagueAccess)
    admin_factor = Varchar(length=10, default=AdminFactor.OFFERED, choices=AdminFactor)
    temporary_secret_days = Integer(default=7)
    pin_digits = Integer(default=6)
    desktop_idle_minutes = Integer(default=60)
    desktop_absolute_hours = Integer(default=12)
    tablet_lock_minutes = Integer(default=5)
    tablet_absolute_hours = Integer(default=12)
    phone_idle_minutes = Integer(default=15)
    phone_absolute_hours = Integer(default=24)
    admin_minutes = Integer(
        default=15, help_text="how long the administrators' pages stay open without being used"
    )
    version = Integer(
        default=1, help_text="bumped by every change but the portal's status; part of every view's tag"
    )


class Location(Table):
    """A place where the clinic sees patients."""

    id = Serial(primary_key=True)
    name = Varchar(length=80)
    address = Text()
    active = Boolean(default=True)
    position = Integer(default=0)
    version = Integer(default=1)


class Room(Table):
    """A room at a location: one appointment at a time unless it is shared."""

    id = Serial(primary_key=True)
    location = ForeignKey(Location)
    name = Varchar(length=40)
    shared = Boolean(default=False)
    active = Boolean(default=True)
    position = Integer(default=0, help_text="among the rooms of its location")
    version = Integer(default=1)
