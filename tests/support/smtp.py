"""A real SMTP server on loopback: STARTTLS, implicit TLS or plain, with AUTH, that fails when it is told to.

It runs in a thread of its own, so that it answers whatever the test's event loop is busy with.
"""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections import deque
from dataclasses import dataclass
from email import message_from_bytes, policy
from typing import Literal, Self

from aiosmtpd.smtp import MISSING, SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.support.certificates import Authority
from tests.support.mail import Mail

Security = Literal["starttls", "tls", "plain"]
Stage = Literal["banner", "ehlo", "auth", "mail", "rcpt", "data"]


@dataclass(frozen=True, slots=True)
class Fault:
    """One failure, at the first command of that stage. ``reply`` is the answer; none cuts the connection instead.

    At ``data`` the server has read the mail by then: a cut or a hang there is the ambiguous case, and the mail counts
    as received. One that ``hangs`` goes on, without failing, after ``SmtpServer.release()``.
    """

    stage: Stage
    reply: str | None = None
    hangs: bool = False


CLOSING = Fault("mail", "421 4.3.2 Service shutting down")
REFUSED = Fault("banner", "554 5.7.1 No service for you")
WRONG_PASSWORD = Fault("auth", "535 5.7.8 Authentication credentials invalid")
GREYLISTED = Fault("rcpt", "451 4.7.1 Greylisted, try again later")
NO_SUCH_MAILBOX = Fault("rcpt", "550 5.1.1 No such mailbox")
SENDER_REFUSED = Fault("mail", "550 5.7.1 Sender refused")
CONTENT_REFUSED = Fault("data", "554 5.6.0 Content refused")
CUT_AT_BANNER = Fault("banner")
CUT_AFTER_DATA = Fault("data")
HANG_AFTER_DATA = Fault("data", hangs=True)


class SmtpServer:
    """``with SmtpServer(authority) as server: …``; no ``username`` means that it neither offers nor asks for AUTH."""

    host = "localhost"

    def __init__(
        self,
        authority: Authority,
        security: Security = "starttls",
        *,
        username: str | None = "daybook",
        password: str = "correct horse battery",
        certificate_for: tuple[str, ...] = (),
    ) -> None:
        self.security = security
        self.username = username
        self.password = password
        self.ca_file = authority.ca_file
        self.port = 0
        self.connections = 0
        self.transports: list[asyncio.Transport] = []
        self.mails: list[Mail] = []
        self._faults: deque[Fault] = deque()
        self.released = asyncio.Event()
        self.hangs = threading.Event()
        self._context = authority.server_context(*certificate_for)
        self._arrived = threading.Condition()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="smtp", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self.port = asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(10)
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def fail_next(self, *faults: Fault) -> None:
        """Fail so, in this order, each once; afterwards everything is accepted again."""
        self._faults.extend(faults)

    def reset(self) -> None:
        """Forget the mails and the faults of the last test."""
        self.connections = 0
        self.mails.clear()
        self._faults.clear()
        self.released.clear()
        self.hangs.clear()

    def release(self) -> None:
        """Let the conversations that hang go on."""
        self._loop.call_soon_threadsafe(self.released.set)

    async def hung(self, timeout: float = 10) -> None:
        """Wait until a conversation hangs."""
        if not await asyncio.to_thread(self.hangs.wait, timeout):
            raise TimeoutError(f"no conversation hung within {timeout} s")

    async def received(self, count: int = 1, timeout: float = 10) -> list[Mail]:
        """Wait until that many mails have arrived; returns all of them."""
        return await asyncio.to_thread(self._wait_for, count, timeout)

    async def _listen(self) -> int:
        context = self._context if self.security == "tls" else None
        self._server = await self._loop.create_server(self._connection, "127.0.0.1", 0, ssl=context)
        return int(self._server.sockets[0].getsockname()[1])

    async def _close(self) -> None:
        self._server.close()
        for transport in self.transports:
            transport.abort()
        while others := asyncio.all_tasks() - {asyncio.current_task()}:
            await asyncio.wait(others)
        for _ in range(3):  # an aborted transport closes its socket in one of the loop's next rounds
            await asyncio.sleep(0)

    def _connection(self) -> _Conversation:
        self.connections += 1
        return _Conversation(self, self._loop, self._context if self.security == "starttls" else None)

    def take_fault(self, stage: Stage) -> Fault | None:
        """The fault to show now, if the next one belongs to this stage."""
        if self._faults and self._faults[0].stage == stage:
            return self._faults.popleft()
        return None

    def record(self, mail: Mail) -> None:
        with self._arrived:
            self.mails.append(mail)
            self._arrived.notify_all()

    def _wait_for(self, count: int, timeout: float) -> list[Mail]:
        with self._arrived:
            if not self._arrived.wait_for(lambda: len(self.mails) >= count, timeout):
                raise TimeoutError(f"{len(self.mails)} of {count} mails arrived within {timeout} s")
            return list(self.mails)


