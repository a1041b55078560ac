"""/account/change-notices: how one hears of what others change in one's diary."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from litestar import Controller, Response, post

from app.accounts.change_notices import Telling, choice_of, choose
from app.accounts.forms import ChangeNoticesForm
from app.accounts.guards import at_own_account
from app.accounts.viewer import Viewer
from app.errors import Invalid
from app.i18n import gettext as _
from app.web.forms import FormState, blank, read_form
from app.web.pages import see_other
from app.web.request import Request


class ChangeNoticeController(Controller):
    """The choice; its form is a card of the account's page."""

    path = "/account/change-notices"
    guards = [at_own_account]

    @post()
    async def store(self, request: Request, viewer: Viewer) -> Response[Any]:
        """Remember it. What the card doesn't offer is refused on a page of its own."""
        form = await read_form(request, ChangeNoticesForm)
        if form.data is None:
            raise Invalid(_("Choose one of the ways that are offered."), "change_notices")
        await choose(form.data, by=viewer)
        return see_other(request, "/account", notice=_("Saved."))


@dataclass(frozen=True, slots=True)
class Card:
    """The form, and what it offers as pairs of value and words."""

    form: FormState[ChangeNoticesForm]
    options: list[tuple[str, str]]


async def change_notices_card(viewer: Viewer) -> Card | None:
    """What the card shows; None for who has no diary."""
    if not viewer.practitioner:
        return None
    choice = await choice_of(viewer.user)
    words = {
        Telling.EMAIL: _("E-mail"),
        Telling.TEXT: _("Text"),
        Telling.NONE: _("Not at all"),
    }
    return Card(
        form=blank(ChangeNoticesForm, change_notices=choice.chosen.value),
        options=[(way.value, words[way]) for way in choice.possible],
    )
