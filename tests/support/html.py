"""Reads the HTML that a page sent, so that a test can ask it what a person would see.

It is strict where browsers forgive: an element that is left open or closed out of order is an error.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from html.parser import HTMLParser

VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
INLINE = frozenset("a abbr b bdi code em i kbd mark q s small span strong sub sup time u var wbr".split())
UNSEEN = frozenset("script style template title".split())


@dataclass(slots=True, eq=False)
class Element:
    """An element. ``page["#users tr.current a[href]"]`` is the one that fits, ``page.all(…)`` each."""

    tag: str
    attributes: dict[str, str]
    parent: Element | None = field(default=None, repr=False)
    children: list[Element | str] = field(default_factory=list, repr=False)

    @property
    def text(self) -> str:
        """What a person reads in it, white space folded."""
        return " ".join("".join(_strings(self)).split())

    def __getitem__(self, selector: str) -> Element:
        """The only element inside that fits. Raises LookupError when there is none, or more than one."""
        found = self.all(selector)
        if len(found) != 1:
            raise LookupError(f"{len(found)} elements fit {selector!r} in <{self.tag}>: {self.text[:300]!r}")
        return found[0]

    def __contains__(self, selector: str) -> bool:
        """Whether an element inside fits."""
        return bool(self.all(selector))

    def all(self, selector: str) -> list[Element]:
        """The elements inside that fit, in order. Known: tag, #id, .class, [name], [name=value], descent by a space."""
        *above, last = _simple(selector)
        return [e for e in self.descendants() if last.fits(e) and _descends(e, above)]

    def get(self, name: str, otherwise: str = "") -> str:
        """An attribute's value; empty for one without a value."""
        return self.attributes.get(name, otherwise)

    def has(self, name: str) -> bool:
        """Whether it has the attribute."""
        return name in self.attributes

    def descendants(self) -> Iterator[Element]:
        """Every element inside, in the order of the page."""
        waiting = self.children[::-1]
        while waiting:
            child = waiting.pop()
            if isinstance(child, Element):
                yield child
                waiting += child.children[::-1]

    def ancestors(self) -> Iterator[Element]:
        """The elements around it, nearest first."""
        above = self.parent
        while above:
            yield above
            above = above.parent


def _strings(element: Element) -> Iterator[str]:
    for child in element.children:
        if isinstance(child, str):
            yield child
        elif child.tag not in UNSEEN and not child.has("hidden"):
            space = "" if child.tag in INLINE else " "
            yield space
            yield from _strings(child)
            yield space


class _Simple:
    """A selector for one element, such as ``input.wide[name=email]``."""

    PARTS = re.compile(r"""(?:^([a-z][\w-]*))|\#([\w-]+)|\.([\w-]+)|\[([\w:-]+)(?:=["']?([^]"']*)["']?)?]""")

    def __init__(self, selector: str) -> None:
        parts = list(self.PARTS.finditer(selector))
        if "".join(part[0] for part in parts) != selector:
            raise ValueError(f"can't read the selector {selector!r}")
        self.tag = next((part[1] for part in parts if part[1]), None)
        self.classes = {part[3] for part in parts if part[3]}
        self.values = {part[4]: part[5] for part in parts if part[4]}
        if ids := [part[2] for part in parts if part[2]]:
            self.values["id"] = ids[0]

    def fits(self, element: Element) -> bool:
        return (
            self.tag in (None, element.tag)
            and (not self.classes or self.classes <= set(element.get("class").split()))
            and all(
                element.has(name) and value in (None, element.get(name))
                for name, value in self.values.items()
            )
        )


@lru_cache(maxsize=512)
def _simple(selector: str) -> list[_Simple]:
    """The parts of a selector, outermost first."""
    return [_Simple(part) for part in re.findall(r"(?:\[[^]]*]|[^\s[])+", selector)]


def _descends(element: Element, above: list[_Simple]) -> bool:
    """Whether ancestors fit these selectors, outermost first."""
    ancestors = element.ancestors()
    return all(any(simple.fits(ancestor) for ancestor in ancestors) for simple in reversed(above))


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = self.open = Element("document", {})

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, self.open)
        self.open.children.append(element)
        if tag not in VOID:
            self.open = element

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag != self.open.tag or self.open.parent is None:
            raise ValueError(f"line {self.getpos()[0]}: </{tag}> closes <{self.open.tag}>")
        self.open = self.open.parent

    def handle_data(self, data: str) -> None:
        self.open.children.append(data)


def parse(html: str) -> Element:
    """The document, or the fragment, as an element around it. Raises ValueError when it isn't well formed."""
    builder = _Builder()
    builder.feed(html)
    builder.close()
    if builder.open is not builder.root:
        raise ValueError(f"<{builder.open.tag}> is never closed")
    return builder.root
