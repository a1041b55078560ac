"""The audit record as CSV, streamed. A spreadsheet takes what begins like a formula for one: such cells are text."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import AsyncIterator, Iterable, Mapping

from app.accounts.viewer import Viewer
from app.audit.record import record
from app.clinic.clinic import ClinicSettings
from app.db import write
from app.i18n import gettext as _
from app.oversight.entries import Entry, read_entries
from app.oversight.forms import EntryFilter

AT_ONCE = 1000
FORMULA = (
    "=",
    "+",
    "-",
    "@",
    "\t",
    "\r",
    "\n",
    "＝",
    "＋",
    "－",
    "＠",
)  # wide ones too, as some spreadsheets read them
BYTE_ORDER_MARK = "\ufeff"  # without it Excel doesn't take the file for UTF-8


async def note_export(wanted: EntryFilter, *, by: Viewer) -> None:
    """Put on record that somebody takes the record home, and which part of it."""
    async with write():
        await record("audit.exported", actor=by.user, subject="audit", **wanted.given)


async def exported(
    wanted: EntryFilter, clinic: ClinicSettings, people: Mapping[int, str]
) -> AsyncIterator[bytes]:
    """The file, in pieces. Times are the clinic's, with their distance from UTC."""
    header = [_("Time"), _("Person"), _("What"), _("About"), _("Address"), _("Action"), _("Details")]
    yield (BYTE_ORDER_MARK + _lines([header])).encode()
    before: int | None = None
    while True:
        part = await read_entries(wanted, clinic, people, before=before, limit=AT_ONCE)
        yield _lines(_cells(entry, clinic) for entry in part.entries).encode()
        if part.older is None:
            return
        before = part.older


def _cells(entry: Entry, clinic: ClinicSettings) -> list[str]:
    return [
        entry.at.astimezone(clinic.zone).isoformat(" ", "seconds"),
        entry.who,
        entry.what,
        entry.about,
        entry.address,
        entry.action,
        json.dumps(entry.details, ensure_ascii=False) if entry.details else "",
    ]


def _lines(cells: Iterable[list[str]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows([as_text(cell) for cell in line] for line in cells)
    return text.getvalue()


def as_text(cell: str) -> str:
    """The cell so that no spreadsheet computes it."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell
