"""Templates put values down as Jinja's own way would, only sooner."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import DictLoader, StrictUndefined
from jinja2.exceptions import UndefinedError
from markupsafe import Markup, escape

from app.jinja import QuickEnvironment, put, remembered, text


def rendered(source: str, **values: object) -> str:
    environment = QuickEnvironment(
        loader=DictLoader({"page": source}), autoescape=True, undefined=StrictUndefined
    )
    environment.globals.update({"_": text, "remembered": remembered})
    return environment.get_template("page").render(values)


@given(st.one_of(st.text(), st.text().map(Markup), st.integers(), st.dates(), st.none(), st.booleans()))
def test_a_value_is_put_down_as_escaping_would(value: object) -> None:
    assert put(value) == str(escape(value))


def test_what_a_template_is_given_is_escaped_wherever_it_stands() -> None:
    source = (
        """{% macro said(name) %}<b>{{ name }}</b>{% endmacro %}{{ said(name) }} {{ "<" ~ name }} {{ day }}"""
    )
    assert rendered(source, name="<i>", day=date(2026, 11, 23)) == "<b>&lt;i&gt;</b> &lt;&lt;i&gt; 2026-11-23"


def test_what_a_template_lacks_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        rendered("{{ nothing }}")


def test_a_text_takes_values_that_are_escaped_and_doubled_per_cent_signs() -> None:
    assert rendered("""{{ _("%(who)s <b>", who=name) }}""", name="<i>") == "&lt;i&gt; <b>"
    assert rendered("""{{ _("100 %%") }}""") == "100 %"


def test_a_remembered_macro_runs_once_for_each_of_its_arguments() -> None:
    numbers: Iterator[int] = iter(range(9))
    source = (
        "{% macro counted(name) %}{{ name }}{{ next(numbers) }} {% endmacro %}"
        "{% set counted = remembered(counted) %}{{ counted('a') }}{{ counted('b') }}{{ counted('a') }}"
    )
    assert rendered(source, next=next, numbers=numbers) == "a0 b1 a0 "
