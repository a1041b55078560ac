"""An appointment's form beside what is stored: filled in from it, or held against it when both were changed."""

from __future__ import annotations

from typing import Any

from app.clinic.clinic import ClinicSettings
from app.diary.changes.snapshots import Snapshot
from app.i18n import gettext as _
from app.web.forms import FormState

SHOWN = ("practitioner", "day", "time", "until", "minutes", "type", "title", "location", "room", "notes")


def typed_from(stored: Snapshot, clinic: ClinicSettings) -> dict[str, Any]:
    """The form's fields as they would have been typed for what is stored."""
    starts, ends = stored.starts_at.astimezone(clinic.zone), stored.ends_at.astimezone(clinic.zone)
    return {
        "practitioner": stored.practitioner,
        "day": f"{starts:%Y-%m-%d}",
        "time": f"{starts:%H:%M}",
        "until": f"{ends:%H:%M}",
        "minutes": stored.minutes,
        "type": stored.type,
        "title": stored.title,
        "location": stored.location if stored.room is None else None,
        "room": stored.room,
        "notes": stored.notes,
        "version": stored.version,
    }


def show_both(
    form: FormState[Any], stored: Snapshot, clinic: ClinicSettings, names: dict[str, dict[int, str]]
) -> None:
    """Somebody else saved meanwhile: keep what was typed, and say beside it what is stored where that differs."""
    theirs = typed_from(stored, clinic)
    for name in SHOWN:
        if name in form.values and str(form.values[name] or "") != str(theirs[name] or ""):
            shown = names.get(name, {}).get(theirs[name], theirs[name])
            form.errors.setdefault(name, _("Now stored: {value}").format(value=shown or _("nothing")))
    form.values = {**form.values, "version": stored.version}
