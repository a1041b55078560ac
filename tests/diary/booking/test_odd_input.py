"""What no page of ours sends: days that no diary has, numbers that nothing has. It is refused, nothing is stored."""

from __future__ import annotations

from typing import Any

import pytest

from app.db import rows
from tests.diary.conftest import Clinicians, OpenAs, Staff
from tests.diary.steps import stored

LONG_NUMBER = "9" * 5000
NOBODY = "999999"


@pytest.mark.parametrize(
    "odd",
    [
        {"day": "9999-12-31"},
        {"day": "0001-01-01"},
        {"slot": "2200-01-01T10:00"},
        {"day": "2199-06-03", "times": "3"},
        {"time": "10:00:00.5"},
        {"time": "10:00+01:00"},
        {"practitioner": NOBODY},
        {"patient": "9" * 30},
        {"patient": "²"},
    ],
    ids=str,
)
async def test_a_booking_that_cannot_be_is_refused(
    odd: dict[str, Any], kit: Clinicians, staff: Staff, open_as: OpenAs
) -> None:
    typed = {"practitioner": staff.anna.user, "day": "2026-11-24", "time": "10:00", "type": kit.follow_up}
    typed |= {"patient": kit.amelia, "key": "k"}
    answer = await (await open_as(staff.dana)).submit("/diary/appointments", {**typed, **odd})
    assert answer.status in (404, 422)
    assert await rows("SELECT id FROM appointment") == []


async def test_a_change_that_cannot_be_is_refused(amelia_at_nine: int, staff: Staff, open_as: OpenAs) -> None:
    dana, appointment = await open_as(staff.dana), f"/diary/appointments/{amelia_at_nine}"
    before = await stored(amelia_at_nine)
    settle = f"/diary/handover/{staff.anna.user}"
    for path, typed in [
        (f"{appointment}/time", {"starts": "9999-12-31T10:00"}),
        (f"{appointment}/time", {"practitioner": NOBODY}),
        (f"{settle}/{amelia_at_nine}/time", {"practitioner": NOBODY, "day": "2026-11-24", "time": "10:00"}),
        (f"{settle}/cancellation", {"seen": "9999999999.1"}),
        (f"/diary/handover/{NOBODY}/absence", {"key": "k"}),
        ("/diary/handover/0/absence", {"key": "k"}),
    ]:
        assert (await dana.submit(path, {"version": "1", **typed})).status in (404, 422), path
    assert await stored(amelia_at_nine) == before
    assert await rows("SELECT id FROM absence") == []


async def test_an_address_with_an_odd_number_is_refused(staff: Staff, open_as: OpenAs) -> None:
    dana = await open_as(staff.dana)
    for path in (
        f"/diary/week/2026-11-23?practitioner={LONG_NUMBER}",
        "/diary/book?after=99999999999999999999",
    ):
        assert (await dana.get(path)).status_code in (400, 404)
    assert (await dana.page("/diary/block?at=9999-12-31T23:30"))["[name=day]"].get("value") == "2026-11-23"
