"""Riverside Physio at its own address, where passkeys work."""

from __future__ import annotations

import pytest

from app.accounts import login
from app.accounts.factors.relying_party import RelyingParty
from app.clinic.clinic import ClinicSettings
from app.clinic.tables import Clinic
from app.db import Engine
from tests.support.clock import FrozenClock
from tests.support.passkeys import SoftAuthenticator
from tests.support.people import a_clinic, the_clinic

PORTAL = "https://portal.example"


@pytest.fixture
async def clinic(database: Engine, frozen: FrozenClock) -> ClinicSettings:
    await a_clinic()
    await Clinic.update({Clinic.portal_url: PORTAL}).where(Clinic.id == 1)
    return await the_clinic()


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Failures are many here; that each takes its time is held elsewhere."""
    monkeypatch.setattr(login, "FAILURES_ANSWER_AFTER", 0)


@pytest.fixture
def party() -> RelyingParty:
    return RelyingParty("portal.example", PORTAL, "Riverside Physio")


@pytest.fixture
def device() -> SoftAuthenticator:
    """A laptop with a fingerprint reader."""
    return SoftAuthenticator(PORTAL)
