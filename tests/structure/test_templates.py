"""What every template keeps to, so that the strict content security policy holds and every word can be translated."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from jinja2 import nodes

from tests.support.templates import Skeleton, Tag, template, untranslated
from tests.support.tree import ROOT, files

TEMPLATES = files("templates/**/*.html")
MAILS = {ROOT / "templates/messages/mail.html"}  # mail programs know no style sheets but a mail's own
LETTER = re.compile(r"[^\W\d_]")
# A capital letter that begins a word: what a person reads, as opposed to class names, paths and keys.
PROSE = re.compile(r"(?<![\w-])[A-Z][a-z]+(?![\w-]*[/.:]\w)")
READ_ALOUD = (
    "alt",
    "aria-label",
    "aria-description",
    "aria-roledescription",
    "label",
    "placeholder",
    "title",
)
NAMES = {"Daybook"}  # the product is called so in every language

pytestmark = pytest.mark.parametrize(
    "path", TEMPLATES, ids=[str(path.relative_to(ROOT / "templates")) for path in TEMPLATES]
)


def tags(path: Path) -> list[Tag]:
    return Skeleton(path.read_text()).tags


def places(path: Path, found: list[tuple[int, str]]) -> list[str]:
    return [f"{path.relative_to(ROOT)}:{line}: {what}" for line, what in found]


def test_needs_nothing_that_the_policy_forbids(path: Path) -> None:
    """No inline script or style, and nothing of htmx's that needs eval."""
    wrong: list[tuple[int, str]] = []
    for tag in tags(path):
        if (tag.name == "style" and path not in MAILS) or (
            tag.name == "script" and "src" not in tag.attributes
        ):
            wrong.append((tag.line, f"inline <{tag.name}>"))
        for name, value in tag.attributes.items():
            if name == "style" or name.startswith(("on", "hx-on")):
                wrong.append((tag.line, name))
            if re.match(r"\s*(js|javascript):", value):
                wrong.append((tag.line, f"{name}={value}"))
            if name.startswith("hx-trigger") and "[" in value:
                wrong.append((tag.line, f"a filter in {name}={value}"))
    assert places(path, wrong) == []


def test_takes_nothing_from_another_host(path: Path) -> None:
    wrong = [
        (tag.line, value)
        for tag in tags(path)
        for name, value in tag.attributes.items()
        if name in ("src", "srcset", "poster") or (name == "href" and tag.name in ("link", "use"))
        if re.match(r"\s*(https?:)?//", value)
    ]
    assert places(path, wrong) == []


def test_escapes_everything(path: Path) -> None:
    tree = template(path.read_text())
    wrong = [(node.lineno, f"|{node.name}") for node in tree.find_all(nodes.Filter) if node.name == "safe"]
    wrong += [(node.lineno, "autoescape") for node in tree.find_all(nodes.ScopedEvalContextModifier)]
    assert places(path, wrong) == []


def test_every_form_that_posts_proves_itself(path: Path) -> None:
    """Each has ``csrf()``; one that gets has not, for it would show the token in the address."""
    wrong = [
        (form.tag.line, "csrf()")
        for form in Skeleton(path.read_text()).forms
        if (form.tag.attributes.get("method", "get").lower() == "post") != form.has_token
    ]
    assert places(path, wrong) == []


def test_every_text_can_be_translated(path: Path) -> None:
    skeleton = Skeleton(path.read_text())
    wrong = [(line, text) for line, text in skeleton.texts if LETTER.search(text) and text not in NAMES]
    wrong += [
        (tag.line, f"{name}={value}")
        for tag in skeleton.tags
        for name, value in tag.attributes.items()
        if name in READ_ALOUD and LETTER.search(value)
    ]
    wrong += [
        (constant.lineno, constant.value)
        for constant in untranslated(template(path.read_text()))
        if isinstance(constant.value, str) and PROSE.search(constant.value) and constant.value not in NAMES
    ]
    assert places(path, wrong) == []


def test_works_without_scripts(path: Path) -> None:
    """A link that htmx follows still has its address."""
    wrong = [
        (tag.line, f"<a {' '.join(tag.attributes)}>")
        for tag in tags(path)
        if tag.name == "a" and "href" not in tag.attributes
    ]
    assert places(path, wrong) == []
