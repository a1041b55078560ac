"""/a/<token>: where the link of a message leads. It knows no more of the patient than the message said.

Programs that look through mails open links, so opening one does nothing: only pressing a button does. The token in the
address is what proves a patient; there is no session that another site could abuse, and so no form's token either.
"""

from __future__ import annotations

from typing import Any

from litestar import Controller, Response, get, post

from app.accounts.guards import anyone, once_set_up
from app.clinic.clinic import ClinicSettings
from app.messages.tables import Channel
from app.reminders.answers import Answer, answer, follow, has_stopped, stop
from app.web.headers import UNTOLD
from app.web.pages import page
from app.web.request import Request

UNTRACED = {**UNTOLD, "x-robots-tag": "noindex"}


class AnswerController(Controller):
    """The appointment, and the patient's answer to it; closed while the portal is offline."""

    path = "/a/{token:str}"
    guards = [anyone]
    opt = {"exclude_from_csrf": True}

    @get()
    async def show(self, request: Request, token: str) -> Response[Any]:
        """The appointment as it is now."""
        return await _answer_page(request, token)

    @post(status_code=200)
    async def answer(self, request: Request, clinic: ClinicSettings, token: str) -> Response[Any]:
        """Note what the patient says, and say how it stands then."""
        said = str((await request.form()).get("answer", ""))
        if said in list(Answer):
            await answer(await follow(token), Answer(said), clinic)
        return await _answer_page(request, token)


class StopController(Controller):
    """No more messages of a kind: always open, whatever the portal's status."""

    path = "/a/{token:str}/stop"
    guards = [once_set_up]
    opt = {"exclude_from_csrf": True}

    @get()
    async def show(self, request: Request, token: str, channel: str = "") -> Response[Any]:
        """What pressing the button would do."""
        return await _stop_page(request, token, channel)

    @post(status_code=200)
    async def stop(self, request: Request, token: str, channel: str = "") -> Response[Any]:
        """No more of them; or, by the other button, again. Mail programs post here by themselves (RFC 8058)."""
        linked = await follow(token)
        again = (await request.form()).get("again") == "true"
        await stop(linked, _channel(channel, linked.channel), stop=not again)
        return await _stop_page(request, token, channel)


async def _answer_page(request: Request, token: str) -> Response[Any]:
    linked = await follow(token)
    return page(request, "reminders/answer.html", headers=UNTRACED, token=token, linked=linked)


async def _stop_page(request: Request, token: str, channel: str) -> Response[Any]:
    linked = await follow(token)
    which = _channel(channel, linked.channel)
    return page(
        request,
        "reminders/stop.html",
        headers=UNTRACED,
        token=token,
        channel=which,
        stopped=await has_stopped(linked, which),
    )


def _channel(named: str, otherwise: Channel) -> Channel:
    return Channel(named) if named in list(Channel) else otherwise
