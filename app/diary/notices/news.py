"""What is news to the owner of a diary: the difference between what they knew and what is stored, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.clinic.clinic import ClinicSettings
from app.db import rows
from app.diary.changes.snapshots import load_snapshots
from app.diary.changes.untold import Kept, Known, known_of
from app.i18n import Renderer
from app.i18n import gettext as _


@dataclass(frozen=True, slots=True)
class News:
    """One appointment. ``was`` is None where it wasn't in the diary, ``now`` where it isn't any more."""

    was: Known | None
    now: Known | None
    shown: Known  # as it is now, or was

    def span(self, when: Renderer) -> str:
        """Mon 23 Nov, 10:00–10:30"""
        return f"{_at(self.shown, when)}–{when.time(self.shown.ends_at)}"

    def words(self, types: Mapping[int, str], when: Renderer) -> str:
        """What has become of it, without anybody's name."""
        what = types[self.shown.type] if self.shown.type else _("Blocked time")
        if self.was is None:
            text = _("{what}, new")
        elif self.now is None:
            text = _("{what}, taken out")
        elif self.was.starts_at != self.now.starts_at:
            text = _("{what}, moved from {before}")
        else:
            text = _("{what}, changed")
        return text.format(what=what, before=_at(self.was, when) if self.was else "")

    def days(self, among: Sequence[date], clinic: ClinicSettings) -> set[date]:
        """Which of these days it is, or was, on."""
        return {
            day for day in among for known in (self.was, self.now) if known and known.is_on([day], clinic)
        }


async def news_of(practitioner: int, kept: Kept, days: Sequence[date], clinic: ClinicSettings) -> list[News]:
    """What is otherwise than they knew it and concerns these days, in the order of the diary."""
    stored = {snapshot.id: snapshot for snapshot in await load_snapshots(list(kept))}
    pairs = [(was, known_of(stored.get(each), practitioner)) for each, was in kept.items()]
    news = [News(was, now, shown) for was, now in pairs if was != now and (shown := now or was)]
    return sorted((one for one in news if one.days(days, clinic)), key=lambda one: one.shown.starts_at)


async def type_names() -> dict[int, str]:
    """What each type of appointment is called."""
    return {row["id"]: row["name"] for row in await rows("SELECT id, name FROM appointment_type")}


def _at(known: Known, when: Renderer) -> str:
    return _("{day}, {time}").format(day=when.day_short(known.starts_at), time=when.time(known.starts_at))
