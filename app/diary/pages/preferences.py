"""How each user likes the diary: whose columns, in what order, and whether cancelled appointments are shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from app.db import execute, rows, write
from app.diary.hours.practitioners import Practitioner


@dataclass(frozen=True, slots=True)
class Preference:
    """``order`` lists practitioners, first column first; ``hidden`` are those without one; ``keys`` are shortcuts."""

    order: tuple[int, ...] = ()
    hidden: frozenset[int] = frozenset()
    show_cancelled: bool = False
    keys: bool = True

    def in_order(self, people: Sequence[Practitioner]) -> list[Practitioner]:
        """All of them; whom the order doesn't know yet come last, as they came."""
        places = {practitioner: place for place, practitioner in enumerate(self.order)}
        return sorted(people, key=lambda person: places.get(person.id, len(places)))

    def columns(self, people: Sequence[Practitioner]) -> list[Practitioner]:
        """Those who are shown, in order; everybody rather than nobody."""
        ordered = self.in_order(people)
        return [person for person in ordered if person.id not in self.hidden] or ordered

    def moved(self, practitioner: int, steps: int, people: Sequence[Practitioner]) -> Preference:
        """The same with that practitioner so many places further on, as far as there are any."""
        order = [person.id for person in self.in_order(people)]
        place = order.index(practitioner)
        order.insert(max(place + steps, 0), order.pop(place))
        return replace(self, order=tuple(order))


AS_IT_COMES = Preference()


def stored_preference(row: Mapping[str, Any]) -> Preference:
    """What a row of diary_preference says."""
    return Preference(
        _ids(row["column_order"]),
        frozenset(_ids(row["hidden"])),
        bool(row["show_cancelled"]),
        bool(row["keys"]),
    )


async def preference_of(user: int) -> Preference:
    """How that user likes the diary."""
    found = await rows(
        'SELECT column_order, hidden, show_cancelled, keys FROM diary_preference WHERE "user" = {}', user
    )
    return stored_preference(found[0]) if found else AS_IT_COMES


async def prefer(user: int, preference: Preference) -> None:
    """Remember it for that user."""
    async with write():
        await execute(
            """
            INSERT INTO diary_preference ("user", column_order, hidden, show_cancelled, keys)
            VALUES ({}, {}, {}, {}, {})
            ON CONFLICT ("user") DO UPDATE SET
                column_order = excluded.column_order, hidden = excluded.hidden,
                show_cancelled = excluded.show_cancelled, keys = excluded.keys
            """,
            user,
            _text(preference.order),
            _text(sorted(preference.hidden)),
            preference.show_cancelled,
            preference.keys,
        )


def _ids(text: str) -> tuple[int, ...]:
    return tuple(int(number) for number in text.split())


def _text(ids: Iterable[int]) -> str:
    return " ".join(map(str, ids))
