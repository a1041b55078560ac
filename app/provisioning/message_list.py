"""Admin › Messages: what is looked for, and the people in it."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar

from app.accounts.user_list import find_user_ids, names_of
from app.clinic.clinic import ClinicSettings
from app.clock import day_window
from app.messages.history import Group, Kind, MessageList, People, Wanted, list_messages
from app.messages.tables import Channel
from app.text import like_pattern

Choice = TypeVar("Choice", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Search:
    """What the administrator chose, as the page's address says it; what makes no sense there chooses nothing."""

    q: str = ""
    state: str = ""
    channel: str = ""
    kind: str = ""
    day: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.q or self.state or self.channel or self.kind or self.day)

    @property
    def query(self) -> dict[str, str]:
        """The same as the address says it."""
        chosen = {
            "q": self.q,
            "state": self.state,
            "channel": self.channel,
            "kind": self.kind,
            "day": self.day,
        }
        return {name: value for name, value in chosen.items() if value}


@dataclass(frozen=True, slots=True)
class FoundMessages:
    """A part of the list, and the names of the users that it concerns."""

    found: MessageList
    names: Mapping[int, str]


async def find_messages(
    search: Search, clinic: ClinicSettings, *, before: int | None = None
) -> FoundMessages:
    """The newest messages of that search, or those before a message."""
    wanted = Wanted(
        group=_one_of(Group, search.state),
        channel=_one_of(Channel, search.channel),
        kind=_one_of(Kind, search.kind),
        posted=day_window(day, clinic.zone) if (day := _day(search.day)) else None,
        people=People(await find_user_ids(search.q), like_pattern(search.q)) if search.q else None,
    )
    found = await list_messages(wanted, before=before)
    users = {message.user for message in found.messages if message.user is not None}
    return FoundMessages(found, await names_of(users))


def _one_of(choices: type[Choice], chosen: str) -> Choice | None:
    return choices(chosen) if chosen in list(choices) else None


def _day(typed: str) -> date | None:
    with suppress(ValueError):
        return date.fromisoformat(typed)
    return None
