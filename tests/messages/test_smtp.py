"""E-mail over real SMTP."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace

import pytest

from app.environment import SettingsError, settings_from
from app.messages.transports import ErrorKind, Outgoing, TransportError
from app.messages.transports.smtp import SmtpTransport
from app.settings import SmtpSettings
from tests.support import smtp
from tests.support.certificates import Authority
from tests.support.ports import free_port
from tests.support.smtp import Fault, SmtpServer


@pytest.fixture
def server_settings(smtp_server: SmtpServer) -> SmtpSettings:
    return settings_of(smtp_server)


def settings_of(server: SmtpServer) -> SmtpSettings:
    return SmtpSettings(
        host=server.host,
        port=server.port,
        sender="diary@clinic.example",
        security=server.security,
        username=server.username or "",
        password=server.password,
        ca_file=str(server.ca_file),
    )


async def refusal(settings: SmtpSettings, mail: Outgoing) -> tuple[ErrorKind, str]:
    """How sending it fails; with little patience, for tests can't wait."""
    with pytest.raises(TransportError) as caught:
        await SmtpTransport(settings, patience=2, patience_for_mail=0.3).send(mail)
    return caught.value.kind, caught.value.code


async def test_a_mail_leaves_by_starttls_and_auth(
    smtp_server: SmtpServer, server_settings: SmtpSettings, mail: Outgoing
) -> None:
    await SmtpTransport(server_settings).send(mail)

    [received] = await smtp_server.received()
    assert received.encrypted
    assert received.login == "daybook"
    assert (received.sender, received.recipients) == ("diary@clinic.example", (mail.recipient,))
    assert received.subject == mail.subject
    assert received.message["From"] == "Riverside Physio <diary@clinic.example>"
    assert received.message["Message-ID"] == "<0123456789abcdef0123456789abcdef@clinic.example>"
    assert received.message["Auto-Submitted"] == "auto-generated"
    assert received.message["X-Auto-Response-Suppress"] == "All"
    assert received.text.strip() == mail.text
    assert received.html.strip() == mail.html


async def test_a_mail_leaves_by_implicit_tls(authority: Authority, mail: Outgoing) -> None:
    with SmtpServer(authority, "tls") as server:
        await SmtpTransport(settings_of(server)).send(mail)

        [received] = await server.received()
        assert received.encrypted
        assert received.login == "daybook"


async def test_a_server_without_auth_gets_no_password(authority: Authority, mail: Outgoing) -> None:
    with SmtpServer(authority, "plain", username=None) as server:
        await SmtpTransport(settings_of(server)).send(mail)

        assert [received.login for received in await server.received()] == [None]


async def test_every_attempt_carries_the_same_message_id(
    smtp_server: SmtpServer, server_settings: SmtpSettings, mail: Outgoing
) -> None:
    for _ in range(2):
        await SmtpTransport(server_settings).send(mail)

    first, second = await smtp_server.received(2)
    assert first.message["Message-ID"] == second.message["Message-ID"]


@pytest.mark.parametrize(
    ("fault", "kind", "code"),
    [
        (smtp.CLOSING, ErrorKind.TEMPORARY, "sender-421"),
        (smtp.GREYLISTED, ErrorKind.TEMPORARY, "recipient-451"),
        (smtp.CUT_AT_BANNER, ErrorKind.TEMPORARY, "connect-lost"),
        (Fault("banner", "421 4.3.2 Too busy"), ErrorKind.TEMPORARY, "connect-421"),
        (Fault("auth", "454 4.7.0 Temporary failure"), ErrorKind.TEMPORARY, "login-454"),
        (Fault("rcpt"), ErrorKind.TEMPORARY, "recipient-lost"),
        (smtp.NO_SUCH_MAILBOX, ErrorKind.PERMANENT, "recipient-550"),
        (smtp.SENDER_REFUSED, ErrorKind.PERMANENT, "sender-550"),
        (smtp.CONTENT_REFUSED, ErrorKind.PERMANENT, "content-554"),
        (smtp.WRONG_PASSWORD, ErrorKind.CHANNEL, "login-535"),
        (smtp.REFUSED, ErrorKind.CHANNEL, "connect-554"),
        (Fault("mail", "530 5.7.0 Authentication required"), ErrorKind.CHANNEL, "sender-530"),
        (smtp.CUT_AFTER_DATA, ErrorKind.AMBIGUOUS, "content-unanswered"),
        (smtp.HANG_AFTER_DATA, ErrorKind.AMBIGUOUS, "content-unanswered"),
    ],
    ids=lambda value: value.reply or value.stage if isinstance(value, Fault) else None,
)
async def test_an_error_is_classed_by_what_it_means_for_the_message(
    smtp_server: SmtpServer,
    server_settings: SmtpSettings,
    mail: Outgoing,
    fault: Fault,
    kind: ErrorKind,
    code: str,
) -> None:
    smtp_server.fail_next(fault)

    assert await refusal(server_settings, mail) == (kind, code)


