"""/events: the stream on which an open page of the diary hears that it is out of date."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import Any

from litestar import Controller, get
from litestar.datastructures import State
from litestar.response import Stream

from app.accounts.guards import LogInFirst, signed_in
from app.accounts.viewer import Viewer
from app.clinic.clinic import ClinicSettings, renderer
from app.diary.days import day_named
from app.diary.pages.live import Feed
from app.diary.pages.shown import Shown, View
from app.errors import NotFound
from app.i18n import gettext as _
from app.web.request import Request

# nginx would collect an answer before it passes it on.
UNBUFFERED = {"x-accel-buffering": "no"}
RECONNECT_AFTER = 1000  # ms, when the connection breaks
OVER = "event: over\ndata:\n\n"


def _over_at_once(_request: Request, _refusal: LogInFirst) -> Stream:
    """A page whose session has ended meanwhile: a stream can't be led to the log-in, but the page can."""
    return Stream(OVER, media_type="text/event-stream", headers=UNBUFFERED)


class EventController(Controller):
    """What open pages listen to. It names no patient: an event's data is the tag that the view has now."""

    path = "/events"
    guards = [signed_in]
    opt = {"watches": True}
    # Typed loosely, like app.web.errors.HANDLERS: the request is always ours.
    exception_handlers: dict[int | type[Exception], Any] = {LogInFirst: _over_at_once}

    @get()
    async def listen(
        self,
        state: State,
        viewer: Viewer,
        clinic: ClinicSettings,
        view: str = "",
        day: str = "",
        practitioner: int | None = None,
    ) -> Stream:
        """The tag of that view at once, at every change, and as a heartbeat; *over* when the session is."""
        if view not in set(View):
            raise NotFound(_("There is no such page."))
        shown = Shown(View(view), day_named(day, renderer(clinic)), practitioner)
        feed: Feed = state.feed
        events = _events(feed.tags(shown, viewer.session))
        return Stream(events, media_type="text/event-stream", headers=UNBUFFERED)


async def _events(tags: AsyncGenerator[str]) -> AsyncIterator[str]:
    yield f"retry: {RECONNECT_AFTER}\n\n"
    async with aclosing(tags):
        async for tag in tags:
            yield f"data: {tag}\n\n"
    yield OVER
