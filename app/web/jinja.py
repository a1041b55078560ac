"""Jinja, as correct as it comes and in half the time: a page of the diary puts a thousand values down.

Jinja makes a Markup object of each, and finds its own way to a text anew at each ``_()``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, MutableMapping
from functools import lru_cache
from typing import Any

from jinja2 import Environment, nodes
from jinja2.compiler import CodeGenerator, Frame
from markupsafe import Markup, escape

from app.i18n import gettext

_needs_escaping = re.compile("[&<>\"']").search


class QuickCodeGenerator(CodeGenerator):
    """Makes templates call ``put`` for what they put down."""

    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:  # noqa: N802
        """The module of a template."""
        self.writeline(f"from {put.__module__} import put")
        super().visit_Template(node, frame)

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if not frame.eval_ctx.autoescape or frame.eval_ctx.volatile or finalize.src:
            self.fail("every template is escaped, all of it", node.lineno)
        self.write("put(")


class QuickEnvironment(Environment):
    """Templates share its globals instead of each looking at them through a map of its own."""

    code_generator_class = QuickCodeGenerator

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """What is defined in every template."""
        return super().make_globals(d) if d else self.globals


def put(value: Any) -> str:
    """The value as it stands in a page: what ``escape`` makes of it, without an object for what needs no escaping."""
    kind = type(value)
    if kind is str:
        return escape(value) if _needs_escaping(value) else value
    if kind is int:
        return str(value)
    return value if kind is Markup else escape(value)


def remembered(macro: Callable[..., str]) -> Callable[..., str]:
    """The macro for what looks the same whenever it is given the same: no patient in it, and no form's token."""
    return lru_cache(maxsize=256)(macro)


def text(message: str, **values: Any) -> Markup:
    """The text in the reader's language; ``%(name)s`` in it stands for a value, ``%%`` for a per cent sign."""
    if not values:
        return _without_values(message)
    return Markup(gettext(message) % {name: put(value) for name, value in values.items()})  # noqa: S704


@lru_cache(maxsize=2048)
def _without_values(message: str) -> Markup:
    return Markup(gettext(message) % {})  # noqa: S704
