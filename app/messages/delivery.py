"""What became of a message, in words for the people who wait for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from app.i18n import gettext as _
from app.messages.reasons import reason
from app.messages.states import UNFINISHED, UNWANTED, WITHDRAWN
from app.messages.tables import Channel, MessageState
from app.messages.transports import ErrorKind
from app.messages.transports.tray import IN_TRAY

Kind = Literal["neutral", "info", "good", "warning", "bad"]


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened to it, and when; ``at`` is None for what is going on now."""

    text: str
    at: datetime | None
    kind: Kind


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message's delivery for showing. ``label`` and ``kind`` make its badge, ``words`` are a sentence."""

    message: int
    channel: Channel
    recipient: str
    state: MessageState
    waits_for_portal: bool  # only that the portal is offline keeps it back
    label: str
    kind: Kind
    words: str
    steps: tuple[Step, ...]
    is_final: bool  # no further news will come by itself

    @property
    def is_ok(self) -> bool:
        """It has left, and nothing bad was heard since."""
        return self.state in (MessageState.ACCEPTED, MessageState.DELIVERED)

    @property
    def has_failed(self) -> bool:
        """It won't arrive: send it again, or correct the address."""
        return self.state in (MessageState.FAILED, MessageState.UNDELIVERABLE, MessageState.EXPIRED)


@dataclass(frozen=True, slots=True)
class _Told:
    """A state in words: a badge's, a sentence's, and those of the last step."""

    label: str
    kind: Kind
    words: str
    step: str = ""


def describe(row: dict[str, Any], *, portal_online: bool, held_by: str | None) -> Delivery:
    """The delivery of a Message's row. ``held_by`` is the code of what is wrong with its channel, if something is."""
    channel, state = Channel(row["channel"]), MessageState(row["state"])
    waits_for_portal = state is MessageState.QUEUED and row["waits_for_portal"] and not portal_online
    if state is MessageState.QUEUED and held_by and not waits_for_portal:
        state, row = MessageState.HELD, row | {"error_code": held_by}
    told = (
        _told_of_queued(channel, row, waits_for_portal)
        if state is MessageState.QUEUED
        else _told(state, channel, row)
    )
    steps = [Step(_("queued"), row["created_at"], "good")]
    if row["accepted_at"]:
        steps.append(Step(_("sent"), row["accepted_at"], "good"))
    if told.step:
        steps.append(Step(told.step, row["finished_at"] or row["accepted_at"], told.kind))
    return Delivery(
        message=row["id"],
        channel=channel,
        recipient=row["recipient"],
        state=state,
        waits_for_portal=waits_for_portal,
        label=told.label,
        kind=told.kind,
        words=told.words,
        steps=tuple(steps),
        is_final=_ends_with(state, channel, row),
    )


def _ends_with(state: MessageState, channel: Channel, row: dict[str, Any]) -> bool:
    """Whether that state is the last one: of an e-mail nothing more is heard, of a text there is a receipt."""
    if state is MessageState.ACCEPTED:
        return channel is Channel.EMAIL or _is_in_tray(row)
    return state not in UNFINISHED


def _is_in_tray(row: dict[str, Any]) -> bool:
    return str(row["provider_reference"]).startswith(IN_TRAY)


def _told_of_queued(channel: Channel, row: dict[str, Any], waits_for_portal: bool) -> _Told:
    if waits_for_portal:
        return _Told(_("waiting"), "info", _("It will be sent when the portal is online."))
    if row["error_code"]:
        why = reason(channel, row["error_code"])
        words = _("Not sent yet: {why}. We keep trying.").format(why=why)
        return _Told(_("trying again"), "warning", words, _("not sent yet: {why}").format(why=why))
    return _Told(_("queued"), "info", _("It is about to be sent."))


def _told(state: MessageState, channel: Channel, row: dict[str, Any]) -> _Told:
    if state is MessageState.ACCEPTED and _is_in_tray(row):
        return _Told(_("sent"), "good", _("Kept in the message tray."), _("kept in the message tray"))
    if state is MessageState.ACCEPTED and channel is Channel.EMAIL:
        return _Told(_("sent"), "good", _("Accepted by the mail server."), _("accepted by the mail server"))
    if state is MessageState.SUPERSEDED and row["error_code"] == WITHDRAWN:
        return _Told(_("withdrawn"), "neutral", _("Its reader may no longer log in."), _("withdrawn"))
    if state is MessageState.SUPERSEDED and row["error_code"] == UNWANTED:
        words = _("The appointment has changed, or its patient wants no such messages.")
        return _Told(_("withdrawn"), "neutral", words, _("withdrawn"))
    if state is MessageState.FAILED and row["error_class"] == ErrorKind.AMBIGUOUS:
        words = _("Nobody confirmed it, so it may or may not have arrived.")
        return _Told(_("uncertain"), "bad", words, _("never confirmed"))
    why = reason(channel, row["error_code"])
    return {
        MessageState.SENDING: _Told(_("sending"), "info", _("It is being sent."), _("being sent")),
        MessageState.ACCEPTED: _Told(
            _("sent"), "good", _("Accepted by the carrier."), _("accepted by the carrier")
        ),
        MessageState.DELIVERED: _Told(_("delivered"), "good", _("Delivered to the phone."), _("delivered")),
        MessageState.UNDELIVERABLE: _Told(
            _("not delivered"),
            "bad",
            _("Not delivered: {why}.").format(why=why),
            _("not delivered: {why}").format(why=why),
        ),
        MessageState.HELD: _Told(
            _("held"),
            "warning",
            _("Held back: {why}. It leaves once that is put right.").format(why=why),
            _("held back: {why}").format(why=why),
        ),
        MessageState.FAILED: _Told(
            _("failed"), "bad", _("Not sent: {why}.").format(why=why), _("not sent: {why}").format(why=why)
        ),
        MessageState.EXPIRED: _Told(
            _("expired"), "bad", _("It could not be sent in time."), _("not sent in time")
        ),
        MessageState.SUPERSEDED: _Told(
            _("replaced"), "neutral", _("A newer message took its place."), _("replaced by a newer message")
        ),
    }[state]
