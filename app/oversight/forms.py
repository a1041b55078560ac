"""What an administrator looks for in the audit record."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field

from app.audit.words import action_groups, action_words
from app.forms import Form
from app.i18n import gettext as _

NOBODY = "nobody"
LARGEST_ID = 2**31 - 1


def _known_person(typed: str) -> str:
    if typed not in ("", NOBODY) and not (
        re.fullmatch(r"\d{1,10}", typed, re.ASCII) and int(typed) <= LARGEST_ID
    ):
        raise ValueError(_("Choose a person from the list."))
    return typed


def _known_what(typed: str) -> str:
    known = {"", *action_groups(), *(action for actions in action_words().values() for action in actions)}
    if typed not in known:
        raise ValueError(_("Choose what happened from the list."))
    return typed


def _day(typed: Any) -> date | None:
    try:
        return date.fromisoformat(typed) if typed else None
    except (TypeError, ValueError):
        raise ValueError(_("Type the day like 2026-11-23.")) from None


def _known_subject(typed: str) -> str:
    if typed and not re.fullmatch(r"(patient|appointment|user):\d{1,10}", typed, re.ASCII):
        raise ValueError(_("There is nothing on record about this."))
    return typed


Day = Annotated[date | None, BeforeValidator(_day)]


class EntryFilter(Form):
    """Which entries; what is empty narrows nothing. Days are the clinic's, the last one included.

    ``person`` is a user's id or NOBODY; ``what`` a group of actions or one of them; ``about`` kind and id, patient:17.
    """

    person: Annotated[str, AfterValidator(_known_person)] = ""
    what: Annotated[str, AfterValidator(_known_what)] = ""
    first: Day = None
    last: Day = None
    address: Annotated[str, Field(max_length=45)] = ""
    about: Annotated[str, AfterValidator(_known_subject)] = ""

    @property
    def given(self) -> dict[str, str]:
        """What narrows, as an address says it."""
        return {name: str(value) for name, value in self.model_dump().items() if value}