async def test_a_server_that_nobody_runs_is_a_temporary_error(
    server_settings: SmtpSettings, mail: Outgoing
) -> None:
    nowhere = replace(server_settings, port=free_port())

    assert await refusal(nowhere, mail) == (ErrorKind.TEMPORARY, "connect-lost")


@pytest.mark.parametrize("security", ["starttls", "tls"])
async def test_a_certificate_for_another_name_holds_the_channel(
    authority: Authority, mail: Outgoing, security: smtp.Security
) -> None:
    with SmtpServer(authority, security, certificate_for=("mail.elsewhere.example",)) as server:
        assert await refusal(settings_of(server), mail) == (ErrorKind.CHANNEL, "tls")
        assert server.mails == []


@pytest.mark.parametrize("security", ["starttls", "tls"])
async def test_an_unknown_authority_holds_the_channel(
    authority: Authority, mail: Outgoing, security: smtp.Security
) -> None:
    with SmtpServer(authority, security) as server:
        assert await refusal(replace(settings_of(server), ca_file=None), mail) == (ErrorKind.CHANNEL, "tls")


async def test_a_server_without_auth_holds_the_channel_that_needs_it(
    authority: Authority, mail: Outgoing
) -> None:
    with SmtpServer(authority, username=None) as server:
        settings = replace(settings_of(server), username="daybook", password="secret")

        assert await refusal(settings, mail) == (ErrorKind.CHANNEL, "login-unsupported")


async def test_stripping_starttls_never_yields_the_password(
    server_settings: SmtpSettings, mail: Outgoing
) -> None:
    async with stripping_starttls() as (port, heard):
        stripped = replace(server_settings, host="127.0.0.1", port=port)

        assert await refusal(stripped, mail) == (ErrorKind.CHANNEL, "starttls-unsupported")

    said = bytes(heard)
    assert said.startswith(b"EHLO")
    assert b"AUTH" not in said
    assert base64.b64encode(server_settings.password.encode())[:8] not in said
    assert mail.recipient.encode() not in said


async def test_one_conversation_carries_one_mail_after_the_other(
    smtp_server: SmtpServer, server_settings: SmtpSettings, mail: Outgoing
) -> None:
    transport = SmtpTransport(server_settings, keeps=60)
    for _ in range(3):
        await transport.send(mail)
    await transport.close()
    await transport.send(mail)
    await transport.close()

    assert len(await smtp_server.received(4)) == 4
    assert smtp_server.connections == 2


@pytest.mark.parametrize("left", [smtp.CLOSING, Fault("mail")], ids=["said so", "just left"])
async def test_a_kept_conversation_that_the_server_has_left_costs_no_mail(
    smtp_server: SmtpServer, server_settings: SmtpSettings, mail: Outgoing, left: Fault
) -> None:
    transport = SmtpTransport(server_settings, keeps=60)
    await transport.send(mail)
    smtp_server.fail_next(left)

    await transport.send(mail)
    await transport.close()

    assert len(smtp_server.mails) == smtp_server.connections == 2


