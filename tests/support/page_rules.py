"""What holds for every page a test opens, whatever the test is about."""

from __future__ import annotations

from collections import Counter

from tests.support.html import Element

LABELLED = ("input", "select", "textarea")
SPEAKS_FOR_ITSELF = ("hidden", "submit", "button", "image")


def faults(document: Element) -> list[str]:
    """What is wrong with a page or fragment, one phrase each."""
    elements = list(document.descendants())
    ids = Counter(element.get("id") for element in elements if element.has("id"))
    found = [f"the id {name!r} stands there {times} times" for name, times in ids.items() if times > 1]
    found += [f"<{e.tag} {e.get('name')}> has no label" for e in elements if not _is_labelled(e, document)]
    found += [
        f"the form for {e.get('action')} lacks its token"
        for e in document.all("form")
        if e.get("method").lower() == "post" and "[name=_csrf_token]" not in e
    ]
    found += [f"the {e.tag} {e.get('id')!r} has no name" for e in elements if not _is_named(e)]
    found += ["an inline style" for e in elements if e.has("style") or e.tag == "style"]
    found += [f"an image without alt: {e.get('src')}" for e in document.all("img") if not e.has("alt")]
    if document.all("html"):
        found += [
            f"{len(document.all(tag))} <{tag}>" for tag in ("h1", "main") if len(document.all(tag)) != 1
        ]
        found += ["no title"] if not any(title.children for title in document.all("title")) else []
    return found


def _is_labelled(control: Element, document: Element) -> bool:
    if control.tag not in LABELLED or control.get("type") in SPEAKS_FOR_ITSELF:
        return True
    return (
        control.has("aria-label")
        or control.has("aria-labelledby")
        or any(around.tag == "label" for around in control.ancestors())
        or (control.has("id") and f"label[for={control.get('id')}]" in document)
    )


def _is_named(element: Element) -> bool:
    """Whether a link or button says where it leads or what it does."""
    if element.tag not in ("a", "button") or element.get("aria-hidden") == "true":
        return True
    return bool(element.text or element.get("aria-label") or element.has("aria-labelledby"))
