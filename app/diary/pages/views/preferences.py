"""/diary/preferences: whose columns there are and in what order, cancelled appointments, keys."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from litestar import Controller, Response, get, post

from app.accounts.guards import signed_in
from app.accounts.viewer import Viewer
from app.clinic.clinic import ClinicSettings
from app.diary.days import today_in
from app.diary.hours.practitioners import Practitioner, practitioners_on
from app.diary.pages.preferences import Preference, prefer, preference_of
from app.web.pages import local_path, page, see_other
from app.web.request import Request

MOVES = {"up": -1, "down": 1}


class PreferenceController(Controller):
    """One's own way of looking at the diary."""

    path = "/diary/preferences"
    guards = [signed_in]

    @get()
    async def show(
        self, request: Request, viewer: Viewer, clinic: ClinicSettings, back: str = ""
    ) -> Response[Any]:
        """The form: a page of its own, or a dialog over the diary."""
        people = await practitioners_on(today_in(clinic), viewer, clinic.colleague_access)
        preference = await preference_of(viewer.user)
        return _form(request, "diary/pages/_preferences_dialog.html", preference, people, back)

    @post()
    async def store(self, request: Request, viewer: Viewer, clinic: ClinicSettings) -> Response[Any]:
        """Remember what was chosen. *Move up* and *Move down* come back to the form, *Save* leads to the diary."""
        sent = await request.form()
        people = await practitioners_on(today_in(clinic), viewer, clinic.colleague_access)
        chosen = replace(
            await preference_of(viewer.user),
            hidden=frozenset(person.id for person in people if f"show-{person.id}" not in sent),
            show_cancelled="show_cancelled" in sent,
            keys="keys" in sent,
        )
        direction, _, practitioner = str(sent.get("move", "")).partition("-")
        moving = next((person.id for person in people if str(person.id) == practitioner), None)
        if moving is not None and direction in MOVES:
            chosen = chosen.moved(moving, MOVES[direction], people)
        await prefer(viewer.user, chosen)
        back = str(sent.get("back", ""))
        if moving is not None:
            return _form(request, "diary/pages/_preferences_form.html", chosen, people, back)
        return see_other(request, local_path(back) or "/diary")


def _form(
    request: Request, partial: str, preference: Preference, people: list[Practitioner], back: str
) -> Response[Any]:
    return page(
        request,
        "diary/pages/preferences.html",
        partial,
        section="diary",
        preference=preference,
        people=preference.in_order(people),
        back=local_path(back) or "/diary",
    )
