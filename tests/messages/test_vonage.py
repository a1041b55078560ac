"""Texts over a TLS endpoint that answers like Vonage's Messages API."""

from __future__ import annotations

import logging
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime

import pytest

from app.messages.transports import ErrorKind, Outgoing, TransportError
from app.messages.transports.vonage import VonageTransport
from app.settings import VonageSettings
from tests.support import vonage as endpoint
from tests.support.certificates import Authority
from tests.support.clock import FrozenClock
from tests.support.ports import free_port
from tests.support.vonage import Answer, Vonage


@pytest.fixture
def account(vonage: Vonage) -> VonageSettings:
    return VonageSettings(
        application_id=vonage.application_id,
        private_key=vonage.private_key,
        sender="447700900000",
        api_host=vonage.api_host,
    )


async def refusal(account: VonageSettings, text: Outgoing) -> TransportError:
    with pytest.raises(TransportError) as caught:
        await VonageTransport(account, patience=1).send(text)
    return caught.value


async def test_a_text_leaves_as_vonage_describes_it(
    vonage: Vonage, account: VonageSettings, frozen: FrozenClock, text: Outgoing
) -> None:
    reference = await VonageTransport(account).send(text)

    [received] = await vonage.received()
    assert reference == received.message_uuid
    assert received.body == {
        "channel": "sms",
        "message_type": "text",
        "to": "447911123456",
        "from": "Riverside",
        "text": "Riverside Physio: your PIN is 482913.",
        "ttl": 72 * 3600,
        "client_ref": text.reference,
    }


async def test_without_a_name_the_text_comes_from_the_accounts_sender(
    vonage: Vonage, account: VonageSettings, text: Outgoing
) -> None:
    await VonageTransport(account).send(replace(text, sender_name=""))

    [received] = await vonage.received()
    assert received.body["from"] == "447700900000"


@pytest.mark.parametrize(("minutes", "ttl"), [(1, 1800), (45, 2700), (60 * 24 * 7, 259200)])
async def test_carriers_try_for_half_an_hour_at_least(
    vonage: Vonage, account: VonageSettings, frozen: FrozenClock, text: Outgoing, minutes: int, ttl: int
) -> None:
    await VonageTransport(account).send(replace(text, expires_at=frozen.now + timedelta(minutes=minutes)))

    [received] = await vonage.received()
    assert received.body["ttl"] == ttl


@pytest.mark.parametrize(
    ("answer", "kind", "code", "retry_after"),
    [
        (endpoint.UNAUTHORIZED, ErrorKind.CHANNEL, "http-401", None),
        (endpoint.LOW_BALANCE, ErrorKind.CHANNEL, "http-402", None),
        (endpoint.FORBIDDEN, ErrorKind.CHANNEL, "http-403", None),
        (endpoint.INVALID, ErrorKind.PERMANENT, "http-422", None),
        (Answer(404, "Not found"), ErrorKind.PERMANENT, "http-404", None),
        (endpoint.THROTTLED, ErrorKind.TEMPORARY, "http-429", 30),
        (endpoint.INTERNAL_ERROR, ErrorKind.TEMPORARY, "http-500", None),
        (Answer(502, "Bad gateway"), ErrorKind.TEMPORARY, "http-502", None),
        (endpoint.UNAVAILABLE, ErrorKind.TEMPORARY, "http-503", 60),
        (Answer(200, "Not what was agreed"), ErrorKind.AMBIGUOUS, "odd-answer", None),
        (endpoint.CUT, ErrorKind.AMBIGUOUS, "unanswered", None),
        (endpoint.HANG, ErrorKind.AMBIGUOUS, "unanswered", None),
    ],
    ids=lambda value: str(value.status) if isinstance(value, Answer) else None,
)
async def test_an_error_is_classed_by_what_it_means_for_the_message(
    vonage: Vonage,
    account: VonageSettings,
    text: Outgoing,
    answer: Answer,
    kind: ErrorKind,
    code: str,
    retry_after: float | None,
) -> None:
    vonage.answer_next(answer)

    error = await refusal(account, text)

    assert (error.kind, error.code, error.retry_after) == (kind, code, retry_after)
    assert vonage.requests == 1


