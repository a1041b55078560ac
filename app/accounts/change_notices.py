"""How the owner of a diary wants to hear of what others change in it, and where that reaches them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app import settings
from app.accounts.forms import ChangeNoticesForm
from app.accounts.viewer import Viewer
from app.db import execute, rows, write
from app.errors import Invalid
from app.i18n import gettext as _
from app.messages.tables import Channel
from app.messages.transports import channel_available


class Telling(StrEnum):
    """By e-mail, by text, or not at all."""

    EMAIL = "email"
    TEXT = "text"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Hearer:
    """Somebody who is told, by that channel at that address."""

    name: str
    channel: Channel
    recipient: str


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody has chosen, and what they could choose."""

    chosen: Telling
    possible: tuple[Telling, ...]


async def choice_of(user: int) -> Choice:
    """By e-mail unless they chose otherwise; what can't reach them any more counts as not chosen."""
    found = await rows("SELECT email, mobile, change_notices FROM staff_user WHERE id = {}", user)
    return _choice(**found[0])


async def hearer(user: int) -> Hearer | None:
    """Where to tell them; None for who wants to hear nothing, can't be reached, or may not look at the diary online."""
    found = await rows(
        """
        SELECT name, email, mobile, change_notices FROM staff_user
        WHERE id = {} AND current AND practitioner AND (enabled_for_online OR administrator OR front_desk)
        """,
        user,
    )
    for row in found:
        name = row.pop("name")
        chosen = _choice(**row).chosen
        if chosen is not Telling.NONE:
            by_mail = chosen is Telling.EMAIL
            return Hearer(name, Channel(chosen.value), row["email"] if by_mail else row["mobile"])
    return None


async def choose(form: ChangeNoticesForm, *, by: Viewer) -> None:
    """Remember how they want to be told. Raises Invalid for a way that doesn't reach them."""
    if form.change_notices not in (await choice_of(by.user)).possible:
        raise Invalid(_("That doesn't reach you. Choose another way."), "change_notices")
    async with write():
        await execute(
            "UPDATE staff_user SET change_notices = {} WHERE id = {} RETURNING id",
            form.change_notices,
            by.user,
        )


def _choice(email: str, mobile: str, change_notices: str) -> Choice:
    texts = bool(mobile) and bool(channel_available(Channel.TEXT, settings.current()))
    reach = {Telling.EMAIL: bool(email), Telling.TEXT: texts, Telling.NONE: True}
    possible = tuple(way for way in Telling if reach[way])
    return Choice(Telling(change_notices) if change_notices in possible else possible[0], possible)
