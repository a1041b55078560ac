"""Riverside Physio with its portal online, on a Monday morning."""

from __future__ import annotations

import pytest

from app.accounts import hashing
from app.clinic.clinic import ClinicSettings
from app.db import Engine
from tests.support.clock import FrozenClock
from tests.support.people import (
    MOBILE,
    Person,
    a_clinic,
    a_practitioner,
    an_administrator,
    give_password,
    give_pin,
)


@pytest.fixture(autouse=True)
def strangers_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """Until it is their turn, however busy the machine is: many at once are tried here, and each is to be counted."""
    monkeypatch.setattr(hashing, "STRANGERS_WAIT_AT_MOST", 60.0)


@pytest.fixture
async def clinic(database: Engine, frozen: FrozenClock) -> ClinicSettings:
    return await a_clinic()


@pytest.fixture
async def sam(clinic: ClinicSettings) -> Person:
    """The administrator, without logins."""
    return await an_administrator()


@pytest.fixture
async def anna(clinic: ClinicSettings) -> Person:
    """A practitioner with an online and a mobile login."""
    anna = await a_practitioner(mobile=MOBILE)
    await give_password(anna)
    await give_pin(anna)
    return anna
