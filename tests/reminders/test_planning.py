"""What is due when: for each appointment as it is now, once, and at no time at which nobody should be written to."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from app.db import rows
from app.messages.tables import Channel
from app.reminders.forms import QuietForm
from app.reminders.rules import save_quiet_hours
from tests.reminders.reminding import DAY, Reminding
from tests.support.clock import FrozenClock


async def test_a_booking_is_confirmed_and_reminded_of_once(reminding: Reminding, frozen: FrozenClock) -> None:
    await reminding.rule(Channel.EMAIL, 2 * DAY, confirms=True)
    await reminding.rule(Channel.TEXT, 120)
    await reminding.book(reminding.at(3, 10))
    await reminding.look()

    assert await reminding.planned() == [
        ("email", 0, frozen.now + timedelta(minutes=3)),
        ("email", 2 * DAY, reminding.at(1, 10)),
        ("text", 120, reminding.at(3, 8)),
    ]
    for days, hour in ((0, 9), (1, 10), (3, 8), (3, 9)):
        frozen.move_to(reminding.at(days, hour))
        await reminding.look()
        await reminding.look()
    mail, reminder, text = await reminding.posted()
    assert mail["says"]["subject"] == "Booked: Thursday, 26 November 2026, 10:00"
    assert mail["expires_at"] == reminding.at(3, 10)
    assert reminder["says"]["body"].startswith(
        "Hello Jo,\n\nthis is a reminder of your appointment at Riverside Physio"
    )
    assert text["recipient"] == "+447911123456"
    assert text["says"]["before"] == (
        "Riverside Physio: Jo, we expect you on Thu 26 Nov, 10:00. Confirm or cancel: "
    )


async def test_without_rules_nothing_is_noted_and_nobody_is_written_to(reminding: Reminding) -> None:
    await reminding.book(reminding.at(3, 10))

    assert await rows("SELECT id FROM reminder_work") == []


async def test_a_type_with_rules_of_its_own_has_these_alone(reminding: Reminding) -> None:
    await reminding.rule(Channel.EMAIL, 2 * DAY)
    await reminding.rule(Channel.EMAIL, DAY, kind=reminding.kit.massage)
    await reminding.book(reminding.at(3, 10), reminding.kit.massage)
    await reminding.book(reminding.at(3, 14))
    await reminding.look()

    assert [lead for _channel, lead, _due in await reminding.planned()] == [2 * DAY, DAY]


async def test_rules_that_change_hold_for_what_is_booked_but_confirm_nothing_again(
    reminding: Reminding,
) -> None:
    await reminding.book(reminding.at(7, 10))
    await reminding.rule(Channel.EMAIL, DAY, 2 * DAY, confirms=True)
    await reminding.look()
    assert [lead for _channel, lead, _due in await reminding.planned()] == [2 * DAY, DAY]

    await reminding.rule(Channel.EMAIL, DAY, version=1)
    await reminding.look()
    assert [lead for _channel, lead, _due in await reminding.planned()] == [DAY]


async def test_a_booking_inside_a_lead_time_has_no_reminder_of_that_one(
    reminding: Reminding, frozen: FrozenClock
) -> None:
    await reminding.rule(Channel.EMAIL, 2 * DAY, 120)
    await reminding.book(reminding.at(1, 10))
    await reminding.look()
    assert await reminding.planned() == [("email", 120, reminding.at(1, 8))]

    await reminding.book(reminding.at(0, 10))
    await reminding.look()
    frozen.tick(hours=1)
    await reminding.look()
    assert await reminding.posted() == []


async def test_a_reminder_right_after_the_confirmation_is_left_out(reminding: Reminding) -> None:
    await reminding.rule(Channel.TEXT, 2 * DAY, confirms=True)
    await reminding.book(reminding.at(2, 9, 30))
    await reminding.look()

    assert [lead for _channel, lead, _due in await reminding.planned()] == [0]


async def test_a_moved_appointment_is_told_of_anew_and_never_of_its_old_time(
    reminding: Reminding, frozen: FrozenClock
) -> None:
    await reminding.rule(Channel.EMAIL, DAY, confirms=True)
    appointment = await reminding.book(reminding.at(3, 10))
    await reminding.look()
    frozen.tick(minutes=5)
    await reminding.look()
    await reminding.move(appointment, reminding.at(4, 11))
    await reminding.look()

    assert [lead for _channel, lead, _due in await reminding.planned()] == [0, DAY]
    frozen.tick(minutes=5)
    await reminding.look()
    first, second = await reminding.posted()
    assert first["state"] == "superseded"  # it hadn't left yet
    assert second["says"]["subject"] == "Booked: Friday, 27 November 2026, 11:00"

    await reminding.move(appointment, reminding.at(3, 10))
    await reminding.look()
    frozen.tick(minutes=5)
    await reminding.look()
    assert (await reminding.posted())[-1]["says"]["subject"] == "Booked: Thursday, 26 November 2026, 10:00"


async def test_what_is_moved_and_moved_back_at_once_is_not_told_of(
    reminding: Reminding, frozen: FrozenClock
) -> None:
    await reminding.rule(Channel.EMAIL, confirms=True)
    appointment = await reminding.book(reminding.at(3, 10))
    await reminding.look()
    frozen.tick(minutes=5)
    await reminding.look()
    for back in (reminding.at(4, 11), reminding.at(3, 10)):
        await reminding.move(appointment, back)
        await reminding.look()
    frozen.tick(minutes=5)
    await reminding.look()

    assert len([message for message in await reminding.posted() if message["state"] == "queued"]) == 1


async def test_nobody_is_told_of_what_is_cancelled_missed_or_over(
    reminding: Reminding, frozen: FrozenClock
) -> None:
    await reminding.rule(Channel.EMAIL, DAY)
    for hour, status in ((9, "cancelled"), (10, "did_not_attend"), (11, "completed"), (12, "booked")):
        appointment = await reminding.book(reminding.at(2, hour))
        await reminding.give(appointment, status)
    await reminding.look()
    frozen.move_to(reminding.at(1, 12))
    await reminding.look()

    assert ["12:00" in message["says"]["body"] for message in await reminding.posted()] == [True]


async def test_what_is_cancelled_while_its_message_waits_is_called_off(
    reminding: Reminding, frozen: FrozenClock
) -> None:
    await reminding.rule(Channel.EMAIL, DAY)
    appointment = await reminding.book(reminding.at(2, 10))
    await reminding.look()
    frozen.move_to(reminding.at(1, 10))
    await reminding.look()
    await reminding.give(appointment, "cancelled")
    await reminding.look()

    (message,) = await reminding.posted()
    assert (message["state"], message["error_code"], message["payload"]) == ("superseded", "unwanted", None)


async def test_at_night_nobody_is_written_to(reminding: Reminding, frozen: FrozenClock) -> None:
    await reminding.rule(Channel.TEXT, 120, 12 * 60)
    await reminding.book(reminding.at(3, 8))
    await reminding.look()
    evening, morning = reminding.at(2, 19, 45), reminding.at(3, 8)

    # Twelve hours before is when the quiet begins, and two before is still quiet: both leave in the evening.
    assert await reminding.planned() == [("text", 12 * 60, evening), ("text", 120, evening)]
    frozen.move_to(reminding.at(2, 21))  # nobody was there in time
    await reminding.look()
    assert await reminding.posted() == []
    frozen.move_to(morning)
    await reminding.look()
    assert await reminding.posted() == []  # too late to be of use


async def test_quiet_hours_that_change_move_what_is_planned(reminding: Reminding) -> None:
    await reminding.rule(Channel.TEXT, 12 * 60)
    await reminding.book(reminding.at(3, 11))
    await reminding.look()
    assert await reminding.planned() == [("text", 12 * 60, reminding.at(2, 19, 45))]

    await save_quiet_hours(QuietForm(quiet_from=time(0), quiet_until=time(0), version=1), by=1)
    await reminding.look()
    assert await reminding.planned() == [("text", 12 * 60, reminding.at(2, 23))]


async def test_whole_days_are_days_of_the_wall_clock_when_the_clocks_change(
    reminding: Reminding, frozen: FrozenClock
) -> None:
    frozen.move_to(datetime(2027, 3, 25, 9, tzinfo=UTC))
    await reminding.rule(Channel.EMAIL, 2 * DAY)
    await reminding.book(datetime(2027, 3, 29, 9, tzinfo=UTC))  # Monday, 10:00 in summer time
    await reminding.look()

    assert await reminding.planned() == [("email", 2 * DAY, datetime(2027, 3, 27, 10, tzinfo=UTC))]
