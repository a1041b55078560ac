"""/admin/messages/reminders: what patients are sent, when, and in which words; and a message sent again."""

from __future__ import annotations

from typing import Any

from litestar import Controller, Response, get, post

from app.accounts.guards import administrators_only
from app.accounts.viewer import Viewer
from app.clinic.clinic import ClinicSettings
from app.errors import Conflict, NotFound
from app.i18n import gettext as _
from app.messages.tables import Channel
from app.reminders.again import send_again
from app.reminders.forms import QuietForm, RuleForm
from app.reminders.overview import overview, quiet_values, rule_values, sample_of, subject_of
from app.reminders.rules import save_quiet_hours, save_rule
from app.reminders.wording import placeholders
from app.reminders.words import lead_choices
from app.web.forms import FormState, blank, read_form
from app.web.pages import page, see_other
from app.web.request import Request

REMINDERS = "/admin/messages/reminders"


class ReminderController(Controller):
    """The rules: the clinic's own, and those of types that have others."""

    path = REMINDERS
    guards = [administrators_only]

    @get()
    async def index(self, request: Request, clinic: ClinicSettings) -> Response[Any]:
        """What goes out for which type, and when nothing does."""
        return await _overview_page(request, blank(QuietForm, **await quiet_values(clinic)))

    @post("/quiet")
    async def save_quiet(self, request: Request, viewer: Viewer) -> Response[Any]:
        """Store the quiet hours."""
        form = await read_form(request, QuietForm)
        await form.apply(save_quiet_hours, by=viewer.user)
        if form.is_valid:
            return see_other(request, REMINDERS, notice=_("The quiet hours are saved."))
        return await _overview_page(request, form)

    @get("/{whose:str}/{channel:str}")
    async def edit(self, request: Request, clinic: ClinicSettings, whose: str, channel: str) -> Response[Any]:
        """The form, filled in."""
        values = await rule_values(_type(whose), _channel(channel))
        return await _rule_page(request, clinic, whose, channel, blank(RuleForm, **values))

    @post("/{whose:str}/{channel:str}")
    async def save(
        self, request: Request, viewer: Viewer, clinic: ClinicSettings, whose: str, channel: str
    ) -> Response[Any]:
        """Store the form; by its other button, only show how it reads."""
        form = await read_form(request, RuleForm)
        if form.values.get("then") != "preview":
            await form.apply(save_rule, _type(whose), _channel(channel), by=viewer.user)
            if form.is_valid:
                return see_other(request, REMINDERS, notice=_("What patients are sent is saved."))
        return await _rule_page(request, clinic, whose, channel, form)


class SendAgainController(Controller):
    """A patient's message that didn't arrive."""

    path = "/admin/messages/{message_id:int}/again"
    guards = [administrators_only]

    @post()
    async def send_again(
        self, request: Request, viewer: Viewer, clinic: ClinicSettings, message_id: int
    ) -> Response[Any]:
        """Send it again, and show the new one."""
        try:
            sent = await send_again(message_id, clinic, by=viewer.user)
        except Conflict as refusal:
            return see_other(request, f"/admin/messages/{message_id}", notice=refusal.message)
        return see_other(request, f"/admin/messages/{sent}")


def _channel(name: str) -> Channel:
    if name not in list(Channel):
        raise NotFound(_("There is no such page."))
    return Channel(name)


def _type(whose: str) -> int | None:
    """The type's id; None for the clinic."""
    if whose == "clinic":
        return None
    if not (whose.isdecimal() and whose.isascii() and len(whose) < 10):
        raise NotFound(_("There is no such page."))
    return int(whose)


async def _overview_page(request: Request, form: FormState[QuietForm]) -> Response[Any]:
    return page(
        request,
        "reminders/reminders.html",
        status=form.status,
        section="messages",
        form=form,
        overview=await overview(),
    )


async def _rule_page(
    request: Request, clinic: ClinicSettings, whose: str, channel_name: str, form: FormState[RuleForm]
) -> Response[Any]:
    channel, kind = _channel(channel_name), _type(whose)
    return page(
        request,
        "reminders/rule.html",
        "reminders/_rule_form.html",
        status=form.status,
        section="messages",
        form=form,
        whose=whose,
        channel=channel,
        subject=await subject_of(kind),
        leads=lead_choices(),
        placeholders=placeholders(channel),
        sample=sample_of(form.values, channel, clinic),
    )
