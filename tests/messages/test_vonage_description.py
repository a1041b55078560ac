"""What we send, and what stands in for Vonage, held against Vonage's own description of the Messages API."""

from __future__ import annotations

import json

import pytest

from app.messages.transports import Outgoing
from app.messages.transports.vonage import VonageTransport
from app.settings import Settings
from tests.support import vonage as endpoint
from tests.support.vonage import Answer, Vonage, error_body
from tests.support.vonage_description import (
    INBOUND_TEXT,
    NOT_NAMED,
    OUTBOUND_TEXT,
    RECEIPT,
    answer_schema,
    available,
    violations,
)
from tests.support.vonage_webhooks import Webhook


@pytest.fixture(autouse=True)
def description() -> None:
    """There is one to compare with."""
    if not available():
        pytest.skip(NOT_NAMED)


@pytest.fixture
async def sent(vonage: Vonage, settings: Settings, text: Outgoing) -> endpoint.Text:
    """A text that our transport has sent."""
    assert settings.vonage is not None
    await VonageTransport(settings.vonage).send(text)
    return vonage.texts[0]


def test_our_texts_are_as_described(sent: endpoint.Text) -> None:
    assert violations(OUTBOUND_TEXT, sent.body) == []


def test_a_text_that_is_not_as_described_is_noticed(sent: endpoint.Text) -> None:
    assert violations(OUTBOUND_TEXT, {**sent.body, "ttl": "1800"}) != []
    assert violations(OUTBOUND_TEXT, {**sent.body, "to": ""}) != []


@pytest.mark.parametrize(
    "answer",
    [
        endpoint.UNAUTHORIZED,
        endpoint.LOW_BALANCE,
        endpoint.INVALID,
        endpoint.THROTTLED,
        endpoint.INTERNAL_ERROR,
    ],
    ids=lambda answer: str(answer.status),
)
def test_errors_of_the_stand_in_are_as_described(answer: Answer) -> None:
    found = violations(answer_schema(answer.status), error_body(answer))
    # The description has several errors that all fit one answer, and asks for exactly one of them.
    assert [violation for violation in found if "is valid under each of" not in violation] == []


@pytest.mark.parametrize("status", ["submitted", "delivered", "rejected", "undeliverable"])
def test_receipts_of_the_stand_in_are_as_described(vonage: Vonage, sent: endpoint.Text, status: str) -> None:
    error = "1320" if status in ("rejected", "undeliverable") else None
    assert violations(RECEIPT, content(vonage.webhooks.receipt(sent, status, error=error))) == []


def test_inbound_texts_of_the_stand_in_are_as_described(vonage: Vonage) -> None:
    webhook = vonage.webhooks.inbound("STOP", to="447700900001", sender="447911123456")
    assert violations(INBOUND_TEXT, content(webhook)) == []


def content(webhook: Webhook) -> object:
    return json.loads(webhook.content)
