"""What an administrator sees of the rules: all of them at a glance, one as a form, and how it would read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time, timedelta
from typing import Any

from app.clinic.clinic import ClinicSettings, renderer
from app.clock import local_day, now
from app.diary.catalogue.types import TYPES
from app.i18n import gettext as _
from app.messages import gsm7
from app.messages.tables import Channel
from app.reminders import defaults
from app.reminders.messages import LINK, TOKEN_BYTES
from app.reminders.quiet import load_quiet_hours, on_the_clock
from app.reminders.rules import Rule, load_rules
from app.reminders.wording import around_link, fault, fill, placeholders
from app.reminders.words import lead_words

__all__ = ["overview", "quiet_values", "rule_values", "sample_of", "subject_of"]

SAMPLE_TOKEN = "x" * (TOKEN_BYTES * 4 // 3 + 1)  # as long as a real one


@dataclass(frozen=True, slots=True)
class Line:
    """What goes out by one channel, in words. ``inherits`` where it is what the clinic has."""

    href: str
    channel: Channel
    says: str
    inherits: bool
    silent: bool


@dataclass(frozen=True, slots=True)
class Subject:
    """The clinic, or a type that may have rules of its own."""

    name: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """How one wording reads. What is wrong with it stands next to its field instead."""

    subject: str
    body: str
    size: gsm7.Size | None
    is_wrong: bool = False


@dataclass(frozen=True, slots=True)
class Sample:
    """Both wordings of a form, filled in for somebody who doesn't exist."""

    channel: Channel
    confirmation: Reading
    reminder: Reading
    names: Mapping[str, str] = field(default_factory=dict)


async def overview() -> list[Subject]:
    """The clinic first, then its types."""
    rules = await load_rules()
    clinic = Subject(_("All appointments"), tuple(_line(None, channel, rules.own) for channel in Channel))
    types = [kind for kind in await TYPES.items() if kind.active]
    return [
        clinic,
        *(
            Subject(kind.name, tuple(_line(kind.id, channel, rules.own) for channel in Channel))
            for kind in types
        ),
    ]


async def subject_of(kind: int | None) -> str:
    """Whose rule it is, by name. Raises NotFound."""
    if kind is None:
        return _("All appointments")
    return (await TYPES.load(kind)).name


async def rule_values(kind: int | None, channel: Channel) -> dict[str, Any]:
    """A form's values: the rule as it is stored; where there is none what holds instead, or the usual."""
    rules = await load_rules()
    own = rules.own.get((kind, channel))
    shown = own or rules.of(kind, channel) or _usual(channel)
    places = ("first", "second", "third")
    return {
        "channel": channel.value,
        "inherits": kind is not None and own is None,
        "confirms": shown.confirms,
        **{name: str(lead) for name, lead in zip(places, shown.leads, strict=False)},
        "confirmation_subject": shown.confirmation.subject,
        "confirmation_body": shown.confirmation.body,
        "reminder_subject": shown.reminder.subject,
        "reminder_body": shown.reminder.body,
        "version": own.version if own else 0,
    }


async def quiet_values(clinic: ClinicSettings) -> dict[str, Any]:
    """The form of the quiet hours."""
    quiet = await load_quiet_hours(clinic.zone)
    return {
        "quiet_from": f"{quiet.starts:%H:%M}",
        "quiet_until": f"{quiet.ends:%H:%M}",
        "version": quiet.version,
    }


def sample_of(typed: Mapping[str, Any], channel: Channel, clinic: ClinicSettings) -> Sample:
    """How what is typed would read."""
    return Sample(
        channel,
        _reading(typed.get("confirmation_subject", ""), typed.get("confirmation_body", ""), channel, clinic),
        _reading(typed.get("reminder_subject", ""), typed.get("reminder_body", ""), channel, clinic),
    )


def _reading(subject: str, body: str, channel: Channel, clinic: ClinicSettings) -> Reading:
    allowed = placeholders(channel)
    if fault(subject, allowed) or fault(body, allowed):
        return Reading("", "", None, is_wrong=True)
    values = _somebody(channel, clinic)
    if channel is Channel.EMAIL:
        return Reading(fill(subject, values), fill(body, values), None)
    before, after = around_link(body)
    link = f"{clinic.portal_url or 'https://portal.example'}{LINK.format(token=SAMPLE_TOKEN)}"
    text = fill(before, values) + (link + fill(after, values) if after is not None else "")
    return Reading("", text, gsm7.measure(text))


def _somebody(channel: Channel, clinic: ClinicSettings) -> dict[str, str]:
    when, by_mail = renderer(clinic), channel is Channel.EMAIL
    at = on_the_clock(local_day(now(), clinic.zone) + timedelta(days=2), time(10), clinic.zone)
    return {
        "name": _("Amelia"),
        "date": when.date_long(at) if by_mail else when.day_short(at),
        "time": when.time(at),
        "practitioner": _("Anna Marsh"),
        "type": _("Follow-up"),
        "location": _("High Street"),
        "address": _("14 High Street"),
        "clinic": clinic.name if by_mail else gsm7.transliterate(clinic.name) or clinic.name,
        "phone": when.phone(clinic.phone),
    }


def _usual(channel: Channel) -> Rule:
    """What somebody begins with: the usual, until they save it."""
    leads = defaults.USUAL_LEADS[channel]
    return Rule(
        None,
        channel,
        channel is Channel.EMAIL,
        leads,
        defaults.confirmation(channel),
        defaults.reminder(channel),
        0,
    )


def _line(kind: int | None, channel: Channel, own: Mapping[Any, Rule]) -> Line:
    rule = own.get((kind, channel))
    held = rule or own.get((None, channel))
    says = _says(held)
    href = f"/admin/messages/reminders/{kind or 'clinic'}/{channel.value}"
    return Line(href, channel, says, kind is not None and rule is None, held is None or held.is_silent)


def _says(rule: Rule | None) -> str:
    if rule is None or rule.is_silent:
        return _("nothing is sent")
    parts = [_("booking confirmed")] if rule.confirms else []
    return ", ".join(parts + [lead_words(lead) for lead in rule.leads])
