"""What one can do about an appointment's status: the next sensible thing first, and the way back from everything."""

from __future__ import annotations

from dataclasses import dataclass

from app.diary.statuses import COURSE, FREEING, deed_words, next_status, status_words
from app.diary.tables import Status


@dataclass(frozen=True, slots=True)
class Deed:
    """A button that gives that status."""

    status: str
    says: str


@dataclass(frozen=True, slots=True)
class Deeds:
    """The ``next`` sensible one, others at hand (``also``), those ``asking`` for a reason, and the ways ``back``."""

    next: Deed | None
    also: tuple[Deed, ...] = ()
    asking: tuple[Deed, ...] = ()
    back: tuple[Deed, ...] = ()


NO_DEEDS = Deeds(None)


def deeds_for(status: str, *, today: bool) -> Deeds:
    """What is offered for an appointment in that status; ``today`` whether it is today or over."""
    says, words = deed_words(), status_words()
    if status in FREEING:
        return Deeds(None, also=(Deed(Status.BOOKED, says[Status.BOOKED]),))
    following = next_status(status, today=today)
    also = [Status.CONFIRMED] if status == Status.BOOKED and following != Status.CONFIRMED else []
    asking = [Status.CANCELLED] if status not in (Status.IN_SESSION, Status.COMPLETED) else []
    if today and status in (Status.BOOKED, Status.CONFIRMED):
        asking.insert(0, Status.DID_NOT_ATTEND)
    return Deeds(
        Deed(following, says[following]) if following else None,
        tuple(Deed(one, says[one]) for one in also),
        tuple(Deed(one, says[one]) for one in asking),
        tuple(Deed(one, words[one]) for one in COURSE if one not in (status, following, *also)),
    )
