"""The kinds of field that several slices have, and what people are told of their faults."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Any

import pydantic
import pytest
from pydantic import Field

from app.forms import Email, Form, Mobile, Name, Phone, Version, as_mobile, as_phone, sentence


class Colour(StrEnum):
    RED = "red"


class Everything(Form):
    name: Name = "Anna"
    email: Email = ""
    mobile: Mobile = ""
    country: str = ""
    phone: Phone = ""
    version: Version = 0
    count: Annotated[int, Field(ge=1, le=9)] = 1
    code: Annotated[str, Field(min_length=2, max_length=3)] = "ab"
    colour: Colour = Colour.RED
    day: date = date(2026, 1, 1)


def read(**typed: Any) -> Everything:
    return Everything.model_validate(typed, context={"country": "GB"})


def faults(**typed: Any) -> dict[str, str]:
    with pytest.raises(pydantic.ValidationError) as invalid:
        read(**typed)
    return {str(fault["loc"][0]): sentence(fault) for fault in invalid.value.errors()}


@pytest.mark.parametrize(
    ("field", "typed", "told"),
    [
        ("name", "", "Please fill this in."),
        ("name", " \u200b ", "Please fill this in."),
        ("name", "x" * 81, "Too long: 80 characters at most."),
        ("email", "anna", "This isn't an e-mail address. It looks like name@example.com."),
        ("email", "a" * 250 + "@b.example", "Too long: 254 characters at most."),
        ("mobile", "hello", "This isn't a phone number."),
        ("mobile", "0161 496 0001", "This isn't a mobile number, so it can't receive texts."),
        ("mobile", "07911 123456 x9", "Leave out the extension: texts can't reach one."),
        (
            "phone",
            "0161 1",
            "There is no such number. Check the digits, and the country code if it is abroad.",
        ),
        ("count", "many", "Use a whole number."),
        ("count", "0", "Use 1 or more."),
        ("count", "10", "Use 9 or less."),
        ("code", "a", "Use at least 2 characters."),
        ("code", "abcd", "Too long: 3 characters at most."),
        ("colour", "blue", "Choose one of the options."),
        ("day", "2026-02-30", "That isn't a date or time that exists."),
    ],
)
def test_every_fault_is_a_sentence(field: str, typed: str, told: str) -> None:
    assert faults(**{field: typed}) == {field: told}


def test_all_faults_are_told_at_once() -> None:
    assert faults(name="", email="anna", mobile="1", count="0").keys() == {"name", "email", "mobile", "count"}


@pytest.mark.parametrize("typed", ["Anna@Clinic.Example", "  anna@clinic.example  "])
def test_addresses_are_kept_in_lower_case(typed: str) -> None:
    assert read(email=typed).email == "anna@clinic.example"


@pytest.mark.parametrize(
    "typed",
    ["a@b.co", "o'brien+diary@sub.clinic.example", "zoë@clinic.example", "a@müller.example", "1@2.example"],
)
def test_unusual_addresses_are_addresses(typed: str) -> None:
    assert read(email=typed).email == typed


@pytest.mark.parametrize(
    "typed",
    [
        "a@b",
        "@b.example",
        "a@.example",
        "a@b..example",
        "a b@c.example",
        "a@b.example, c@d.example",
        "<a@b.example>",
        "a@b.example\nBcc: c@d.example",
        "a@b.e",
    ],
)
def test_what_only_looks_like_an_address_is_refused(typed: str) -> None:
    assert "email" in faults(email=typed)


@pytest.mark.parametrize(
    ("typed", "region", "number"),
    [
        ("07911 123456", "GB", "+447911123456"),
        ("+44 (0)7911 123456", "GB", "+447911123456"),
        ("+33 6 12 34 56 78", "GB", "+33612345678"),
        ("06 12 34 56 78", "FR", "+33612345678"),
        ("(212) 736-5000", "US", "+12127365000"),
        ("", "GB", ""),
    ],
)
def test_mobile_numbers_are_kept_in_e164(typed: str, region: str, number: str) -> None:
    assert as_mobile(typed, region) == number


def test_other_numbers_likewise() -> None:
    assert as_phone("0161 496 0000", "GB") == "+441614960000"


def test_a_number_is_read_in_the_country_above_it_else_in_the_clinic_s() -> None:
    assert read(phone="0161 496 0000").phone == "+441614960000"
    assert read(country="FR", phone="01 53 67 50 00").phone == "+33153675000"


@pytest.mark.parametrize(
    ("typed", "version"), [("3", 3), (3, 3), ("", 0), ("x", 0), ("-1", 0), ("9" * 30, 0), ("٣", 0), (None, 0)]
)
def test_a_version_that_cannot_be_read_is_older_than_any(typed: object, version: int) -> None:
    assert read(version=typed).version == version


def test_white_space_at_the_ends_is_dropped_and_unknown_fields_are_ignored() -> None:
    assert read(name="  Anna  Marsh ", _csrf_token="x").name == "Anna Marsh"
