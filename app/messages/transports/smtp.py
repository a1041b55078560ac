"""E-mail, by SMTP over TLS: one mail after the other in one conversation, where an error says at which step it came.

A conversation costs a hundred times as much as a mail in it, so it is kept for a moment, until one has failed.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Mapping
from contextlib import suppress
from email.utils import format_datetime
from enum import StrEnum

from aiosmtplib import SMTP, SMTPException, SMTPHeloError, SMTPResponseException

from app.clock import now
from app.i18n import gettext as _
from app.messages.tables import Channel
from app.messages.transports.base import ErrorKind, Outgoing, Provider, TransportError
from app.messages.transports.mime import mail_bytes
from app.settings import SmtpSettings

TOTAL_SECONDS = 55
KEPT_SECONDS = 10
"""How long a conversation waits for another mail: mail servers hang up after minutes."""


class Step(StrEnum):
    """Where in the conversation we are; the first half of an error's code."""

    CONNECT = "connect"
    STARTTLS = "starttls"
    LOGIN = "login"
    SENDER = "sender"
    RECIPIENT = "recipient"
    CONTENT = "content"


class SmtpTransport:
    """Sends through the clinic's mail server.

    It waits so many seconds for an answer, and longer for the one to the mail itself: servers scan it first, and
    giving up early means sending it twice. It keeps a conversation that long for another mail.
    """

    def __init__(
        self,
        settings: SmtpSettings,
        *,
        patience: float = 15,
        patience_for_mail: float = 30,
        keeps: float = 0,
    ) -> None:
        self._settings = settings
        self._patience = patience
        self._patience_for_mail = patience_for_mail
        self._keeps = keeps
        self._kept: list[_Conversation] = []
        self._domain = settings.sender.rpartition("@")[2]
        self._context = ssl.create_default_context()
        if settings.ca_file:
            self._context.load_verify_locations(settings.ca_file)

    async def send(self, message: Outgoing) -> str:
        if not message.recipient.isascii():
            raise TransportError(ErrorKind.PERMANENT, "recipient-not-ascii")
        mail = self._mail(message)
        until = asyncio.get_running_loop().time() + TOTAL_SECONDS
        if not await self._sent_by_kept(message.recipient, mail, until):
            await self._hand_over(self._new(), message.recipient, mail, until)
        return ""

    async def close(self) -> None:
        """End the conversations that wait for another mail."""
        while self._kept:
            await self._kept.pop().end()

    async def _sent_by_kept(self, recipient: str, mail: bytes, until: float) -> bool:
        """Whether a conversation that was kept has taken it. The server may have left any of them meanwhile."""
        while self._kept:
            conversation = self._kept.pop()
            try:
                await self._hand_over(conversation, recipient, mail, until)
            except TransportError as error:
                if error.kind is not ErrorKind.TEMPORARY or conversation.step is not Step.SENDER:
                    raise
            else:
                return True
        return False

    async def _hand_over(
        self, conversation: _Conversation, recipient: str, mail: bytes, until: float
    ) -> None:
        taken = False
        try:
            async with asyncio.timeout_at(until):
                await conversation.open(self._settings)
                await conversation.hand_over(self._settings.sender, recipient, mail, self._patience_for_mail)
            taken = True
        except (SMTPException, OSError) as error:
            raise _classified(conversation.step, error) from None
        finally:
            if not taken:
                conversation.hang_up()
        if self._keeps:
            self._kept.append(conversation)
            conversation.end_after(self._keeps, self._kept)
        else:
            await conversation.end()

    def _new(self) -> _Conversation:
        server = self._settings
        return _Conversation(
            SMTP(
                hostname=server.host,
                port=server.port,
                local_hostname=self._domain,
                timeout=self._patience,
                use_tls=server.security == "tls",
                start_tls=False,  # asked for below: left to itself it goes on in clear when the offer is stripped
                tls_context=self._context,
            )
        )

    def _mail(self, message: Outgoing) -> bytes:
        fields = [
            # The same for every attempt, so that mail servers and clients can tell a repetition.
            ("Message-ID", f"<{message.reference}@{self._domain}>"),
            ("Date", format_datetime(now())),
            ("Auto-Submitted", "auto-generated"),
            ("X-Auto-Response-Suppress", "All"),  # the same for Exchange, which doesn't know RFC 3834
        ]
        if message.unsubscribe:
            fields += [
                ("List-Unsubscribe", f"<{message.unsubscribe}>"),
                ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),  # RFC 8058
            ]
        return mail_bytes(message, self._settings.sender, fields)


class _Conversation:
    """With one server, about one mail after the other; ``step`` is the one it is at."""

    def __init__(self, client: SMTP) -> None:
        self._client = client
        self._wire: asyncio.BaseTransport | None = None
        self._ending: asyncio.Task[None] | None = None
        self.step = Step.CONNECT

    async def open(self, server: SmtpSettings) -> None:
        """Nothing to do where it was kept."""
        if self._ending:
            self._ending.cancel()
        if self._wire:
            return
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

    def end_after(self, seconds: float, kept: list[_Conversation]) -> None:
        """End it then, unless it is taken from those kept before."""

        async def end() -> None:
            await asyncio.sleep(seconds)
            kept.remove(self)
            await self._say_goodbye()

        self._ending = asyncio.create_task(end())

    async def end(self) -> None:
        """End it now."""
        if self._ending:
            self._ending.cancel()
        await self._say_goodbye()

    async def _say_goodbye(self) -> None:
        with suppress(SMTPException, OSError):  # it has the mails: how it says goodbye changes nothing
            await self._client.quit(timeout=1)
        self.hang_up()

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
    open=lambda settings: SmtpTransport(settings.smtp, keeps=KEPT_SECONDS) if settings.smtp else None,
    reasons=reasons,
    stands_back=True,
)
