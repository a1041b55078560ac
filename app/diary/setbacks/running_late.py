"""*Running late*: the rest of a practitioner's day is put off as one change, as it was seen and confirmed."""

from __future__ import annotations

from dataclasses import replace

from app.accounts.viewer import Viewer
from app.clinic.clinic import ClinicSettings
from app.db.faults import SlotTaken
from app.db.once import once
from app.diary.changes.changes import Done, store_all
from app.diary.changes.snapshots import load_snapshots, overlapping
from app.diary.days import today_in
from app.diary.setbacks.delay_forms import DelayForm
from app.diary.setbacks.delay_plans import Plan, entries_of_today, plan_delay
from app.diary.stale import Stale
from app.errors import Conflict
from app.i18n import gettext as _
from app.i18n import ngettext


class PlanChanged(Conflict):
    """The diary, or what was asked for, isn't what the confirmed times were made of."""

    def __init__(self) -> None:
        super().__init__(_("These aren't the times you saw any more. Check them, then move them."))


async def run_late(form: DelayForm, practitioner: int, clinic: ClinicSettings, *, by: Viewer) -> Done:
    """Put today off as the form says, all of it or nothing, once for its key.

    What its plan said would be double-booked is so on purpose: whoever confirmed it has seen that. Raises PlanChanged
    when the plan is another one by now; NotFound and Forbidden as ``plan_delay``.
    """
    asked_for = form.model_dump(mode="json", exclude={"key"})
    try:
        async with once(form.key, asked_for, actor=f"user:{by.user}") as earlier:
            if earlier.result is None:
                plan = await plan_delay(form, practitioner, clinic, by=by)
                if form.seal != plan.seal or not plan.moves:
                    raise PlanChanged
                change = await _move(plan, form, clinic, by=by)
                earlier.remember(f"{change} {len(plan.moves)}")
                moved = len(plan.moves)
            else:
                change, moved = (int(number) for number in earlier.result.split())
    except (SlotTaken, Stale):
        raise PlanChanged from None
    says = ngettext(
        "{n} moved. Nobody is told automatically.", "{n} moved. Nobody is told automatically.", moved
    )
    return Done(practitioner, today_in(clinic), says.format(n=moved), change)


async def _move(plan: Plan, form: DelayForm, clinic: ClinicSettings, *, by: Viewer) -> int:
    before = await load_snapshots([later.entry.id for later in plan.moves])
    if [one.version for one in before] != [later.entry.version for later in plan.moves]:
        raise PlanChanged
    after = [
        replace(one, starts_at=later.starts_at, ends_at=later.ends_at)
        for one, later in zip(before, plan.moves, strict=True)
    ]
    doubled = plan.doubled | overlapping(after)
    changes = [
        (one, replace(other, forced=other.id in doubled)) for one, other in zip(before, after, strict=True)
    ]
    change = await store_all(changes, "appointment.delayed", clinic, by=by, minutes=form.minutes)
    if doubled and await _is_joined(plan, clinic):
        raise PlanChanged
    return change


async def _is_joined(plan: Plan, clinic: ClinicSettings) -> bool:
    """Whether something was booked since the plan was made, which what is double-booked would have been put over.

    From the first move on nobody else can book until this transaction ends.
    """
    entries = await entries_of_today(plan.practitioner, clinic)
    return not {entry.id for entry in entries} <= plan.known
