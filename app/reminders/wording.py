"""A clinic's own words with placeholders: ``{date}`` and the like, each filled once. There is no other syntax."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping

from app.i18n import gettext as _
from app.messages.tables import Channel

LINK = "link"
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


def placeholders(channel: Channel) -> dict[str, str]:
    """What a wording may hold, and what each stands for. An e-mail has its link as a button, so it needs none."""
    named = {
        "name": _("what the patient likes to be called"),
        "date": _("the day"),
        "time": _("when it begins"),
        "practitioner": _("who sees them"),
        "type": _("the type of appointment"),
        "location": _("the location"),
        "address": _("the location’s address"),
        "clinic": _("the clinic’s name"),
        "phone": _("the clinic’s phone number"),
    }
    return named | ({LINK: _("where they can confirm or ask to cancel")} if channel is Channel.TEXT else {})


def fault(wording: str, allowed: Collection[str]) -> str | None:
    """What is wrong with its placeholders, for the person who wrote it; None when nothing is."""
    unknown = [name for name in _PLACEHOLDER.findall(wording) if name not in allowed]
    if unknown:
        text = _("There is no {unknown}. You can use {allowed}.")
        return text.format(unknown=f"{{{unknown[0]}}}", allowed=listed(allowed))
    if "{" in (rest := _PLACEHOLDER.sub("", wording)) or "}" in rest:
        return _("A curly bracket stands alone. They are for placeholders, such as {date}.")
    if _PLACEHOLDER.findall(wording).count(LINK) > 1:
        return _("Use {link} once.")
    return None


def fill(wording: str, values: Mapping[str, str]) -> str:
    """The wording with its placeholders filled. What they are filled with is not looked through again."""
    return _PLACEHOLDER.sub(lambda found: values[found[1]], wording)


def around_link(wording: str) -> tuple[str, str | None]:
    """What stands before the link, and after it; None where there is no link."""
    before, link, after = wording.partition(f"{{{LINK}}}")
    return before, after if link else None


def listed(names: Iterable[str]) -> str:
    """{name}, {date}, {time}"""
    return ", ".join(f"{{{name}}}" for name in names)
