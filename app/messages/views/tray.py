"""The message tray: in development, what would have been sent, as it looks on the device."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import ipaddress
import re
from typing import Any

from litestar import Controller, Response, get
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from litestar.response import Template

from app import settings
from app.errors import NotFound
from app.i18n import gettext as _
from app.messages.transports import tray
from app.web.hosts import host_name
from app.web.pages import page
from app.web.request import Request

_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)


async def on_this_machine(connection: ASGIConnection[Any, Any, Any, Any], _handler: BaseRouteHandler) -> None:
    """Development only, and only from this machine to this machine: other names for it may be a stranger's."""
    peer = connection.scope["client"]
    host = host_name(connection.headers.get("host", ""))
    if not (settings.current().is_development and peer and _is_loopback(peer[0]) and _is_loopback(host)):
        raise NotFound(_("There is no such page."))


class TrayController(Controller):
    """The tray's list, and each mail's body as a document of its own. No log-in: it holds the first one's secrets."""

    path = "/tray"
    guards = [on_this_machine]

    @get()
    async def show(self, request: Request, newest: str = "") -> Response[None] | Template:
        """The messages, newest first; nothing for a page that asks again and has the newest already."""
        messages = await asyncio.to_thread(tray(settings.current()).messages)
        if messages and messages[0].message.reference == newest:
            return Response(None, status_code=204)
        return page(request, "messages/tray.html", "messages/_tray.html", messages=messages)

    @get("/{reference:str}/body", media_type="text/html")
    async def body(self, reference: str) -> Response[str]:
        """A mail as its reader sees it, under a policy that lets it show nothing but itself. Raises NotFound."""
        kept = await asyncio.to_thread(tray(settings.current()).find, reference)
        if kept is None or not kept.is_mail:
            raise NotFound(_("There is no such message."))
        html = kept.message.html.replace("<head>", '<head><base target="_top">', 1)
        return Response(html, headers={"content-security-policy": _policy(html)})


def _policy(html: str) -> str:
    """Exactly the mail's style blocks, shown in a frame of ours; links lead on, in this window or another."""
    digests = [hashlib.sha256(style.encode()).digest() for style in _STYLE.findall(html)]
    hashes = " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)
    return "; ".join(
        (
            "default-src 'none'",
            f"style-src {hashes}",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'self'",
            "sandbox allow-top-navigation-by-user-activation allow-popups allow-popups-to-escape-sandbox",
        )
    )


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
