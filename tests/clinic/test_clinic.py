"""What a new installation's clinic begins with."""

from __future__ import annotations

import pytest

from app.clinic.clinic import create_clinic
from app.clinic.settings import stored_settings
from app.db import write
from app.db.engine import Engine


@pytest.mark.parametrize(
    ("name", "sender"),
    [
        ("Riverside Physio", "Riverside"),
        ("Ó Briain & Sons Clinic", "OBriainSons"),
        ("Physiotherapiezentrum", "Physiothera"),
        ("42", ""),
    ],
)
async def test_texts_come_from_the_words_of_its_name_that_networks_take(
    database: Engine, name: str, sender: str
) -> None:
    async with write():
        await create_clinic(name=name, country="GB", time_zone="Europe/London", phone="")
    assert (await stored_settings()).text_sender_name == sender
