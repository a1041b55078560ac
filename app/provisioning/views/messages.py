"""/admin/messages: every message with what became of it, and whether the channels work."""

from __future__ import annotations

import hashlib
from typing import Any

from litestar import Controller, Response, get, post

from app.accounts.guards import administrators_only
from app.accounts.logins import Login, logins_of
from app.accounts.user_list import names_of
from app.accounts.viewer import Viewer
from app.clinic.clinic import ClinicSettings
from app.errors import Invalid, NotFound
from app.i18n import gettext as _
from app.messages.history import PostedMessage, load_message
from app.messages.tables import Channel
from app.provisioning.channels import channel_states, send_test, try_again
from app.provisioning.message_list import Search, find_messages
from app.provisioning.secrets import CHANNEL_OF
from app.text import tidy
from app.web.pages import page, see_other
from app.web.request import Request

MESSAGES = "/admin/messages"


class MessageController(Controller):
    """The list, and each message."""

    path = MESSAGES
    guards = [administrators_only]

    @get()
    async def index(self, request: Request, viewer: Viewer, clinic: ClinicSettings) -> Response[Any]:
        """The newest first, narrowed as one chooses."""
        before = _key(request.query_params.get("before", ""))
        return page(
            request,
            "provisioning/messages.html",
            "provisioning/_messages.html",
            **await _listed(viewer, clinic, _search(request), before),
        )

    @get("/news", opt={"watches": True})
    async def news(self, request: Request, viewer: Viewer, clinic: ClinicSettings) -> Response[Any]:
        """What the list asks for again and again; nothing, where it shows the same."""
        listed = await _listed(viewer, clinic, _search(request), None)
        if request.is_partial and listed["seen"] == request.query_params.get("seen"):
            return Response(None, status_code=204)
        return page(request, "provisioning/messages.html", "provisioning/_messages.html", **listed)

    @get("/{message_id:int}")
    async def show(self, request: Request, message_id: int) -> Response[Any]:
        """One message."""
        return await _message_page(request, message_id)

    @get("/{message_id:int}/news", opt={"watches": True})
    async def message_news(self, request: Request, message_id: int) -> Response[Any]:
        """What its page asks for while there is news to come."""
        return await _message_page(request, message_id)


class ChannelController(Controller):
    """The two channels."""

    path = f"{MESSAGES}/channels/{{channel:str}}"
    guards = [administrators_only]

    @post("/test")
    async def send_test(self, request: Request, viewer: Viewer, channel: str) -> Response[Any]:
        """Send the administrator a test."""
        try:
            await send_test(_channel(channel), by=viewer)
        except Invalid as refusal:
            return see_other(request, MESSAGES, notice=refusal.message)
        return see_other(request, MESSAGES)

    @post("/try")
    async def try_again(self, request: Request, viewer: Viewer, channel: str) -> Response[Any]:
        """Try a held channel now."""
        await try_again(_channel(channel), by=viewer)
        return see_other(request, MESSAGES)


def _channel(name: str) -> Channel:
    if name not in list(Channel):
        raise NotFound(_("There is no such page."))
    return Channel(name)


def _search(request: Request) -> Search:
    chosen = {
        name: tidy(request.query_params.get(name, "")) for name in ("q", "state", "channel", "kind", "day")
    }
    return Search(**chosen)


def _key(before: str) -> int | None:
    """The message that the list goes on behind; None, from its top, for what can't be one."""
    return int(before) if before.isdecimal() and len(before) < 10 else None


async def _listed(
    viewer: Viewer, clinic: ClinicSettings, search: Search, before: int | None
) -> dict[str, Any]:
    listed = await find_messages(search, clinic, before=before)
    channels = await channel_states(viewer)
    return {
        "section": "messages",
        "search": search,
        "before": before,
        "messages": listed.found.messages,
        "more": listed.found.more,
        "names": listed.names,
        "channels": channels,
        "seen": _fingerprint(listed, channels),
    }


def _fingerprint(*shown: object) -> str:
    """Changes with anything that is shown."""
    return hashlib.sha256(repr(shown).encode()).hexdigest()[:16]


async def _message_page(request: Request, message_id: int) -> Response[Any]:
    message = await load_message(message_id)
    return page(
        request,
        "provisioning/message.html",
        "provisioning/_message.html",
        section="messages",
        message=message,
        name=(await names_of([message.user])).get(message.user, "") if message.user else "",
        login=await _login_of(message),
    )


async def _login_of(message: PostedMessage) -> Login | None:
    """The login whose secret it brings, unless another message has brought a newer one."""
    if not message.user or not message.carries_a_secret:
        return None
    logins = (await logins_of(message.user)).values()
    return next(
        (
            login
            for login in logins
            if CHANNEL_OF[login.kind] is message.delivery.channel
            and login.delivery
            and login.delivery.message == message.id
        ),
        None,
    )
