"""A page of the diary that follows what happens: it hears of a change, and fetches itself again with its tag."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from litestar import Response

from app.accounts.sessions import LiveSession
from app.clinic.clinic import ClinicSettings
from app.diary.preferences import Preference
from app.diary.shown import Shown
from app.diary.tags import make_tag, read_versions
from app.web.pages import VARY
from app.web.request import Request


@dataclass(frozen=True, slots=True)
class Following:
    """The view as it is now, and how its user likes it. ``address`` is where the page fetches itself again."""

    shown: Shown
    address: str
    tag: str
    preference: Preference
    is_known: bool

    @property
    def headers(self) -> dict[str, str]:
        """What the answer says of itself."""
        return {"etag": f'"{self.tag}"'}

    def unchanged(self) -> Response[Any]:
        """To a page that shows all this already."""
        return Response(None, status_code=304, headers={**VARY, **self.headers})


async def follow(
    request: Request, clinic: ClinicSettings, shown: Shown, address: str | None = None
) -> Following:
    """Read the view's tag, before anything that it stands for: what changes meanwhile is fetched again."""
    session: LiveSession = request.auth
    versions = await read_versions([shown], [session.viewer.user])
    tag = make_tag(shown, session, clinic, versions)
    return Following(
        shown,
        address or shown.address,
        tag,
        versions.preference(session.viewer.user),
        request.headers.get("if-none-match") == f'"{tag}"',
    )
