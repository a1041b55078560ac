"""An attacker with a thousand addresses, against a model: no guess gets in, no honest phone is kept out or waiting."""

from __future__ import annotations

import ast
import asyncio
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from app import db
from app.accounts import candidates, limits, login
from app.accounts.credentials import store_credential
from app.accounts.hashing import HashedSecret, hash_secret, strangers_lane
from app.accounts.login import LogIn, LoginFailed
from app.accounts.phones.login import CodeAsked, log_in_by_code, log_in_by_phone
from app.accounts.tables import Credential, CredentialKind
from app.clinic.clinic import ClinicSettings
from app.db import execute, rows, write
from app.errors import TooMany
from app.settings import Settings, use
from tests.accounts.phones import model
from tests.accounts.phones.model import CODE, IN, TOO_MANY, WRONG, Browser, Limits, Model
from tests.support.clock import MORNING, FrozenClock
from tests.support.outbox import newest_code
from tests.support.people import MOBILE, PIN, Person, a_clinic, a_practitioner

ANOTHER, NO_PIN = "+447911999999", "000001"
# Reached in a short run; tests/accounts/test_limits.py holds the design's own numbers.
SMALL = Limits(network=7, portal=25, since_a_good_one=14)
T = TypeVar("T")
addresses = st.integers(0, 999).map(lambda n: f"198.51.{n // 250}.{n % 250}")


class World:
    """The application's verbs in an event loop of their own, over a database that each run empties."""

    def __init__(self, runner: asyncio.Runner, clock: FrozenClock) -> None:
        self.run_in = runner
        self.clock = clock
        self.clinic: ClinicSettings = self.run(a_clinic())
        self.anna: Person = self.run(a_practitioner(mobile=MOBILE))
        self.hashed: HashedSecret = self.run(hash_secret(CredentialKind.PIN, self.anna.id, PIN))

    def run(self, verb: Coroutine[Any, Any, T]) -> T:
        return self.run_in.run(verb)

    def begin_anew(self) -> None:
        self.clock.move_to(MORNING)
        self.run(self._emptied())

    async def _emptied(self) -> None:
        for table in ("login_session", "device", "phone_code", "login_failures", "credential", "message"):
            await execute(f"DELETE FROM {table}")
        async with write():
            await store_credential(
                self.anna.id, CredentialKind.PIN, self.hashed, temporary=False, message=None
            )
        await Credential.update({Credential.first_used_at: MORNING}).where(Credential.user == self.anna.id)

    @property
    def at(self) -> float:
        return (self.clock.now - MORNING).total_seconds()


class Phone:
    """A browser, in the application's eyes and in the model's."""

    def __init__(self) -> None:
        self.cookies: dict[str, str] = {}
        self.asked = ""
        self.code = ""
        self.modelled = Browser()


