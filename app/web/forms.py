"""Reading forms: every field's error at once, next to its field, and what was typed kept."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar

import pydantic

from app.errors import Refusal
from app.forms import Form, sentence
from app.text import clean
from app.web.request import Request

F = TypeVar("F", bound=Form)
R = TypeVar("R")
P = ParamSpec("P")


@dataclass(slots=True)
class FormState(Generic[F]):
    """What was typed, what it means (``data``, when all of it could be read) and what is wrong with it.

    ``refusal`` is the verb's, when it said no.
    """

    values: Mapping[str, Any]
    data: F | None = None
    errors: dict[str, str] = field(default_factory=dict)
    status: int = 200
    refusal: Refusal | None = None

    @property
    def is_valid(self) -> bool:
        """Whether ``data`` is there and nothing was refused."""
        return self.data is not None and not self.errors

    def refuse(self, refusal: Refusal) -> None:
        """Say no, next to the field that the refusal names or above the form."""
        self.errors[refusal.field or ""] = refusal.message
        self.status = refusal.status
        self.refusal = refusal

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


def blank(_form: type[F], **values: Any) -> FormState[F]:
    """A form of that type, not sent yet, filled with ``values``."""
    return FormState(values=values)


async def read_form(request: Request, form: type[F]) -> FormState[F]:
    """What the request's body says, checked. Never raises for bad input: look at ``is_valid``."""
    return _checked(request, form, await request.form())


def read_query(request: Request, form: type[F]) -> FormState[F]:
    """The same for what stands in the address, where a form that only looks things up puts it."""
    return _checked(request, form, request.query_params)


def _checked(request: Request, form: type[F], sent: Mapping[str, Any]) -> FormState[F]:
    typed = {name: clean(value) for name, value in sent.items() if isinstance(value, str)}
    try:
        return FormState(values=typed, data=form.model_validate(typed, context=request.form_context))
    except pydantic.ValidationError as invalid:
        errors: dict[str, str] = {}
        for fault in invalid.errors(include_url=False):
            name = str(fault["loc"][0]) if fault["loc"] else ""
            errors.setdefault(name, sentence(fault))
        return FormState(values=typed, errors=errors, status=422)
