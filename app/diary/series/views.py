"""Several times shown before they are saved, each with what can be decided about it."""

from __future__ import annotations

from typing import Any, NamedTuple

from litestar import Response

from app.accounts.viewer import Viewer
from app.clinic.clinic import ClinicSettings
from app.diary.pages.views.addresses import layout_for
from app.diary.series.forms import CHOICE, MEANT, OTHER, OWN
from app.diary.series.reviews import Reviewed, Undecided
from app.web.forms import FormState
from app.web.pages import page
from app.web.request import Request

AS_TYPED = "%Y-%m-%dT%H:%M"
# What the review's own controls send.
ITS_OWN = ("_csrf_token", "then", "slot", "reviewed")


class OwnTime(NamedTuple):
    """The field for a time of one's own; ``chosen`` whether it counts."""

    chosen: bool
    text: str


def review_page(
    request: Request,
    viewer: Viewer,
    clinic: ClinicSettings,
    form: FormState[Any],
    undecided: Undecided,
    action: str,
    *,
    moving: bool = False,
) -> Response[Any]:
    """All the times; what was typed before travels along, so that the next form says all of it.

    ``moving`` is whether they are in the diary already, at other times.
    """
    return page(
        request,
        "diary/series/review.html",
        "diary/series/_review_form.html",
        status=undecided.status if undecided.review.open else 200,
        section="diary",
        layout=layout_for(viewer),
        over_diary=request.is_partial,
        form=form,
        action=action,
        moving=moving,
        review=undecided.review,
        own_times={item.key: _own_time(item, form, clinic) for item in undecided.review.wanting},
        typed={
            name: value
            for name, value in form.values.items()
            if name not in ITS_OWN and not name.startswith((CHOICE, OWN, MEANT))
        },
    )


def _own_time(item: Reviewed, form: FormState[Any], clinic: ClinicSettings) -> OwnTime:
    """What was typed; or the offered time that was chosen, where it isn't among those offered now."""
    choice = str(form.values.get(CHOICE + item.key, ""))
    offered = {f"{at.astimezone(clinic.zone):{AS_TYPED}}" for at in item.free}
    if item.decision.instead and choice != OTHER and choice not in offered:
        return OwnTime(chosen=True, text=choice)
    wanted = item.planned.wanted.starts_at.astimezone(clinic.zone)
    return OwnTime(choice == OTHER, str(form.values.get(OWN + item.key) or f"{wanted:{AS_TYPED}}"))