class _Conversation(SMTP):
    """One connection. It is its own event handler: aiosmtpd calls the ``handle_…`` methods with itself as server."""

    def __init__(
        self, owner: SmtpServer, loop: asyncio.AbstractEventLoop, context: ssl.SSLContext | None
    ) -> None:
        self._owner = owner
        self._greeted = False
        self._login_refusal: str | None = None
        super().__init__(
            self,
            loop=loop,
            hostname=owner.host,
            tls_context=context,
            auth_require_tls=owner.security == "starttls",
            authenticator=self._check_login,
            enable_SMTPUTF8=True,
        )

    def connection_made(self, transport: asyncio.Transport) -> None:
        self._owner.transports.append(transport)
        super().connection_made(transport)

    async def handle_exception(self, error: Exception) -> str:
        """The client is gone, or doesn't trust us."""
        self.transport.abort()
        return "421 4.3.0 Gone"

    def _check_login(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, login: LoginPassword
    ):
        right = (self._owner.username or "", self._owner.password)
        return AuthResult(
            success=(login.login.decode(), login.password.decode()) == right, handled=False, auth_data=login
        )

    async def push(self, status: str | bytes) -> None:
        if not self._greeted:
            self._greeted = True
            await self._fail("banner")
        await super().push(status)

    async def handle_EHLO(
        self, server, session: Session, envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        if reply := await self._fail("ehlo"):
            return [reply]
        if self._owner.username is None:
            return [line for line in responses if not line.startswith("250-AUTH")]
        return responses

    async def handle_AUTH(self, server, session, envelope, args: list[str]) -> object:
        # A client that is refused tries its next mechanism: it has to hear the same again.
        self._login_refusal = self._login_refusal or await self._fail("auth")
        return self._login_refusal or MISSING

    async def handle_MAIL(
        self, server, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if reply := await self._fail("mail"):
            return reply
        if self._owner.username is not None and not session.authenticated:
            return "530 5.7.0 Authentication required"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope: Envelope, address: str, options: list[str]) -> str:
        if reply := await self._fail("rcpt"):
            return reply
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session: Session, envelope: Envelope) -> str:
        fault = self._owner.take_fault("data")
        if fault is None or fault.reply is None:
            self._owner.record(self._mail(session, envelope))
        return (await self._show(fault) if fault else None) or "250 OK: accepted"

    def _mail(self, session: Session, envelope: Envelope) -> Mail:
        return Mail(
            sender=envelope.mail_from or "",
            recipients=tuple(envelope.rcpt_tos),
            message=message_from_bytes(envelope.original_content or b"", policy=policy.default),
            encrypted=self.transport.get_extra_info("ssl_object") is not None,
            login=session.auth_data.login.decode() if session.authenticated else None,
        )

    async def _fail(self, stage: Stage) -> str | None:
        fault = self._owner.take_fault(stage)
        return await self._show(fault) if fault else None

    async def _show(self, fault: Fault) -> str | None:
        """The reply to give, if any. Comes back only if the conversation goes on after it."""
        if fault.reply is not None and fault.stage != "banner" and not fault.reply.startswith("421"):
            return fault.reply
        if fault.reply is not None:
            await super().push(fault.reply)
            self.transport.close()
        elif fault.hangs:
            self._owner.hangs.set()
            await self._owner.released.wait()
            return None
        else:
            self.transport.abort()
        await self.loop.create_future()  # until the lost connection or the end of the server cancels it
        raise AssertionError("unreachable")
