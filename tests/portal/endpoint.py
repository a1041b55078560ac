"""Something that listens on loopback and answers as the test says: what the check may find behind an address."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from typing import Self

Reply = Callable[[str], bytes | None]
"""From the request's path to the raw answer; None answers nothing and keeps the connection open."""


class Endpoint:
    """``async with Endpoint(reply, context) as endpoint``; with a server context it speaks TLS."""

    def __init__(self, reply: Reply, context: ssl.SSLContext | None = None) -> None:
        self.port = 0
        self.connections = 0
        self.requests: list[str] = []
        self.server_names: list[str | None] = []
        self._reply = reply
        self._context = context
        self._conversations: set[asyncio.Task[None]] = set()
        if context is not None:
            context.sni_callback = lambda _socket, name, _context: self.server_names.append(name)

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._converse, "127.0.0.1", 0, ssl=self._context)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for conversation in self._conversations:
            conversation.cancel()
        await asyncio.gather(*self._conversations, return_exceptions=True)

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._conversations.add(task)
        self.connections += 1
        try:
            request = (await reader.readuntil(b"\r\n\r\n")).decode()
            self.requests.append(request)
            reply = self._reply(request.split(" ")[1])
            if reply is None:
                await asyncio.Event().wait()
            else:
                writer.write(reply)
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the other side had seen enough
        finally:
            writer.transport.abort() if writer.transport.is_closing() else writer.close()


def http(status: str, body: bytes | str = b"", *headers: str) -> bytes:
    """An HTTP/1.1 answer."""
    content = body.encode() if isinstance(body, str) else body
    head = "".join(f"{header}\r\n" for header in (*headers, f"Content-Length: {len(content)}"))
    return f"HTTP/1.1 {status}\r\n{head}\r\n".encode() + content


def always(answer: bytes) -> Reply:
    """The same answer to everything."""
    return lambda _path: answer


def silent(_path: str) -> None:
    """No answer at all."""
