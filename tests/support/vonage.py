"""Vonage's Messages API as the application sees it: a TLS endpoint on loopback that fails when it is told to.

Where ``VONAGE_SPEC`` names Vonage's own OpenAPI description, every request is held against it.
"""

from __future__ import annotations

import asyncio
import json
import socket
import ssl
import threading
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from uuid import uuid4

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.support.certificates import Authority
from tests.support.vonage_description import OUTBOUND_TEXT, violations
from tests.support.vonage_webhooks import Webhooks


@dataclass(frozen=True, slots=True)
class Answer:
    """One scripted answer. ``status`` 0 gives none: the connection is cut, or kept waiting when ``hangs``."""

    status: int
    title: str = ""
    retry_after: int | None = None
    hangs: bool = False


UNAUTHORIZED = Answer(401, "You did not provide correct credentials.")
LOW_BALANCE = Answer(402, "Low balance")
FORBIDDEN = Answer(403, "Forbidden")
INVALID = Answer(422, "Invalid params")
THROTTLED = Answer(429, "Rate Limit Hit", retry_after=30)
INTERNAL_ERROR = Answer(500, "Internal error")
UNAVAILABLE = Answer(503, "Service unavailable", retry_after=60)
CUT = Answer(0)
HANG = Answer(0, hangs=True)


@dataclass(frozen=True, slots=True)
class Text:
    """A text that the endpoint was asked to send; ``message_uuid`` is what it answered."""

    body: dict[str, Any]
    message_uuid: str = field(default_factory=lambda: str(uuid4()))

    @property
    def to(self) -> str:
        return str(self.body["to"])

    @property
    def text(self) -> str:
        return str(self.body["text"])


class Vonage:
    """``with Vonage(authority) as vonage: …``; the attributes are what the application's settings must name.

    ``texts`` are those it accepted, or had read before it cut the connection or hung; ``requests`` counts all.
    """

    def __init__(self, authority: Authority) -> None:
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.private_key = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ).decode()
        self.application_id = str(uuid4())
        self.webhooks = Webhooks(self.application_id)
        self.ca_file = authority.ca_file
        self.requests = 0
        self.connections: list[socket.socket] = []
        self.texts: list[Text] = []
        self.violations: list[str] = []
        self.stopping = threading.Event()
        self._public_key = key.public_key()
        self._answers: deque[Answer] = deque()
        self._arrived = threading.Condition()
        self._endpoint = _Endpoint(self, authority.server_context())
        self._thread = threading.Thread(target=self._endpoint.serve_forever, name="vonage", daemon=True)

    @property
    def api_host(self) -> str:
        """Host and port, as the SDK's option of that name takes them."""
        return f"localhost:{self._endpoint.server_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopping.set()
        self._endpoint.shutdown()
        self._endpoint.server_close()
        self._thread.join()

    def answer_next(self, *answers: Answer) -> None:
        """Answer so, in this order, each once; afterwards every text is accepted again."""
        self._answers.extend(answers)

    def hang_up(self) -> None:
        """End the connections that wait for another request."""
        for connection in self.connections:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def reset(self) -> None:
        """Forget the texts and the answers of the last test."""
        self.requests = 0
        self.connections.clear()
        self.texts.clear()
        self.violations.clear()
        self._answers.clear()

    async def received(self, count: int = 1, timeout: float = 10) -> list[Text]:
        """Wait until that many texts have arrived; returns all of them."""
        return await asyncio.to_thread(self._wait_for, count, timeout)

    def _wait_for(self, count: int, timeout: float) -> list[Text]:
        with self._arrived:
            if not self._arrived.wait_for(lambda: len(self.texts) >= count, timeout):
                raise TimeoutError(f"{len(self.texts)} of {count} texts arrived within {timeout} s")
            return list(self.texts)

    def take(self, authorization: str, body: Any) -> tuple[Answer, Text]:
        """What to answer to this request, and the text that it stands for."""
        text = Text(body)
        with self._arrived:
            self.requests += 1
            answer = self._answers.popleft() if self._answers else self._check(authorization, body)
            if answer.status in (0, 202):
                self.texts.append(text)
                self._arrived.notify_all()
        return answer, text

    def _check(self, authorization: str, body: Any) -> Answer:
        try:
            claims = jwt.decode(
                authorization.removeprefix("Bearer "),
                self._public_key,
                algorithms=["RS256"],
                options={"require": ["application_id", "iat", "jti", "exp"]},
            )
        except jwt.InvalidTokenError:
            return UNAUTHORIZED
        if claims["application_id"] != self.application_id:
            return UNAUTHORIZED
        found = violations(OUTBOUND_TEXT, body)
        self.violations.extend(found)
        return INVALID if found else Answer(202)


class _Endpoint(ThreadingHTTPServer):
    def __init__(self, vonage: Vonage, context: ssl.SSLContext) -> None:
        super().__init__(("127.0.0.1", 0), _Request)
        self.vonage = vonage
        # The handshake waits for the connection's own thread: here it would hold up all others.
        self.socket = context.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that gives up or distrusts the certificate is part of the tests."""


class _Request(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Endpoint

    def setup(self) -> None:
        super().setup()
        self.server.vonage.connections.append(self.connection)

    def do_POST(self) -> None:
        content = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path != "/v1/messages":
            self.send_error(404)
            return
        vonage = self.server.vonage
        answer, text = vonage.take(self.headers.get("Authorization", ""), json.loads(content))
        if answer.hangs:
            vonage.stopping.wait()
        if answer.status:
            self._send(answer, text)
        else:
            self.close_connection = True

    def _send(self, answer: Answer, text: Text) -> None:
        body = {"message_uuid": text.message_uuid} if answer.status == 202 else error_body(answer)
        content = json.dumps(body).encode()
        self.send_response(answer.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        if answer.retry_after is not None:
            self.send_header("Retry-After", str(answer.retry_after))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Silence: the tests look at what was recorded."""


def error_body(answer: Answer) -> dict[str, str]:
    """What Vonage says with an error. A 401 is described with ``details`` but shown with ``detail``: here both."""
    body = {
        "type": "https://developer.vonage.com/api-errors/messages",
        "title": answer.title,
        "detail": "An explanation that nobody should store",
        "instance": uuid4().hex,
    }
    return body | {"details": body["detail"]} if answer.status == 401 else body
