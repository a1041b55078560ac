"""Reading the audit record: entries with the people's names, newest first, a page at a time."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any

from app.audit.words import action_words, words_for
from app.clinic.clinic import ClinicSettings
from app.clock import day_window
from app.db import rows
from app.i18n import gettext as _
from app.oversight.forms import NOBODY, EntryFilter

PAGE = 50
# What an entry is about, where that has a page.
PAGES = {"user": "/admin/users/", "patient": "/patients/", "appointment": "/diary/appointments/"}

# A part of a WHERE, and what its placeholders stand for.
Condition = tuple[str, tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry in words. ``details`` are those that it was recorded with: ids, codes and numbers."""

    id: int
    at: datetime
    who: str
    what: str
    action: str
    about: str
    page: str
    address: str
    details: Mapping[str, Any]

    @property
    def fields(self) -> str:
        """What was changed of a record or of the settings."""
        return ", ".join(name.replace("_", " ") for name in str(self.details.get("fields", "")).split())

    @property
    def forced(self) -> bool:
        """Whether it was done although the time was taken."""
        return bool(self.details.get("forced"))


@dataclass(frozen=True, slots=True)
class EntryPage:
    """A part of the record. ``older`` is the entry behind which it goes on; None at its end."""

    entries: tuple[Entry, ...] = ()
    older: int | None = None


async def read_entries(
    wanted: EntryFilter,
    clinic: ClinicSettings,
    people: Mapping[int, str],
    *,
    before: int | None = None,
    limit: int = PAGE,
) -> EntryPage:
    """What is ``wanted``, newest first, from behind the entry ``before`` on; ``people`` are the users' names by id."""
    conditions = _conditions(wanted, clinic)
    if before is not None:
        conditions.append(
            ("(e.at, e.id) < (SELECT k.at, k.id FROM audit_entry k WHERE k.id = {})", (before,))
        )
    texts, arguments = zip(("TRUE", ()), *conditions, strict=True)
    found = await rows(
        f"""
        SELECT e.id, e.at, e.actor, e.action, e.subject, e.subject_id, e.address, e.details FROM audit_entry e
        WHERE {" AND ".join(texts)} ORDER BY e.at DESC, e.id DESC LIMIT {limit + 1}
        """,
        *chain.from_iterable(arguments),
    )
    older = found[limit - 1]["id"] if len(found) > limit else None
    return EntryPage(tuple(_in_words(row, people) for row in found[:limit]), older)


def _conditions(wanted: EntryFilter, clinic: ClinicSettings) -> list[Condition]:
    conditions: list[Condition] = []
    if wanted.person == NOBODY:
        conditions.append(("e.actor IS NULL", ()))
    elif wanted.person:
        conditions.append(("e.actor = {}", (int(wanted.person),)))
    if wanted.what:
        conditions.append(_happened(wanted.what))
    if wanted.first:
        conditions.append(("e.at >= {}", (day_window(wanted.first, clinic.zone)[0],)))
    if wanted.last:
        conditions.append(("e.at < {}", (day_window(wanted.last, clinic.zone)[1],)))
    if wanted.address:
        conditions.append(("e.address = {}", (wanted.address,)))
    if wanted.about:
        conditions.append(("e.subject = {} AND e.subject_id = {}", tuple(wanted.about.split(":"))))
    return conditions


def _happened(what: str) -> Condition:
    if what in (groups := action_words()):
        actions = tuple(dict.fromkeys(key.split()[0] for key in groups[what]))
        return f"e.action IN ({', '.join(['{}'] * len(actions))})", actions
    action, _space, status = what.partition(" ")
    if not status:
        return "e.action = {}", (action,)
    return "e.action = {} AND e.details LIKE {}", (action, f'%"status": "{status}"%')


def _in_words(row: Mapping[str, Any], people: Mapping[int, str]) -> Entry:
    details = json.loads(row["details"]) if row["details"] else {}
    who = _who(row, people)
    whom = _whom(row, people)
    return Entry(
        id=row["id"],
        at=row["at"],
        who=who,
        what=words_for(row["action"], str(details.get("status", ""))).format(who=who, whom=whom),
        action=row["action"],
        about=_about(row, whom),
        page=PAGES[row["subject"]] + row["subject_id"]
        if row["subject"] in PAGES and row["subject_id"]
        else "",
        address=row["address"],
        details=details,
    )


def _who(row: Mapping[str, Any], people: Mapping[int, str]) -> str:
    if row["actor"] is not None:
        return people.get(row["actor"], _("user {id}").format(id=row["actor"]))
    return _("Somebody") if row["address"] else _("A command")


def _whom(row: Mapping[str, Any], people: Mapping[int, str]) -> str:
    if row["subject"] == "user" and row["subject_id"]:
        return people.get(int(row["subject_id"]), _("user {id}").format(id=row["subject_id"]))
    return _("no such user")


def _about(row: Mapping[str, Any], whom: str) -> str:
    """Patients by number: a list isn't an opened record, and this one is exported."""
    return {
        "user": whom,
        "patient": _("Patient {id}").format(id=row["subject_id"]),
        "appointment": _("Appointment {id}").format(id=row["subject_id"]),
    }.get(row["subject"], "")


def choices() -> Sequence[tuple[str, Sequence[tuple[str, str]]]]:
    """What may be looked for, by group: the actions and the sentences that tell of them."""
    somebody = {"who": _("Somebody"), "whom": _("somebody else")}
    return [
        (group, [(action, words.format(**somebody)) for action, words in actions.items()])
        for group, actions in action_words().items()
    ]
