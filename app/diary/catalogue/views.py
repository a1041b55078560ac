"""/admin/clinic/types, …/locations and …/rooms: what the diary offers to choose from.

Locations and rooms belong to the clinic slice, which lies too low to know who is an administrator. So their pages stand
here, beside those of the types that they are alike to.
"""

from __future__ import annotations

from typing import Any, ClassVar

from litestar import Controller, Response, get, post

from app.accounts.guards import administrators_only
from app.accounts.tokens import new_token
from app.accounts.viewer import Viewer
from app.clinic.catalogue import Catalogue, CatalogueForm, Item
from app.clinic.premises import LOCATIONS, ROOMS, LocationForm, RoomForm
from app.diary.catalogue.types import TYPES, TypeForm, colour_words, least_used_colour
from app.i18n import gettext as _
from app.web.forms import FormState, blank, read_form
from app.web.pages import page, see_other
from app.web.request import Request


class ClinicController(Controller):
    """*Clinic*: what leads to its pages."""

    path = "/admin/clinic"
    guards = [administrators_only]

    @get()
    async def enter(self, request: Request) -> Response[Any]:
        """Lead on to the first."""
        return see_other(request, TypeController.path)


class CatalogueController(Controller):
    """A list of the clinic's. Each kind of list says which it is, and how its values read."""

    guards = [administrators_only]
    tab: ClassVar[str]
    catalogue: ClassVar[Catalogue[Any]]
    form: ClassVar[type[CatalogueForm]]

    @get()
    async def index(self, request: Request) -> Response[Any]:
        """The list, and what is retired."""
        return await self._list(request)

    @get("/new")
    async def new(self, request: Request) -> Response[Any]:
        """An empty form."""
        return await self._form(request, blank(self.form, **await self._first_values(), key=new_token()))

    @post()
    async def create(self, request: Request, viewer: Viewer) -> Response[Any]:
        """Add it; or say next to each field why not."""
        form = await read_form(request, self.form)
        if await form.apply(self.catalogue.create, by=viewer.user):
            return see_other(request, self.path, notice=_("It is added."))
        return await self._form(request, form)

    @get("/{item:int}")
    async def show(self, request: Request, item: int) -> Response[Any]:
        """The form, filled in."""
        stored = await self.catalogue.load(item)
        values = {name: getattr(stored, name) for name in self.catalogue.edited}
        return await self._form(request, blank(self.form, **values, version=stored.version), stored)

    @post("/{item:int}")
    async def change(self, request: Request, viewer: Viewer, item: int) -> Response[Any]:
        """Store the form; or say why not, and what is stored when somebody else was quicker."""
        form = await read_form(request, self.form)
        if await form.apply(self.catalogue.change, item, by=viewer.user):
            return see_other(request, self.path, notice=_("The change is saved."))
        stored = await self.catalogue.load(item)
        if form.data and form.data.version != stored.version:
            await self._show_both(form, form.data, stored)
        return await self._form(request, form, stored)

    @post("/{item:int}/active")
    async def set_active(self, request: Request, viewer: Viewer, item: int) -> Response[Any]:
        """Retire it or bring it back."""
        active = (await request.form()).get("active") == "true"
        await self.catalogue.set_active(item, active, by=viewer.user)
        notice = _("It is offered again.") if active else _("It is no longer offered.")
        return see_other(request, self.path, notice=notice)

    @post("/{item:int}/place", status_code=200)
    async def put(self, request: Request, viewer: Viewer, item: int) -> Response[Any]:
        """Give it that place in the list. A place, not a direction: pressed twice it is the same place."""
        place = str((await request.form()).get("place", ""))
        if place.isascii() and place.isdigit():
            await self.catalogue.put(item, int(place[:4]), by=viewer.user)
        if not request.is_partial:
            return see_other(request, self.path)
        return await self._list(request)

    async def _context(self) -> dict[str, Any]:
        """What this kind's templates want besides."""
        return {}

    async def _first_values(self) -> dict[str, Any]:
        """What a new one's form begins with."""
        return {}

    async def _names(self) -> dict[str, dict[Any, str]]:
        """What values are called, for fields that don't show them as they are stored."""
        return {}

    async def _list(self, request: Request) -> Response[Any]:
        return page(
            request,
            "clinic/catalogue.html",
            "clinic/_catalogue.html",
            section="clinic",
            tab=self.tab,
            path=self.path,
            items=await self.catalogue.items(),
            **await self._context(),
        )

    async def _form(
        self, request: Request, form: FormState[CatalogueForm], stored: Item | None = None
    ) -> Response[Any]:
        return page(
            request,
            "clinic/item.html",
            "clinic/_item_form.html",
            status=form.status,
            section="clinic",
            tab=self.tab,
            path=self.path,
            form=form,
            stored=stored,
            **await self._context(),
        )

    async def _show_both(self, form: FormState[CatalogueForm], typed: CatalogueForm, stored: Item) -> None:
        """Somebody else saved meanwhile: keep what was typed, and say beside it what is stored where that differs."""
        names = await self._names()
        for name in self.catalogue.edited:
            theirs = getattr(stored, name)
            if theirs != getattr(typed, name):
                shown = names.get(name, {}).get(theirs, theirs)
                form.errors.setdefault(name, _("Now stored: {value}").format(value=shown or _("nothing")))
        form.values = {**form.values, "version": stored.version}


class TypeController(CatalogueController):
    """Types of appointment."""

    path = "/admin/clinic/types"
    tab = "types"
    catalogue = TYPES
    form = TypeForm

    async def _context(self) -> dict[str, Any]:
        return {"colours": colour_words()}

    async def _first_values(self) -> dict[str, Any]:
        return {"colour": least_used_colour(await TYPES.items()), "minutes": 30, "capacity": 1}

    async def _names(self) -> dict[str, dict[Any, str]]:
        return {"colour": colour_words()}


class LocationController(CatalogueController):
    """Locations."""

    path = "/admin/clinic/locations"
    tab = "locations"
    catalogue = LOCATIONS
    form = LocationForm


class RoomController(CatalogueController):
    """Rooms, location by location."""

    path = "/admin/clinic/rooms"
    tab = "rooms"
    catalogue = ROOMS
    form = RoomForm

    async def _context(self) -> dict[str, Any]:
        return {"locations": await LOCATIONS.items()}

    async def _names(self) -> dict[str, dict[Any, str]]:
        locations = {location.id: location.name for location in await LOCATIONS.items()}
        return {"location": locations, "shared": {True: _("ticked"), False: _("not ticked")}}
