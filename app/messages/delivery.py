"""What became of a message, in words for the people who wait for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from app.i18n import gettext as _
from app.messages.reasons import reason
from app.messages.tables import Channel, MessageState
from app.messages.transports import ErrorKind

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

    @property
    def is_final(self) -> bool:
        """No further news will come by itself."""
        if self.state is MessageState.ACCEPTED:
            return self.channel is Channel.EMAIL
        return self.state not in (MessageState.QUEUED, MessageState.SENDING, MessageState.HELD)

    @property
    def is_ok(self) -> bool:
        """It has left, and nothing bad was heard since."""
        return self.state in (MessageState.ACCEPTED, MessageState.DELIVERED)

    @property
    def has_failed(self) -> bool:
        """It won't arrive: send it again, or correct the address."""
        return self.state in (MessageState.FAILED, MessageState.UNDELIVERABLE, MessageState.EXPIRED)


def describe(row: dict[str, Any], *, portal_online: bool, held_by: str | None) -> Delivery:
    """The delivery of a Message's row. ``held_by`` is the code of what is wrong with its channel, if something is."""
    channel, state = Channel(row["channel"]), MessageState(row["state"])
    waits_for_portal = state is MessageState.QUEUED and row["waits_for_portal"] and not portal_online
    if state is MessageState.QUEUED and held_by and not waits_for_portal:
        state, row = MessageState.HELD, row | {"error_code": held_by}
    label, kind, words = _told(state, channel, row, waits_for_portal)
    return Delivery(
        message=row["id"],
        channel=channel,
        recipient=row["recipient"],
        state=state,
        waits_for_portal=waits_for_portal,
        label=label,
        kind=kind,
        words=words,
        steps=_steps(row, state, kind, words),
    )


def _told(
    state: MessageState, channel: Channel, row: dict[str, Any], waits_for_portal: bool
) -> tuple[str, Kind, str]:
    """Label, kind and sentence of a state."""
    why = reason(channel, row["error_code"])
    if state is MessageState.QUEUED:
        return _told_of_queued(why if row["error_code"] else None, waits_for_portal)
    if state is MessageState.FAILED and row["error_class"] == ErrorKind.AMBIGUOUS:
        return _("uncertain"), "bad", _("Nobody confirmed it, so it may or may not have arrived.")
    by_mail = channel is Channel.EMAIL
    accepted = _("Accepted by the mail server.") if by_mail else _("Accepted by the carrier.")
    told: dict[MessageState, tuple[str, Kind, str]] = {
        MessageState.SENDING: (_("sending"), "info", _("It is being sent.")),
        MessageState.ACCEPTED: (_("sent"), "good", accepted),
        MessageState.DELIVERED: (_("delivered"), "good", _("Delivered to the phone.")),
        MessageState.UNDELIVERABLE: (_("not delivered"), "bad", _("The carrier could not deliver it.")),
        MessageState.HELD: (_("held"), "warning", _("Held back: {why}. It leaves once that is put right.")),
        MessageState.FAILED: (_("failed"), "bad", _("Not sent: {why}.")),
        MessageState.EXPIRED: (_("expired"), "bad", _("It could not be sent in time.")),
        MessageState.SUPERSEDED: (_("replaced"), "neutral", _("A newer message took its place.")),
    }
    label, kind, words = told[state]
    return label, kind, words.format(why=why)


def _told_of_queued(why_not_yet: str | None, waits_for_portal: bool) -> tuple[str, Kind, str]:
    if waits_for_portal:
        return _("waiting"), "info", _("It will be sent when the portal is online.")
    if why_not_yet:
        return _("trying again"), "warning", _("Not sent yet: {why}. We keep trying.").format(why=why_not_yet)
    return _("queued"), "info", _("It is about to be sent.")


def _steps(row: dict[str, Any], state: MessageState, kind: Kind, words: str) -> tuple[Step, ...]:
    steps = [Step(_("queued"), row["created_at"], "good")]
    if row["accepted_at"]:
        steps.append(Step(_("sent"), row["accepted_at"], "good"))
    if state is not MessageState.QUEUED or row["error_code"]:
        latest = row["finished_at"] or row["accepted_at"]
        steps.append(Step(words.rstrip("."), latest, kind))
    return tuple(steps)
