"""Reads templates as they stand: the HTML around Jinja, and the words inside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser

from jinja2 import Environment, nodes

HOLE = "\ue000"  # stands in the HTML where a template puts a value; no text of ours has this character
TOKEN_FIELD = '<input type="hidden" data-csrf>'
CLASS_BLOCKS = (["block", "shape"],)  # blocks that a layout puts into a class attribute
ENVIRONMENT = Environment(extensions=["jinja2.ext.i18n"], trim_blocks=True, lstrip_blocks=True)


def skeleton(source: str) -> str:
    """The template's HTML, line by line, with holes for values and translated blocks, and without other blocks."""
    html: list[str] = []
    tag: list[str] = []
    until = ""  # the name of the block's end up to which nothing of it counts
    for _, kind, value in ENVIRONMENT.lex(source):
        if kind == "data":
            html.append(_newlines(value) if until else value)
            continue
        html.append(_newlines(value))
        if kind in ("block_begin", "variable_begin"):
            tag = []
        elif kind in ("name", "operator"):
            tag.append(value)
        elif kind == "variable_end" and not until:
            html.append(TOKEN_FIELD if tag[:2] == ["csrf", "("] else f" {HOLE} ")
        elif kind == "block_end" and tag[0] == until:
            until = ""
        elif kind == "block_end" and (tag[0] == "trans" or tag[:2] in CLASS_BLOCKS):
            until = f"end{tag[0]}"
            html.append(HOLE)
    return "".join(html)


def _newlines(text: str) -> str:
    return "\n" * text.count("\n")


@dataclass(frozen=True, slots=True)
class Tag:
    """A start tag."""

    line: int
    name: str
    attributes: dict[str, str]


@dataclass(slots=True)
class Form:
    """A form, and whether it carries the token that proves it to be ours."""

    tag: Tag
    has_token: bool = False


class Skeleton(HTMLParser):
    """What a template's HTML is made of. Forgiving, for both sides of a condition stand in it."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[Tag] = []
        self.forms: list[Form] = []
        self.texts: list[tuple[int, str]] = []
        self.feed(skeleton(source))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = Tag(self.getpos()[0], tag, {name: value or "" for name, value in attrs})
        if "data-csrf" in found.attributes:
            self.forms[-1].has_token = True
            return
        self.tags.append(found)
        if tag == "form":
            self.forms.append(Form(found))

    def handle_data(self, data: str) -> None:
        if self.cdata_elem is None:  # neither script nor style
            self.texts.append((self.getpos()[0], data.replace(HOLE, "").strip()))


def template(source: str) -> nodes.Template:
    """The template's syntax tree, in which ``trans`` blocks are calls of gettext."""
    return ENVIRONMENT.parse(source)


def untranslated(node: nodes.Node) -> Iterator[nodes.Const]:
    """The constants below a node that no call of gettext takes as its text."""
    for child in node.iter_child_nodes():
        if isinstance(child, nodes.Const):
            yield child
        elif not (isinstance(child, nodes.Call) and _is_gettext(child.node)):
            yield from untranslated(child)


def _is_gettext(callee: nodes.Node) -> bool:
    return isinstance(callee, nodes.Name) and callee.name in ("_", "gettext", "ngettext")
