"""E-mail, by SMTP over TLS. A conversation of its own for each mail, so that an error says at which step it came."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Mapping
from contextlib import suppress
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime
from enum import StrEnum

from aiosmtplib import SMTP, SMTPException, SMTPHeloError, SMTPResponseException

from app.clock import now
from app.i18n import gettext as _
from app.messages.tables import Channel
from app.messages.transports.base import ErrorKind, Outgoing, Provider, TransportError
from app.settings import SmtpSettings

TOTAL_SECONDS = 55


class Step(StrEnum):
    """Where in the conversation we are; the first half of an error's code."""

    CONNECT = "connect"
    STARTTLS = "starttls"
    LOGIN = "login"
    SENDER = "sender"
    RECIPIENT = "recipient"
    CONTENT = "content"


# Folded, a long address would become an encoded word, which no mail program looks for in List-Unsubscribe. RFC 5322
# allows lines of that length; the body has its own.
UNFOLDED = SMTP_POLICY.clone(max_line_length=998)


class SmtpTransport:
    """Sends through the clinic's mail server.

    It waits so many seconds for an answer, and longer for the one to the mail itself: servers scan it first, and
    giving up early means sending it twice.
    """

    def __init__(
        self, settings: SmtpSettings, *, patience: float = 15, patience_for_mail: float = 30
    ) -> None:
        self._settings = settings
        self._patience = patience
        self._patience_for_mail = patience_for_mail
        self._domain = settings.sender.rpartition("@")[2]
        self._context = ssl.create_default_context()
        if settings.ca_file:
            self._context.load_verify_locations(settings.ca_file)

    async def send(self, message: Outgoing) -> str:
        if not message.recipient.isascii():
            raise TransportError(ErrorKind.PERMANENT, "recipient-not-ascii")
        server = self._settings
        client = SMTP(
            hostname=server.host,
            port=server.port,
            local_hostname=self._domain,
            timeout=self._patience,
            use_tls=server.security == "tls",
            start_tls=False,  # asked for below: left to itself it goes on in clear when the offer is stripped
            tls_context=self._context,
        )
        conversation = _Conversation(client)
        try:
            async with asyncio.timeout(TOTAL_SECONDS):
                await conversation.open(server)
                await conversation.hand_over(
                    server.sender, message.recipient, self._mail(message), self._patience_for_mail
                )
        except (SMTPException, OSError) as error:
            raise _classified(conversation.step, error) from None
        finally:
            conversation.hang_up()
        return ""

    def _mail(self, message: Outgoing) -> bytes:
        mail = EmailMessage(policy=SMTP_POLICY)
        # The same for every attempt, so that mail servers and clients can tell a repetition.
        mail["Message-ID"] = f"<{message.reference}@{self._domain}>"
        mail["Date"] = format_datetime(now())
        mail["From"] = Address(message.sender_name, addr_spec=self._settings.sender)
        mail["To"] = Address(addr_spec=message.recipient)
        mail["Subject"] = message.subject
        mail["Auto-Submitted"] = "auto-generated"
        mail["X-Auto-Response-Suppress"] = "All"  # the same for Exchange, which doesn't know RFC 3834
        if message.unsubscribe:
            mail["List-Unsubscribe"] = f"<{message.unsubscribe}>"
            mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"  # RFC 8058
        mail.set_content(message.text, cte="quoted-printable")
        mail.add_alternative(message.html, subtype="html", cte="quoted-printable")
        return mail.as_bytes(policy=UNFOLDED)


class _Conversation:
    """With one server, about one mail; ``step`` is the one it is at."""

    def __init__(self, client: SMTP) -> None:
        self._client = client
        self._wire: asyncio.BaseTransport | None = None
        self.step = Step.CONNECT

    async def open(self, server: SmtpSettings) -> None:
        await self._client.connect()
        self._wire = self._client.transport
        if server.security == "starttls":
            self.step = Step.STARTTLS
            await self._client.starttls()
            self._wire = self._client.transport
        if server.username:
            self.step = Step.LOGIN
            await self._client.login(server.username, server.password)

    async def hand_over(self, sender: str, recipient: str, mail: bytes, patience: float) -> None:
        self.step = Step.SENDER
        await self._client.mail(sender)
        self.step = Step.RECIPIENT
        await self._client.rcpt(recipient)
        self.step = Step.CONTENT
        await self._client.data(mail, timeout=patience)
        with suppress(SMTPException, OSError):  # it has the mail: how it says goodbye changes nothing
            await self._client.quit(timeout=1)

    def hang_up(self) -> None:
        """Close at once: over TLS an orderly end would wait for a server that no longer answers."""
        if isinstance(self._wire, asyncio.WriteTransport):
            self._wire.abort()


def _classified(step: Step, error: Exception) -> TransportError:
    if _is_about_tls(error) or _is_about_tls(error.__cause__):
        return TransportError(ErrorKind.CHANNEL, "tls")
    if isinstance(error, SMTPResponseException):
        return TransportError(_kind_of_reply(step, error), f"{step}-{error.code}")
    if step is Step.CONTENT:
        return TransportError(ErrorKind.AMBIGUOUS, "content-unanswered")
    if isinstance(error, OSError):  # refused, dropped, timed out
        return TransportError(ErrorKind.TEMPORARY, f"{step}-lost")
    return TransportError(ErrorKind.CHANNEL, f"{step}-unsupported")


def _is_about_tls(error: BaseException | None) -> bool:
    """A wrong certificate or protocol; a connection that merely ended during the handshake is not."""
    return isinstance(error, ssl.SSLError) and not isinstance(error, ssl.SSLEOFError)


def _kind_of_reply(step: Step, error: SMTPResponseException) -> ErrorKind:
    if not 500 <= error.code <= 599:
        return ErrorKind.TEMPORARY
    before_the_mail = step in (Step.CONNECT, Step.STARTTLS, Step.LOGIN) or isinstance(error, SMTPHeloError)
    if before_the_mail or error.code in (530, 534, 535, 538):  # authentication: RFC 4954
        return ErrorKind.CHANNEL
    return ErrorKind.PERMANENT


def reasons() -> Mapping[str, str]:
    """What the codes mean: the more exact ones come first."""
    return {
        "tls": _("the mail server's certificate can't be trusted"),
        "login": _("the mail server refuses our user name and password"),
        "starttls": _("the mail server offers no encryption"),
        "connect-5": _("the mail server won't speak to us"),
        "connect": _("the mail server can't be reached"),
        "sender": _("the mail server refused our address"),
        "recipient-4": _("the mail server doesn't take mail for this address at the moment"),
        "recipient": _("the mail server refused this address"),
        "content": _("the mail server refused the message"),
    }


PROVIDER = Provider(
    Channel.EMAIL,
    is_set_up=lambda settings: settings.smtp is not None,
    open=lambda settings: SmtpTransport(settings.smtp) if settings.smtp else None,
    reasons=reasons,
    stands_back=True,
)
