"""Reading forms: every field's error at once, next to its field, and what was typed kept."""

from __future__ import annotations

import unicodedata
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar

import pydantic
from pydantic_core import ErrorDetails

from app.errors import Refusal
from app.forms import Form
from app.i18n import gettext as _
from app.i18n import ngettext
from app.web.request import Request

F = TypeVar("F", bound=Form)
R = TypeVar("R")
P = ParamSpec("P")


@dataclass(slots=True)
class FormState(Generic[F]):
    """What was typed, what it means (``data``, when all of it could be read) and what is wrong with it."""

    values: Mapping[str, Any]
    data: F | None = None
    errors: dict[str, str] = field(default_factory=dict)
    status: int = 200

    @property
    def is_valid(self) -> bool:
        """Whether ``data`` is there and nothing was refused."""
        return self.data is not None and not self.errors

    def refuse(self, refusal: Refusal) -> None:
        """Say no, next to the field that the refusal names or above the form."""
        self.errors[refusal.field or ""] = refusal.message
        self.status = refusal.status

    async def apply(
        self, verb: Callable[Concatenate[F, P], Awaitable[R]], *args: P.args, **kwargs: P.kwargs
    ) -> R | None:
        """Call ``verb(data, …)`` if the form could be read. A refusal becomes an error of the form, and None."""
        if self.data is None or self.errors:
            return None
        try:
            return await verb(self.data, *args, **kwargs)
        except Refusal as refusal:
            self.refuse(refusal)
            return None


_PLAIN_SENTENCES = {
    "int_parsing": _("Use a whole number."),
    "literal_error": _("Choose one of the options."),
    "enum": _("Choose one of the options."),
}


def blank(_form: type[F], **values: Any) -> FormState[F]:
    """A form of that type, not sent yet, filled with ``values``."""
    return FormState(values=values)


async def read_form(request: Request, form: type[F]) -> FormState[F]:
    """What the request's body says, checked. Never raises for bad input: look at ``is_valid``."""
    sent = await request.form()
    typed = {
        name: unicodedata.normalize("NFC", value) for name, value in sent.items() if isinstance(value, str)
    }
    try:
        return FormState(values=typed, data=form.model_validate(typed, context=request.form_context))
    except pydantic.ValidationError as invalid:
        errors: dict[str, str] = {}
        for fault in invalid.errors(include_url=False):
            name = str(fault["loc"][0]) if fault["loc"] else ""
            errors.setdefault(name, sentence(fault))
        return FormState(values=typed, errors=errors, status=422)


def sentence(fault: ErrorDetails) -> str:
    """What to tell a person about pydantic's error. A validator's own words (ValueError) stay as they are."""
    kind, limits = fault["type"], fault.get("ctx", {})
    if kind == "value_error":
        return str(limits["error"])
    if kind == "missing" or limits.get("min_length") == 1:
        return _("Please fill this in.")
    if kind == "string_too_short":
        low = limits["min_length"]
        return ngettext("Use at least {n} character.", "Use at least {n} characters.", low).format(n=low)
    if kind == "string_too_long":
        high = limits["max_length"]
        too_long = ngettext("Too long: {n} character at most.", "Too long: {n} characters at most.", high)
        return too_long.format(n=high)
    if kind == "greater_than_equal":
        return _("Use {n} or more.").format(n=limits["ge"])
    if kind == "less_than_equal":
        return _("Use {n} or less.").format(n=limits["le"])
    if kind.startswith(("date_", "time_")):
        return _("That isn't a date or time that exists.")
    return _PLAIN_SENTENCES.get(kind) or _("That can't be used here.")
