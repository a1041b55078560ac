"""Known devices: browsers that have logged in well before. Strangers' failures never touch them."""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import timedelta

from app import settings
from app.accounts.tables import Device, SessionKind
from app.accounts.tokens import new_token, token_hash
from app.clock import now
from app.db import execute, rows
from app.i18n import gettext as _

KNOWN_FOR = timedelta(days=90)
FAILURES_UNTIL_UNKNOWN = 5
_COOKIE = "device-"


@dataclass(frozen=True, slots=True)
class KnownDevice:
    """A device of a user, presented by its cookie."""

    id: int


def cookie_of(user: int) -> str:
    """The name of the cookie that knows this browser for that user: people may share a tablet."""
    key = settings.current().key("device-cookie-names")
    return f"{_COOKIE}{hmac.new(key, str(user).encode(), hashlib.sha256).hexdigest()[:8]}"


def is_device_cookie(name: str) -> bool:
    """Whether a cookie of that name, with its prefix or without, would know this browser for some user."""
    return name.removeprefix("__Host-").startswith(_COOKIE)


async def recognise(user: int, kind: SessionKind, token: str | None) -> KnownDevice | None:
    """The user's device with that cookie, while it is known, for one guess, which counts as wrong until ``remember``.

    A token that was rotated away ends its device.
    """
    if not token:
        return None
    hashed = token_hash(token)
    found = await rows(
        """
        SELECT id, token_hash, last_used_at FROM device
        WHERE "user" = {} AND kind = {} AND (kind = 'desktop' OR bound) AND ended_at IS NULL
          AND (token_hash = {} OR previous_token_hash = {})
        """,
        user,
        kind.value,
        hashed,
        hashed,
    )
    if not found:
        return None
    device = found[0]
    if device["token_hash"] != hashed:
        # The token was copied: one of the two holders is not the person.
        await Device.update({Device.ended_at: now()}).where(Device.id == device["id"])
        return None
    if now() - device["last_used_at"] > KNOWN_FOR or not await _spend_guess("id = {}", device["id"]):
        return None
    return KnownDevice(device["id"])


async def spend_guess_of_session(session: int) -> bool:
    """Count a guess made in that session before it is checked; False when its device has had too many wrong ones."""
    return await _spend_guess("id = (SELECT device FROM login_session WHERE id = {})", session)


async def forgive_guesses_of_session(session: int) -> None:
    """The guess was right: the device starts anew."""
    await execute(
        "UPDATE device SET failures = 0 WHERE id = (SELECT device FROM login_session WHERE id = {})", session
    )


async def _spend_guess(which: str, value: int) -> bool:
    """Of guesses that arrive at once no more than allowed get through: each is counted before it is checked."""
    spent = await execute(
        f"""
        UPDATE device SET failures = failures + 1
        WHERE {which} AND ended_at IS NULL AND failures < {FAILURES_UNTIL_UNKNOWN} RETURNING id
        """,
        value,
    )
    return bool(spent)


async def hold(known: KnownDevice) -> bool:
    """Whether it is still known, which it stays until the caller's transaction ends."""
    held = await execute(
        "UPDATE device SET failures = 0 WHERE id = {} AND ended_at IS NULL RETURNING id", known.id
    )
    return bool(held)


async def remember(user: int, kind: SessionKind, known: KnownDevice | None, label: str) -> tuple[int, str]:
    """After a good log-in: know this browser from now on, under a new token. Its id, and the cookie's token.

    A phone is bound by it; it shows no names until somebody vouches for it.
    """
    token, at = new_token(), now()
    if known:
        renewed = await execute(
            """
            UPDATE device SET previous_token_hash = token_hash, token_hash = {}, failures = 0, last_used_at = {},
                   label = {}
            WHERE id = {} AND ended_at IS NULL RETURNING id
            """,
            token_hash(token),
            at,
            label,
            known.id,
        )
        if renewed:
            return known.id, token
    created = await Device.insert(
        Device(
            user=user,
            kind=kind,
            token_hash=token_hash(token),
            label=label,
            bound=kind is SessionKind.PHONE,
            created_at=at,
            last_used_at=at,
        )
    ).returning(Device.id)
    return created[0]["id"], token


async def forget_devices_of(user: int, kind: SessionKind | None = None) -> None:
    """Every browser is a stranger again for this user: after a reissue, or when logins are withdrawn."""
    forgetting = Device.update({Device.ended_at: now()}).where(Device.user == user, Device.ended_at.is_null())
    await (forgetting.where(Device.kind == kind) if kind else forgetting)


_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox|FxiOS", "Firefox"),
    ("Chrome|CriOS", "Chrome"),
    ("Safari", "Safari"),
)


def label_of(user_agent: str) -> str:
    """What a person would call the browser: "Safari, iPhone"."""
    browser = _first(user_agent, _BROWSERS) or _("Browser")
    system = _first(user_agent, _SYSTEMS)
    return f"{browser}, {system}" if system else browser


def is_phone(user_agent: str, mobile_hint: str) -> bool:
    """Whether a browser says that it is a phone's: by client hint, else by its name. Tablets are not phones."""
    return (
        mobile_hint == "?1" or re.search(r"iPhone|iPod|Android.+Mobile|Windows Phone", user_agent) is not None
    )


def _first(user_agent: str, names: tuple[tuple[str, str], ...]) -> str:
    return next((name for pattern, name in names if re.search(pattern, user_agent)), "")
