"""Was it you? Answered by the link in an e-mail, from one's own desktop, or by an administrator who knows."""

from __future__ import annotations

from typing import Any

from litestar import Controller, Response, get, post

from app.accounts.guards import administrators_only, at_own_account, once_set_up
from app.accounts.new_devices import NewDevice, confirm, device_of_link, phone_of, refuse
from app.accounts.viewer import Viewer
from app.errors import NotFound
from app.i18n import gettext as _
from app.web.headers import UNTOLD
from app.web.pages import local_path, page, see_other
from app.web.request import Request


class NewDeviceController(Controller):
    """The link, which works while the portal is offline too, and for nobody's session. Opening it changes nothing."""

    path = "/new-device/{token:str}"
    guards = [once_set_up]

    @get()
    async def show(self, request: Request, token: str) -> Response[Any]:
        """The question."""
        device = await device_of_link(token)
        return page(request, "accounts/new_device.html", headers=UNTOLD, device=device, token=token)

    @post("/confirm")
    async def confirm(self, request: Request, token: str) -> Response[Any]:
        """*That was me.*"""
        device = await device_of_link(token)
        await confirm(device, by=None)
        return see_other(request, f"/new-device/{token}")

    @post("/not-me", status_code=200)
    async def refuse(self, request: Request, token: str) -> Response[Any]:
        """*Not me*: the link is used up by it."""
        device = await device_of_link(token)
        await refuse(device)
        return page(request, "accounts/device_refused.html", device=device)


class OwnPhoneController(Controller):
    """The same from one's own desktop: never from a phone, which might be the one that is in question."""

    path = "/account/phones/{device:int}"
    guards = [at_own_account]

    @post("/confirm")
    async def confirm(self, request: Request, viewer: Viewer, device: int) -> Response[Any]:
        """*That was me.*"""
        await confirm(await _own_phone(viewer, device), by=viewer.user)
        return see_other(request, "/account", notice=_("Your phone shows names now."))

    @post("/not-me", status_code=200)
    async def refuse(self, request: Request, viewer: Viewer, device: int) -> Response[Any]:
        """*Not me*."""
        phone = await _own_phone(viewer, device)
        await refuse(phone)
        return page(request, "accounts/device_refused.html", device=phone)


class UserPhoneController(Controller):
    """An administrator vouches for somebody's new phone. Whoever comes from the wizard is led back there (``from``)."""

    path = "/admin/users/{user_id:int}/phones/{device:int}"
    guards = [administrators_only]

    @post("/confirm")
    async def confirm(self, request: Request, viewer: Viewer, user_id: int, device: int) -> Response[Any]:
        """*It is theirs.*"""
        await confirm(await phone_of(user_id, device), by=viewer.user)
        back = local_path(request.query_params.get("from")) or f"/admin/users/{user_id}"
        return see_other(request, back, notice=_("The phone is confirmed: it shows names now."))


async def _own_phone(viewer: Viewer, device: int) -> NewDevice:
    if viewer.on_phone:
        raise NotFound(_("Confirm it on your computer, or by the link in our e-mail."))
    return await phone_of(viewer.user, device)
