"""The arrows of the architecture: asgi → views → verbs → tables → db, clock; between slices downwards only."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path

from piccolo.table import Table

from tests.support.tree import ROOT, files

# Each slice and the slices that it may call.
SLICES = {
    "audit": set(),
    "clinic": {"audit"},
    "messages": {"audit", "clinic"},
    "accounts": {"audit", "clinic", "messages"},
    "oversight": {"audit", "clinic", "messages", "accounts"},
    "portal": {"audit", "clinic", "messages", "accounts"},
    "provisioning": {"audit", "clinic", "messages", "accounts"},
    "diary": {"audit", "clinic", "messages", "accounts"},
    "reminders": {"audit", "clinic", "messages", "accounts", "diary"},
}
# The diary's rooms: each may call those before it. What stands beside them, outside all rooms, is common to them.
ROOMS = (
    "hours",
    "pages",
    "patients",
    "slots",
    "changes",
    "series",
    "booking",
    "appointments",
    "setbacks",
    "notices",
    "catalogue",
)
# What puts the slices together, and so may know all of them.
TOP = {"asgi", "__main__", "commands", "demo", "work"}
# The modules of a slice that speak HTTP. All others are verbs, tables and what these are made of.
HTTP = {"views", "guards", "middleware", "refusals"}


def part_of(module: str) -> str:
    """The slice, package or module directly below app."""
    return [*module.split("."), ""][1]


def room_of(module: str) -> str:
    """The room of the diary that the module stands in, if it does."""
    return [*module.split("."), "", ""][2] if part_of(module) == "diary" and module.count(".") > 2 else ""


def layer_of(module: str) -> str:
    """What the module is inside its slice, or its room there: its own name, or the folder's."""
    return [*module.split("."), "", ""][3 if room_of(module) else 2]


def module_at(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


@cache
def statements() -> tuple[tuple[str, ast.Import | ast.ImportFrom], ...]:
    """Each import statement of the application: (module, statement)."""
    return tuple(
        (module_at(path), node)
        for path in files("app/**/*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Import | ast.ImportFrom)
    )


@cache
def imports() -> tuple[tuple[str, str], ...]:
    """Each import of the application: (module, what it imports, as far as that is a module)."""
    return tuple((module, imported) for module, node in statements() for imported in modules_of(module, node))


def modules_of(module: str, node: ast.Import | ast.ImportFrom) -> Iterator[str]:
    """``from app.web import pages`` imports a module; ``from app.web.pages import page`` a name from one."""
    if isinstance(node, ast.Import):
        yield from (name.name for name in node.names)
        return
    assert node.level == 0, f"{module}: imports are written in full"
    for alias in node.names:
        inner = Path(*f"{node.module}.{alias.name}".split("."))
        is_module = (ROOT / inner).is_dir() or (ROOT / inner).with_suffix(".py").exists()
        yield f"{node.module}.{alias.name}" if is_module else str(node.module)


def imported_tables() -> Iterator[tuple[str, str]]:
    """Each table class that a module imports: (module, the class)."""
    for module, node in statements():
        if isinstance(node, ast.ImportFrom) and layer_of(str(node.module)) == "tables":
            source = import_module(str(node.module))
            names = (alias.name for alias in node.names)
            tables = (name for name in names if issubclass(getattr(source, name), Table))
            yield from ((module, f"{node.module}.{name}") for name in tables)


def ours() -> Iterator[tuple[str, str]]:
    return ((module, imported) for module, imported in imports() if imported.startswith("app."))


def test_slices_import_downwards_only() -> None:
    wrong = [
        f"{module} imports {imported}"
        for module, imported in ours()
        if part_of(imported) in SLICES
        and part_of(module) in SLICES
        and part_of(imported) not in SLICES[part_of(module)] | {part_of(module)}
    ]
    assert wrong == []


def test_rooms_of_the_diary_import_downwards_only() -> None:
    wrong = [
        f"{module} imports {imported}"
        for module, imported in ours()
        if part_of(module) == "diary" and (room := room_of(imported))
        if room_of(module) not in ROOMS[ROOMS.index(room) :]
    ]
    assert wrong == []


def test_only_the_top_puts_slices_together() -> None:
    """The packages and modules below the slices, web and db among them, know none of them."""
    wrong = [
        f"{module} imports {imported}"
        for module, imported in ours()
        if part_of(imported) in SLICES and part_of(module) not in SLICES.keys() | TOP
    ]
    assert wrong == []


def test_nothing_imports_the_top() -> None:
    wrong = [
        f"{module} imports {imported}"
        for module, imported in ours()
        if part_of(imported) in TOP and part_of(module) not in TOP
    ]
    assert wrong == []


def test_verbs_and_tables_know_nothing_of_http() -> None:
    wrong = [
        f"{module} imports {imported}"
        for module, imported in imports()
        if part_of(module) in SLICES
        and layer_of(module) not in HTTP
        and (
            imported.split(".")[0] == "litestar"
            or imported.startswith("app.web")
            or (imported.startswith("app.") and part_of(imported) in SLICES and layer_of(imported) in HTTP)
        )
    ]
    assert wrong == []


def test_nothing_below_the_slices_but_web_knows_litestar() -> None:
    wrong = [
        f"{module} imports {imported}"
        for module, imported in imports()
        if imported.split(".")[0] == "litestar" and part_of(module) not in SLICES.keys() | TOP | {"web"}
    ]
    assert wrong == []


def test_tables_import_tables_only() -> None:
    allowed = ("app.db", "app.clock", "app.settings", "app.keys")
    wrong = [
        f"{module} imports {imported}"
        for module, imported in ours()
        if layer_of(module) == "tables"
        and layer_of(imported) != "tables"
        and not imported.startswith(allowed)
    ]
    assert wrong == []


def test_a_slice_queries_its_own_tables_only() -> None:
    """Another slice's rows are had by its verbs. Tables refer to each other; their enumerations are common words."""
    wrong = [
        f"{module} imports {table}"
        for module, table in imported_tables()
        if layer_of(module) != "tables" and part_of(module) in SLICES and part_of(module) != part_of(table)
    ]
    assert wrong == []
