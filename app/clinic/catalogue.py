"""What a clinic keeps a list of: locations, rooms, types of appointment.

Each is added, changed from the version it was read at, put in order, retired and brought back. Nothing is deleted:
appointments of the past go on naming it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from piccolo.table import Table

from app.audit.record import record
from app.clinic.settings import lock_settings
from app.db import execute, rows, write
from app.db.once import once
from app.errors import Conflict, NotFound
from app.forms import Form, Version
from app.i18n import gettext as _
from app.text import searchable


class CatalogueForm(Form):
    """An item of a list. ``version`` is the one it was read at; a new item has none.

    ``key`` makes sure that a new item is added once, however often the form arrives.
    """

    version: Version = 0
    key: str = ""


class Item(Protocol):
    """An item as it is stored. An active one is offered; one that isn't is retired."""

    @property
    def id(self) -> int: ...
    @property
    def name(self) -> str: ...
    @property
    def active(self) -> bool: ...
    @property
    def version(self) -> int: ...


ItemT = TypeVar("ItemT", bound=Item)


@dataclass(frozen=True)
class Catalogue(Generic[ItemT]):
    """A list, stored in a ``table`` with name, active, position and version, and what else an ``item`` has.

    ``edited`` are the columns of its form. No two active items have the same name, and their positions count, among
    those with the same value in the column ``within``. ``order`` sorts the whole list; ``noun`` names an item in the
    audit.
    """

    table: type[Table]
    item: type[ItemT]
    noun: str
    edited: tuple[str, ...]
    within: str = ""
    order: str = "position, name, id"

    async def items(self) -> list[ItemT]:
        """All of them in order, the retired ones too."""
        return [self.item(**row) for row in await rows(f"{self._select} ORDER BY {self.order}")]

    async def load(self, item: int) -> ItemT:
        """One of them. Raises NotFound."""
        found = await rows(f"{self._select} WHERE id = {{}}", item)
        if not found:
            raise NotFound(_("This isn't in the list."))
        return self.item(**found[0])

    async def create(self, form: CatalogueForm, *, by: int) -> int:
        """Add an item, once for the form's key however often it is sent; its id.

        Raises Conflict next to a name that is taken, and for a key that has added something else; and as ``require``.
        """
        typed = form.model_dump(include=set(self.edited))
        async with once(form.key, typed, actor=f"user:{by}") as earlier:
            if earlier.result is not None:
                return int(earlier.result)
            await lock_settings()  # else two could take the same name at the same moment
            await self.require(typed)
            await self._require_free_name(typed)
            item = await self.insert(typed)
            await self._record("created", item, by)
            earlier.remember(str(item))
        return item

    async def insert(self, values: Mapping[str, Any]) -> int:
        """Store a new item at the end of the list; its id. Neither checked nor audited."""
        created = await self.table.insert(self.table(**values, position=await self._end()))
        return int(created[0]["id"])

    async def change(self, form: CatalogueForm, item: int, *, by: int) -> ItemT:
        """Write it anew; as it then is. Raises Conflict when somebody changed it since it was read, unless to the same,
        and next to a name that is taken; NotFound; and as ``require``.
        """
        typed = form.model_dump(include=set(self.edited))
        async with write():
            await lock_settings()
            before = await self.load(item)
            changed = [name for name in self.edited if getattr(before, name) != typed[name]]
            if not changed:
                return before  # the form was sent twice
            if form.version != before.version:
                raise Conflict(_("Somebody else has changed this meanwhile. Check it and save again."))
            await self.require(typed)
            if before.active:
                await self._require_free_name(typed, but=item)
            assignments = ", ".join(f"{name} = {{}}" for name in changed)
            await execute(
                f"UPDATE {self._name} SET {assignments}, version = version + 1 WHERE id = {{}}",
                *(typed[name] for name in changed),
                item,
            )
            await self._record("changed", item, by, fields=" ".join(changed))
        return await self.load(item)

    async def set_active(self, item: int, active: bool, *, by: int) -> ItemT:
        """Retire it or bring it back; as it then is. Raises Conflict when its name is taken meanwhile; NotFound."""
        async with write():
            await lock_settings()
            before = await self.load(item)
            if before.active == active:
                return before
            if active:
                await self._require_free_name({name: getattr(before, name) for name in self.edited})
            await execute(f"UPDATE {self._name} SET active = {{}} WHERE id = {{}}", active, item)
            await self._record("restored" if active else "retired", item, by)
        return await self.load(item)

    async def put(self, item: int, place: int, *, by: int) -> None:
        """Give it that place, counted from 0, among the active items around it. Raises NotFound."""
        async with write():
            await lock_settings()
            one = await self.load(item)
            beside = [each for each in await self.items() if each.active and self._beside(each, one)]
            others = [each.id for each in beside if each.id != item]
            after = [*others[: max(place, 0)], item, *others[max(place, 0) :]]
            if after == [each.id for each in beside]:
                return
            for position, each in enumerate(after):
                await execute(f"UPDATE {self._name} SET position = {{}} WHERE id = {{}}", position, each)
            await self._record("ordered", item, by)

    async def require(self, typed: Mapping[str, Any]) -> None:
        """Refuse what a list of this kind doesn't take: for those that refer to others."""

    @property
    def _name(self) -> str:
        return self.table._meta.tablename

    @property
    def _select(self) -> str:
        return f"SELECT {', '.join(('id', *self.edited, 'active', 'version'))} FROM {self._name}"

    async def _end(self) -> int:
        (found,) = await rows(f"SELECT COALESCE(MAX(position), -1) + 1 AS position FROM {self._name}")
        return int(found["position"])

    def _beside(self, one: ItemT, other: ItemT) -> bool:
        return not self.within or getattr(one, self.within) == getattr(other, self.within)

    async def _require_free_name(self, typed: Mapping[str, Any], *, but: int = 0) -> None:
        for other in await self.items():
            if not other.active or other.id == but or searchable(other.name) != searchable(typed["name"]):
                continue
            if not self.within or getattr(other, self.within) == typed[self.within]:
                raise Conflict(_("There is one of this name already."), "name")

    async def _record(self, what: str, item: int, by: int, **details: str) -> None:
        await record(f"{self.noun}.{what}", actor=by, subject=self.noun, subject_id=item, **details)
