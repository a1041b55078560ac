"""What the states of a message have in common."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from piccolo.columns import Column

from app.messages.tables import Message, MessageState

UNFINISHED = (MessageState.QUEUED, MessageState.SENDING, MessageState.HELD)
"""It may still be sent."""

WITHDRAWN = "withdrawn"
"""Code of one that was taken back, and that no other follows."""

UNWANTED = "unwanted"
"""Code of one that was taken back because what it tells of is no longer so, or its reader wants none."""

RELEASED: Mapping[Column | str, Any] = {Message.lease: "", Message.leased_until: None}
"""Nobody is sending it."""

WIPED: Mapping[Column | str, Any] = {**RELEASED, Message.payload: None, Message.payload_key: ""}
"""It is over: what it said is gone."""
