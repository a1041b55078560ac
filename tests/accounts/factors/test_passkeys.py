"""Passkeys: what one proves, to whom, and how often."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from app.accounts.factors.assertions import PasskeyRefused, Proof, assertion_options, prove
from app.accounts.factors.overview import has_factor
from app.accounts.factors.registration import add_passkey, registration_options
from app.accounts.factors.relying_party import RelyingParty, relying_party
from app.accounts.tables import SessionKind
from app.accounts.viewer import Viewer
from app.clinic.clinic import ClinicSettings
from app.db import rows
from app.settings import Settings, use
from tests.support.clock import MORNING, FrozenClock
from tests.support.passkeys import SoftAuthenticator
from tests.support.people import Person

BROWSER, OTHER = "this browser's cookie", "another browser's cookie"
DESKTOP, PHONE = SessionKind.DESKTOP, SessionKind.PHONE


async def added(
    device: SoftAuthenticator, viewer: Viewer, party: RelyingParty, name: str = "Firefox, Linux"
) -> None:
    """A passkey, by the whole ceremony."""
    answer = device.create(await registration_options(viewer, party, BROWSER))
    assert await add_passkey(viewer, party, BROWSER, answer, name)


async def signed(device: SoftAuthenticator, party: RelyingParty) -> str:
    return device.get(await assertion_options(party, BROWSER))


async def test_it_proves_whose_it_is(anna: Person, device: SoftAuthenticator, party: RelyingParty) -> None:
    await added(device, anna.viewer, party)
    proof = await prove(await signed(device, party), party, BROWSER, DESKTOP)
    assert proof == Proof(anna.id, 1)
    [stored] = await rows("SELECT name, rp_id, kind, sign_count, last_used_at, flagged_at FROM passkey")
    assert stored == {
        "name": "Firefox, Linux",
        "rp_id": "portal.example",
        "kind": "desktop",
        "sign_count": 2,
        "last_used_at": MORNING,
        "flagged_at": None,
    }


async def test_what_was_signed_is_good_once(
    anna: Person, device: SoftAuthenticator, party: RelyingParty
) -> None:
    await added(device, anna.viewer, party)
    answer = await signed(device, party)
    await prove(answer, party, BROWSER, DESKTOP)
    with pytest.raises(PasskeyRefused):
        await prove(answer, party, BROWSER, DESKTOP)


async def test_it_is_good_for_five_minutes_and_in_the_browser_that_asked(
    anna: Person, device: SoftAuthenticator, party: RelyingParty, frozen: FrozenClock
) -> None:
    await added(device, anna.viewer, party)
    answer = await signed(device, party)
    with pytest.raises(PasskeyRefused):
        await prove(answer, party, OTHER, DESKTOP)
    frozen.tick(minutes=5)
    with pytest.raises(PasskeyRefused):
        await prove(answer, party, BROWSER, DESKTOP)
    await assertion_options(party, BROWSER)
    assert len(await rows("SELECT id FROM passkey_challenge")) == 1, "what is over has gone"


async def test_neither_another_sites_nor_an_unasked_owners_is_good(
    anna: Person, device: SoftAuthenticator, party: RelyingParty
) -> None:
    await added(device, anna.viewer, party)
    for wrong in ({"origin": "https://portal.example.evil.test"}, {"asks": False}):
        with pytest.raises(PasskeyRefused):
            await prove(await signed(replace(device, **wrong), party), party, BROWSER, DESKTOP)
    forged = json.loads(await signed(device, party))
    forged["response"]["signature"] = forged["response"]["signature"][::-1]
    with pytest.raises(PasskeyRefused):
        await prove(json.dumps(forged), party, BROWSER, DESKTOP)


@pytest.mark.parametrize("answer", ["", "{}", "[1]", '{"response": {"clientDataJSON": "e30"}}', "é" * 50])
async def test_what_is_no_answer_is_refused_like_a_wrong_one(
    anna: Person, party: RelyingParty, answer: str
) -> None:
    with pytest.raises(PasskeyRefused):
        await prove(answer, party, BROWSER, DESKTOP)
    with pytest.raises(PasskeyRefused):
        await add_passkey(anna.viewer, party, BROWSER, answer, "Firefox, Linux")


async def test_the_other_users_is_none_where_one_is_asked_for(
    anna: Person, sam: Person, device: SoftAuthenticator, party: RelyingParty
) -> None:
    await added(device, anna.viewer, party)
    with pytest.raises(PasskeyRefused):
        await prove(await signed(device, party), party, BROWSER, DESKTOP, user=sam.id)
    assert await prove(await signed(device, party), party, BROWSER, DESKTOP, user=anna.id)


async def test_a_counter_that_falls_back_is_refused_noted_and_told(
    anna: Person, device: SoftAuthenticator, party: RelyingParty, frozen: FrozenClock
) -> None:
    await added(device, anna.viewer, party)
    await prove(await signed(device, party), party, BROWSER, DESKTOP)
    device.passkeys[0].counter = 0
    with pytest.raises(PasskeyRefused):
        await prove(await signed(device, party), party, BROWSER, DESKTOP)
    assert await rows("SELECT flagged_at, sign_count FROM passkey") == [
        {"flagged_at": MORNING, "sign_count": 2}
    ]
    [entry] = await rows("SELECT actor, subject_id FROM audit_entry WHERE action = 'passkey.flagged'")
    assert entry == {"actor": None, "subject_id": str(anna.id)}
    told = await rows("SELECT recipient FROM message ORDER BY id")
    assert [row["recipient"] for row in told] == [anna.email] * 2, "of the passkey, and of its copy"


async def test_an_authenticator_that_doesnt_count_is_fine(
    anna: Person, device: SoftAuthenticator, party: RelyingParty
) -> None:
    device.counts = False
    await added(device, anna.viewer, party)
    for _ in range(2):
        assert await prove(await signed(device, party), party, BROWSER, DESKTOP)


async def test_a_phones_opens_the_phones_diary_only_and_is_no_second_step(
    anna: Person, clinic: ClinicSettings, device: SoftAuthenticator, party: RelyingParty
) -> None:
    """Number and PIN open no admin pages; a passkey added with them must not either."""
    await added(device, replace(anna.viewer, kind="phone"), party)
    with pytest.raises(PasskeyRefused):
        await prove(await signed(device, party), party, BROWSER, DESKTOP)
    assert await prove(await signed(device, party), party, BROWSER, PHONE)
    assert not await has_factor(anna.id, clinic)


async def test_a_desktops_opens_both_and_is_a_second_step(
    anna: Person, clinic: ClinicSettings, device: SoftAuthenticator, party: RelyingParty
) -> None:
    await added(device, anna.viewer, party)
    assert await prove(await signed(device, party), party, BROWSER, PHONE)
    assert await has_factor(anna.id, clinic)
    assert not await has_factor(anna.id, replace(clinic, portal_url="https://diary.example"))


async def test_whoever_holds_one_that_does_makes_no_second(
    anna: Person, device: SoftAuthenticator, party: RelyingParty
) -> None:
    on_phone = replace(anna.viewer, kind="phone")
    await added(device, on_phone, party)
    excluded = [
        json.loads(await registration_options(viewer, party, BROWSER))["excludeCredentials"]
        for viewer in (on_phone, anna.viewer)
    ]
    assert [len(ids) for ids in excluded] == [1, 0]


async def test_an_answer_of_another_session_or_user_adds_nothing(
    anna: Person, sam: Person, device: SoftAuthenticator, party: RelyingParty
) -> None:
    answer = device.create(await registration_options(anna.viewer, party, BROWSER))
    for viewer, browser in ((sam.viewer, BROWSER), (anna.viewer, OTHER)):
        with pytest.raises(PasskeyRefused):
            await add_passkey(viewer, party, browser, answer, "Firefox, Linux")
    for wrong in ({"origin": "https://evil.test"}, {"asks": False}):
        forged = replace(device, **wrong).create(await registration_options(anna.viewer, party, BROWSER))
        with pytest.raises(PasskeyRefused):
            await add_passkey(anna.viewer, party, BROWSER, forged, "Firefox, Linux")
    assert await rows("SELECT id FROM passkey") == []


async def test_passkeys_belong_to_the_portals_host(clinic: ClinicSettings, settings: Settings) -> None:
    use(settings)
    here = relying_party(clinic, "https://portal.example")
    assert here == RelyingParty("portal.example", "https://portal.example", "Riverside Physio")
    assert relying_party(clinic, "https://elsewhere.example") is None
    assert relying_party(clinic, "http://localhost:8000") is None
    assert relying_party(replace(clinic, portal_url=""), "https://portal.example") is None
    use(replace(settings, environment="development"))
    assert relying_party(clinic, "http://localhost:8000") == RelyingParty(
        "localhost", "http://localhost:8000", "Riverside Physio"
    )