class Attack(RuleBasedStateMachine):
    """Strangers guess from anywhere, in any order with an honest phone that logs in, mistypes, and has a successor."""

    world: World

    def __init__(self) -> None:
        super().__init__()
        self.model = Model(SMALL)
        self.own, self.stranger = Phone(), Phone()

    @initialize()
    def the_owner_s_phone_joins(self) -> None:
        self.world.begin_anew()
        assert self._try(self.own, "203.0.113.7", MOBILE, PIN) == CODE
        assert self._give_code(self.own, "203.0.113.7", right=True) == IN

    @rule(address=addresses)
    def a_stranger_guesses_wrong(self, address: str) -> None:
        self._try(self.stranger, address, MOBILE, NO_PIN)

    @rule(start=st.integers(0, 900), count=st.sampled_from([3, 9, 10]))
    def a_swarm_guesses_wrong_and_then_right(self, start: int, count: int) -> None:
        for n in range(start, start + count):
            self._try(Phone(), f"198.51.{n // 250}.{n % 250}", MOBILE, NO_PIN)
        self._try(Phone(), "192.0.2.9", MOBILE, PIN)

    @rule(count=st.sampled_from([2, 8]))
    def one_network_asks_for_a_number_that_nobody_has(self, count: int) -> None:
        for _ in range(count):
            self._try(Phone(), "198.51.100.1", ANOTHER, NO_PIN)

    @rule(address=addresses, guessed=st.booleans())
    def a_stranger_who_guessed_right_gets_no_further(self, address: str, guessed: bool) -> None:
        phone = Phone()
        assert self._try(phone, address, MOBILE, PIN) in (CODE, TOO_MANY)
        if guessed and phone.asked:
            assert self._give_code(phone, address, right=False) == WRONG

    @rule()
    def the_owner_logs_in_while_strangers_queue(self) -> None:
        reachable = self.own.modelled.wrong < SMALL.known_device
        outcome = self._try(self.own, "203.0.113.7", MOBILE, PIN, queue_is_full=reachable)
        assert outcome == IN or not reachable

    @rule(times=st.sampled_from([1, 4, 5]))
    def the_owner_mistypes_and_then_does_not(self, times: int) -> None:
        for _ in range(times):
            self._try(self.own, "203.0.113.7", MOBILE, NO_PIN)
        self._try(self.own, "203.0.113.7", MOBILE, PIN)

    @rule()
    def the_owner_joins_with_another_phone(self) -> None:
        phone = Phone()
        self._try(phone, "203.0.113.7", MOBILE, PIN)
        if phone.asked and self._give_code(phone, "203.0.113.7", right=True) == IN:
            self.own = phone

    @rule(seconds=st.sampled_from([30, 700, 3601, 86_401]))
    def time_passes(self, seconds: int) -> None:
        self.world.clock.tick(seconds=seconds)

    @invariant()
    def few_guesses_are_looked_at(self) -> None:
        assert self.model.checked <= SMALL.since_a_good_one

    def _try(self, phone: Phone, address: str, number: str, pin: str, *, queue_is_full: bool = False) -> str:
        meant = self.model.tries(
            phone.modelled,
            address,
            own_number=number == MOBILE,
            right=number == MOBILE and pin == PIN,
            at=self.world.at,
        )
        found, sent = self.world.run(self._tried(phone, address, number, pin, queue_is_full))
        assert found == meant
        assert sent == (meant == CODE and phone.modelled.code_sent), (
            "a code leaves when it should, and only then"
        )
        return found

    def _give_code(self, phone: Phone, address: str, *, right: bool) -> str:
        meant = self.model.gives_code(phone.modelled, address, right=right, at=self.world.at)
        found = self.world.run(self._coded(phone, address, phone.code if right else "no code"))
        assert found == meant
        return found

    async def _tried(
        self, phone: Phone, address: str, number: str, pin: str, queue_is_full: bool
    ) -> tuple[str, bool]:
        before = await _codes_sent()
        try:
            with _queue_of_strangers(queue_is_full):
                entered = await log_in_by_phone(
                    _attempt(phone, address, number, pin), self.world.clinic, ticket="of nobody"
                )
        except CodeAsked as asked:
            phone.asked = asked.browser
            sent = await _codes_sent() > before
            phone.code = await newest_code() if sent else "none"
            return CODE, sent
        except LoginFailed:
            return WRONG, False
        except TooMany:
            return TOO_MANY, False
        phone.cookies[entered.device_cookie] = entered.device_token
        return IN, False

    async def _coded(self, phone: Phone, address: str, code: str) -> str:
        try:
            entered = await log_in_by_code(
                _attempt(phone, address, "", code), self.world.clinic, browser=phone.asked
            )
        except LoginFailed:
            return WRONG
        phone.cookies[entered.device_cookie] = entered.device_token
        return IN


def _attempt(phone: Phone, address: str, number: str, secret: str) -> LogIn:
    return LogIn(CredentialKind.PIN, number, secret, phone.cookies.get, address, "Safari, iPhone")


async def _codes_sent() -> int:
    return len(await rows("SELECT id FROM message WHERE purpose = 'phone_code'"))


@contextmanager
def _queue_of_strangers(is_full: bool) -> Iterator[None]:
    """Whoever needs the strangers' lane meanwhile is refused, after two seconds."""
    if not is_full:
        yield
        return
    somebody = object()
    strangers_lane.acquire_on_behalf_of_nowait(somebody)
    try:
        yield
    finally:
        strangers_lane.release_on_behalf_of(somebody)


@pytest.fixture
def world(
    database_url: str, settings: Settings, frozen: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> Iterator[World]:
    monkeypatch.setattr(login, "FAILURES_ANSWER_AFTER", 0)
    monkeypatch.setattr(limits, "NETWORK_LIMIT", SMALL.network)
    monkeypatch.setattr(limits, "PORTAL_LIMIT", SMALL.portal)
    monkeypatch.setattr(candidates, "PIN_GUESSES_SINCE_A_GOOD_ONE", SMALL.since_a_good_one)
    use(settings)
    engine = db.connect(database_url)
    db.bind(engine)
    with asyncio.Runner() as runner:
        runner.run(engine.start_connection_pool())
        yield World(runner, frozen)
        runner.run(engine.close_connection_pool())


def test_a_thousand_addresses_get_nowhere_and_keep_nobody_out(world: World) -> None:
    machine = type("AttackHere", (Attack,), {"world": world})
    run_state_machine_as_test(
        machine,
        settings=hypothesis_settings(
            max_examples=6,
            stateful_step_count=13,
            deadline=None,
            database=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_the_model_knows_nothing_of_the_application() -> None:
    tree = ast.parse(Path(model.__file__).read_text())
    imported = {n.module or "" for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}
    assert not any(name.startswith(("app", "tests")) for name in imported)