async def test_a_mail_whose_answer_is_missing_is_uncertain_in_a_kept_conversation_too(
    smtp_server: SmtpServer, server_settings: SmtpSettings, mail: Outgoing
) -> None:
    transport = SmtpTransport(server_settings, keeps=60)
    await transport.send(mail)
    smtp_server.fail_next(smtp.CUT_AFTER_DATA)

    with pytest.raises(TransportError) as caught:
        await transport.send(mail)

    assert (caught.value.kind, caught.value.code) == (ErrorKind.AMBIGUOUS, "content-unanswered")
    assert (len(smtp_server.mails), smtp_server.connections) == (2, 1)


async def test_a_conversation_ends_when_no_other_mail_comes(
    smtp_server: SmtpServer, server_settings: SmtpSettings, mail: Outgoing
) -> None:
    transport = SmtpTransport(server_settings, keeps=0.01)
    await transport.send(mail)
    async with asyncio.timeout(10):
        while not smtp_server.transports[-1].is_closing():  # noqa: ASYNC110 - it lives in a thread of its own
            await asyncio.sleep(0.01)

    await transport.send(mail)
    await transport.close()

    assert smtp_server.connections == 2


async def test_whatever_a_mail_says_arrives_as_it_was(
    smtp_server: SmtpServer, server_settings: SmtpSettings, mail: Outgoing
) -> None:
    strange = replace(
        mail,
        sender_name="Müller, Praxis",
        subject="Ihr Termin – bestätigt " * 8,
        text=".\n..\nFrom here = there \n" + "ä" * 500 + "\n--=_" + mail.reference,
        html="<p>.\n" + "x" * 2000 + " €</p>",
    )
    await SmtpTransport(server_settings).send(strange)

    [received] = await smtp_server.received()
    assert received.message["From"].addresses[0].display_name == strange.sender_name
    assert received.subject == strange.subject
    assert received.text.splitlines() == strange.text.splitlines()
    assert received.html.splitlines() == strange.html.splitlines()


async def test_a_subject_cannot_become_another_field(server_settings: SmtpSettings, mail: Outgoing) -> None:
    with pytest.raises(ValueError, match="one line"):
        await SmtpTransport(server_settings).send(replace(mail, subject="Hello\r\nBcc: all@mail.example"))


async def test_an_address_that_smtp_cannot_say_is_refused_at_once(
    smtp_server: SmtpServer, server_settings: SmtpSettings, mail: Outgoing
) -> None:
    strange = replace(mail, recipient="jürgen@riverside.example")

    assert await refusal(server_settings, strange) == (ErrorKind.PERMANENT, "recipient-not-ascii")
    assert smtp_server.connections == 0


async def test_the_error_quotes_neither_server_nor_mail(
    smtp_server: SmtpServer, server_settings: SmtpSettings, mail: Outgoing
) -> None:
    smtp_server.fail_next(smtp.NO_SUCH_MAILBOX)

    with pytest.raises(TransportError) as caught:
        await SmtpTransport(server_settings).send(mail)

    assert str(caught.value) == "permanent: recipient-550"
    assert caught.value.__suppress_context__


def test_plain_smtp_is_refused_in_production() -> None:
    with pytest.raises(SettingsError, match="plain SMTP would send passwords in clear"):
        settings_from({"SMTP_URL": "smtp://daybook:secret@mail.example", "MAIL_FROM": "diary@clinic.example"})


@asynccontextmanager
async def stripping_starttls() -> AsyncIterator[tuple[int, bytearray]]:
    """A man in the middle: it offers AUTH but no STARTTLS, and keeps what it hears."""
    heard = bytearray()
    over = asyncio.Event()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail.example ESMTP\r\n")
        with suppress(ConnectionError):
            while line := await reader.readline():
                heard.extend(line)
                writer.write(b"250-mail.example\r\n250 AUTH PLAIN LOGIN\r\n")
        writer.close()
        over.set()

    async with await asyncio.start_server(answer, "127.0.0.1") as server:
        yield server.sockets[0].getsockname()[1], heard
        await over.wait()
