"""What patients text back: STOP and START. Anything else is nobody's to read here."""

from __future__ import annotations

import re

from app.diary.patients.channels import patients_with_mobile, write_no_more
from app.messages.tables import Channel
from app.messages.transports.vonage_inbound import Inbound

# The words that carriers know. CANCEL, which some know too, would be about the appointment.
STOP = frozenset({"STOP", "STOPALL", "STOP ALL", "UNSUBSCRIBE", "END", "QUIT"})
START = frozenset({"START", "UNSTOP"})


async def hear(inbound: Inbound) -> None:
    """Everybody at that number wants no more texts about appointments, or wants them again."""
    said = " ".join(re.sub(r"[^\w\s]", "", inbound.text).upper().split())
    if said in STOP | START:
        await write_no_more(await patients_with_mobile(inbound.sender), Channel.TEXT, stop=said in STOP)