async def test_a_time_to_retry_may_be_a_date(
    vonage: Vonage, account: VonageSettings, frozen: FrozenClock, text: Outgoing
) -> None:
    at = format_datetime(frozen.now + timedelta(seconds=90), usegmt=True)
    vonage.answer_next(Answer(429, retry_after=at))

    assert (await refusal(account, text)).retry_after == 90


async def test_another_applications_key_holds_the_channel(
    vonage: Vonage, account: VonageSettings, text: Outgoing
) -> None:
    stranger = replace(account, application_id="00000000-0000-4000-8000-000000000000")

    assert (await refusal(stranger, text)).kind is ErrorKind.CHANNEL
    assert vonage.texts == []


@pytest.mark.parametrize(
    "key", ["nonsense", "-----BEGIN PRIVATE KEY-----\nbm9uc2Vuc2U=\n-----END PRIVATE KEY-----\n"]
)
async def test_a_key_that_is_none_holds_the_channel(
    vonage: Vonage, account: VonageSettings, text: Outgoing, key: str
) -> None:
    error = await refusal(replace(account, private_key=key), text)

    assert (error.kind, error.code) == (ErrorKind.CHANNEL, "credentials")
    assert vonage.requests == 0


async def test_a_certificate_nobody_vouches_for_holds_the_channel(
    account: VonageSettings, text: Outgoing, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with Vonage(Authority(tmp_path_factory.mktemp("stranger"))) as stranger:
        error = await refusal(replace(account, api_host=stranger.api_host), text)

        assert (error.kind, error.code) == (ErrorKind.CHANNEL, "tls")
        assert stranger.texts == []


async def test_an_endpoint_that_nobody_runs_is_a_temporary_error(
    account: VonageSettings, text: Outgoing
) -> None:
    error = await refusal(replace(account, api_host=f"localhost:{free_port()}"), text)

    assert (error.kind, error.code) == (ErrorKind.TEMPORARY, "connect")


async def test_a_port_that_never_answers_is_uncertain_or_temporary_but_never_final(
    account: VonageSettings, text: Outgoing
) -> None:
    with silent_port() as port:
        error = await refusal(replace(account, api_host=f"localhost:{port}"), text)

    assert error.kind in (ErrorKind.TEMPORARY, ErrorKind.AMBIGUOUS)


async def test_texts_share_a_connection_until_the_server_ends_it(
    vonage: Vonage, account: VonageSettings, text: Outgoing
) -> None:
    transport = VonageTransport(account)
    for _ in range(3):
        await transport.send(text)
    assert len(vonage.connections) == 1

    vonage.hang_up()
    await transport.send(text)

    assert (len(vonage.connections), vonage.requests) == (2, 4)


async def test_after_an_error_nothing_is_kept(
    vonage: Vonage, account: VonageSettings, text: Outgoing
) -> None:
    transport = VonageTransport(account)
    await transport.send(text)
    vonage.answer_next(endpoint.CUT)
    with pytest.raises(TransportError) as caught:
        await transport.send(text)

    await transport.send(text)

    assert caught.value.kind is ErrorKind.AMBIGUOUS
    assert (len(vonage.connections), vonage.requests) == (2, 3)


async def test_neither_pin_nor_number_is_logged_or_raised(
    vonage: Vonage, account: VonageSettings, text: Outgoing, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("vonage").setLevel(logging.DEBUG)
    vonage.answer_next(endpoint.INVALID, endpoint.CUT)

    refused, cut = [await refusal(account, text) for _ in range(2)]
    await VonageTransport(account).send(text)

    told = caplog.text + repr(refused) + repr(cut)
    assert "482913" not in told
    assert "447911123456" not in told
    assert refused.__suppress_context__
    assert cut.__suppress_context__


@contextmanager
def silent_port() -> Iterator[int]:
    """Connections are made by the system and never answered."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]
