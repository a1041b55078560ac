"""Who works at the demo's clinic and who is treated there."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, time, timedelta
from random import Random

from app.demo.names import PREFERRED, names
from app.diary.patients.patients import NewPatient
from app.text import searchable

Stretches = list[tuple[time, time]]

PATIENTS = 400
ALERTS = [
    "Latex allergy",
    "Pacemaker: no electrotherapy",
    "On warfarin: bruises easily",
    "Hard of hearing: speak to the left side",
    "Falls risk: meet at reception",
    "Epilepsy",
    "Needle phobia",
    "Under 16: parent or guardian attends",
    "Type 1 diabetes: check feet for broken skin",
]


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody on the staff. ``days_off`` count from today's weekday, so that today there is something to see.

    ``leave`` is its first and last day, counted from today, and ``course`` one's afternoon, which was booked before.
    """

    name: str
    role: str
    mobile: str
    days_off: tuple[int, ...] = ()
    hours: Stretches = field(default_factory=list)
    lunch: tuple[time, time] | None = None
    kinds: dict[str, int] = field(default_factory=dict)
    room: str = ""
    leave: tuple[int, int] | None = None
    course: int | None = None

    @property
    def email(self) -> str:
        """Their address at the clinic."""
        first, *_, last = searchable(self.name).replace("'", "").split()
        return f"{first}.{last}@riverside-physio.example"


# British mobile numbers to whoever checks them. Nothing reaches them: a demo's messages never leave the tray.
STAFF = [
    Colleague("Sam Reyes", "administrator", "+447400123401"),
    Colleague("Dana Whitlock", "front desk", "+447400123402"),
    Colleague(
        "Anna Marsh",
        "practitioner",
        "+447400123411",
        days_off=(3, 4),
        hours=[(time(8), time(13)), (time(13, 45), time(17, 30))],
        kinds={"Initial assessment": 2, "Follow-up": 6, "Sports massage": 2, "Telephone review": 1},
        room="Room 1",
    ),
    Colleague(
        "Ben Osei",
        "practitioner",
        "+447400123412",
        days_off=(5, 6),
        hours=[(time(8), time(13)), (time(13, 45), time(18))],
        kinds={"Sports massage": 4, "Follow-up": 4, "Acupuncture": 2, "Initial assessment": 1},
        room="Room 2",
        course=2,
    ),
    Colleague(
        "Clara Lund",
        "practitioner",
        "+447400123413",
        days_off=(2, 3),
        hours=[(time(9), time(13)), (time(14), time(19))],
        kinds={"Osteopathy": 6, "Initial assessment": 2, "Acupuncture": 2},
        room="Room 3",
    ),
    Colleague(
        "Dev Varma",
        "practitioner",
        "+447400123414",
        days_off=(1, 2),
        hours=[(time(8), time(15, 30))],
        lunch=(time(12), time(12, 30)),
        kinds={"Podiatry": 6, "Nail surgery review": 2, "Biomechanical assessment": 2},
        room="Podiatry",
    ),
    Colleague(
        "Esi Amankwah-Boateng",
        "practitioner",
        "+447400123415",
        days_off=(4, 5),
        hours=[(time(10), time(18, 30))],
        lunch=(time(13, 30), time(14, 15)),
        kinds={"Follow-up": 5, "Initial assessment": 2, "Pilates class": 2, "Telephone review": 1},
        room="Studio",
        leave=(8, 13),
    ),
    Colleague(
        "Fergus MacAllister",
        "practitioner",
        "+447400123416",
        days_off=(1, 6),
        hours=[(time(8, 30), time(16, 30))],
        lunch=(time(12, 30), time(13, 15)),
        kinds={"Acupuncture": 4, "Follow-up": 4, "Initial assessment": 1, "Telephone review": 1},
        room="Room 4",
    ),
]
CLOSED = 32  # the day on which the clinic is, counted from today: later than anybody is booked
PRACTITIONERS = [colleague for colleague in STAFF if colleague.role == "practitioner"]


def patients(today: date, random: Random) -> list[NewPatient]:
    """Everybody who has ever come, in no order."""
    return [_patient(number, *name, today, random) for number, name in enumerate(names(PATIENTS, random))]


def _patient(number: int, given: str, surname: str, today: date, random: Random) -> NewPatient:
    local_part = searchable(f"{given} {surname}").encode("ascii", "ignore").decode().replace(" ", ".")
    return NewPatient(
        name=f"{given} {surname}",
        preferred_name=PREFERRED.get(given, "") if random.random() < 0.6 else "",
        date_of_birth=today - timedelta(days=int(random.triangular(8, 92, 44) * 365.25)),
        # 07700 900000 to 900999 are kept free for invented people: whoever taps Call reaches nobody.
        mobile=f"+447700900{number:03}" if random.random() < 0.95 else "",
        email=f"{local_part}@mail.example" if random.random() < 0.7 else "",
        alert=random.choice(ALERTS) if random.random() < 0.08 else "",
    )
