"""The readers that other tests trust: they see what they are there to see."""

from __future__ import annotations

import pytest

from tests.support.html import parse
from tests.support.page_rules import faults
from tests.support.templates import Skeleton, template, untranslated


def test_words_outside_gettext_are_seen() -> None:
    skeleton = Skeleton(
        '<p>{{ _("Log in") }} and {% trans n=x %}out {{ n }}{% endtrans %}</p>{# note #}<b>{% if x %}now{% endif %}</b>'
    )
    assert [text for _, text in skeleton.texts if text] == ["and", "now"]


def test_words_inside_expressions_are_seen() -> None:
    source = """{{ button("Save", kind="primary") }}{{ _("Fine") }}{% set title = "Title" %}
        {{ ngettext("One", "Two", n) }}{{ "No" if n }}"""
    found = [constant.value for constant in untranslated(template(source))]
    assert found == ["Save", "primary", "Title", "No"]


def test_a_line_is_told_as_it_stands_in_the_template() -> None:
    skeleton = Skeleton("{#- a\ncomment -#}\n{% set x = [\n  1,\n] %}\n<p>{{ x }}</p>\n<i></i>")
    assert [(tag.line, tag.name) for tag in skeleton.tags] == [(6, "p"), (7, "i")]


def test_a_form_has_its_token_only_if_it_asks_for_it() -> None:
    forms = Skeleton('<form method="post">{{ csrf() }}</form><form method="post">{{ csrf }}</form>').forms
    assert [form.has_token for form in forms] == [True, False]


@pytest.mark.parametrize(
    ("html", "fault"),
    [
        ('<p id="a"></p><p id="a"></p>', "the id 'a' stands there 2 times"),
        ('<input name="email">', "<input email> has no label"),
        ('<form method="post" action="/x"></form>', "the form for /x lacks its token"),
        ('<button id="b"><svg></svg></button>', "the button 'b' has no name"),
        ('<p style="color: red"></p>', "an inline style"),
        ('<img src="/x.png">', "an image without alt: /x.png"),
        ("<html><title>x</title><main></main></html>", "0 <h1>"),
    ],
)
def test_a_page_that_breaks_a_rule_is_noticed(html: str, fault: str) -> None:
    assert faults(parse(html)) == [fault]


@pytest.mark.parametrize(
    "html",
    [
        '<label for="e">E-mail</label><input id="e" name="email">',
        '<label>E-mail <input name="email"></label>',
        '<button aria-label="Close"></button>',
        '<form><input type="search" name="q" aria-label="Search"></form>',
    ],
)
def test_a_page_that_keeps_the_rules_is_left_alone(html: str) -> None:
    assert faults(parse(html)) == []


@pytest.mark.parametrize("html", ["<p><b></p></b>", "<div>", "</div>"])
def test_html_that_is_not_well_formed_is_an_error(html: str) -> None:
    with pytest.raises(ValueError, match=r"close"):
        parse(html)


def test_elements_are_found_by_selector() -> None:
    page = parse(
        '<ul class="x y" id="a"><li data-n="1 2">Dr <b>Wu</b>.</li><li hidden>no</li></ul><li>out</li>'
    )
    assert page["ul#a.y li[data-n='1 2']"].text == "Dr Wu."
    assert [item.text for item in page.all("#a li")] == ["Dr Wu.", "no"]
    assert "#a b" in page
    assert "ol li" not in page
    assert page.text == "Dr Wu. out"
    with pytest.raises(LookupError, match="3 elements"):
        page["li"]
