"""What our messages say."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from app.accounts.phones.tickets import new_ticket
from app.clinic.clinic import ClinicSettings
from app.messages.compose import NEEDS, Content, Purpose, compose
from app.messages.gsm7 import septets
from app.messages.tables import Channel
from tests.messages.conftest import PORTAL
from tests.support.html import parse

AT = datetime(2026, 7, 6, 10, 20, tzinfo=UTC)


def composed(purpose: Purpose, clinic: ClinicSettings, **context: str) -> Content:
    content = compose(
        purpose, context, clinic, portal_url=clinic.portal_url, recipient="clara@riverside.example", at=AT
    )
    links = [link.get("href") for link in parse(content.html).all("a")] if content.html else []
    assert [link for link in links if content.text.split().count(link) != 1] == [], (
        "as text it leads elsewhere"
    )
    return content


def test_the_online_login_says_where_who_and_with_what(riverside: ClinicSettings) -> None:
    content = composed(Purpose.ONLINE_LOGIN, riverside, name="Clara Lund", password="hazel-otter-72-quilt")

    assert content.subject == "Your online login for Riverside Physio"
    for expected in (
        "Hello Clara Lund,",
        f"Address: {PORTAL}",
        "User name: clara@riverside.example",
        "Password: hazel-otter-72-quilt",
        "works for 7 days",
        "please ask +44 20 7946 0123",
    ):
        assert expected in content.text
    page = parse(content.html)
    assert page["code"].text == "hazel-otter-72-quilt"
    assert page["a"].get("href") == PORTAL
    assert page["a"].text == "Log in"


def test_a_reissued_password_says_that_the_old_one_is_dead(riverside: ClinicSettings) -> None:
    content = composed(Purpose.ONLINE_LOGIN_REISSUED, riverside, name="Clara Lund", password="quilt")

    assert "The old one no longer works" in content.text
    assert "The old one no longer works" in parse(content.html).text


@pytest.mark.parametrize("purpose", [Purpose.ONLINE_LOGIN, Purpose.ONLINE_LOGIN_REISSUED])
def test_no_subject_holds_the_password(riverside: ClinicSettings, purpose: Purpose) -> None:
    assert "hazel" not in composed(purpose, riverside, name="Clara Lund", password="hazel").subject


def test_names_cannot_put_markup_into_a_mail(riverside: ClinicSettings) -> None:
    content = composed(Purpose.ONLINE_LOGIN, riverside, name="<img src=x>", password="a<b>&c")

    assert "img" not in [element.tag for element in parse(content.html).descendants()]
    assert parse(content.html)["code"].text == "a<b>&c"
    assert "Password: a<b>&c" in content.text


def test_a_mail_asks_for_nothing_from_elsewhere(riverside: ClinicSettings) -> None:
    html = composed(Purpose.ONLINE_LOGIN, riverside, name="Clara Lund", password="quilt").html

    assert html.count("<style>") == 1
    assert not {"src=", "url(", "@import", "<link", "style="} & {
        part for part in ("src=", "url(", "@import", "<link", "style=") if part in html
    }


def test_the_support_contact_comes_before_the_phone(riverside: ClinicSettings) -> None:
    clinic = replace(riverside, support_contact="Sam at the front desk")

    assert (
        "please ask Sam at the front desk."
        in composed(Purpose.ONLINE_LOGIN, clinic, name="Clara Lund", password="quilt").text
    )


def test_the_pin_and_where_to_use_it_come_in_one_text(riverside: ClinicSettings) -> None:
    content = composed(Purpose.MOBILE_LOGIN, riverside, pin="482913", ticket="aTicket-of12")

    assert content.text == (
        "Riverside Physio: your PIN is 482913. Log in with your mobile number within 7 days: "
        "https://portal.riverside.example/m#aTicket-of12"
    )
    assert (content.subject, content.html) == ("", "")


WITH_PIN = [Purpose.MOBILE_LOGIN, Purpose.MOBILE_LOGIN_REISSUED]
WITHOUT_PIN = [
    (Purpose.CREDENTIAL_SHOWN, {"shown": "password", "by": "Ömer Çelik-Featherstonehaugh von Großenhain"}),
    (Purpose.CREDENTIAL_SHOWN, {"shown": "pin", "by": "Šárka Nováková"}),
    (Purpose.PHONE_CODE, {"code": "482913"}),
    (Purpose.CREDENTIAL_CHANGED_TEXT, {"changed": "password"}),
    (Purpose.CREDENTIAL_CHANGED_TEXT, {"changed": "pin_chosen"}),
    (Purpose.DIARY_CHANGED_TEXT, {"changes": "1000", "days": "2026-11-24 2026-11-25"}),
    (Purpose.TEST_TEXT, {}),
]


@pytest.mark.parametrize("purpose", WITH_PIN)
@pytest.mark.parametrize(
    ("name", "host"),
    [
        ("Riverside Physiotherapy and Sports Injury Clinic", "portal.example"),
        ("Cabinet de kinésithérapie « Forêt – Garçon »", "https-portal.riverside-physiotherapy.example"),
        ("Клиника движения", "a-very-long-name-of-a-portal.at-a-very-long-domain.example"),
        ("€[]{}~" * 10, "portal.example"),
    ],
)
def test_a_text_fits_one_segment_whatever_the_clinic_is_called(
    riverside: ClinicSettings, purpose: Purpose, name: str, host: str
) -> None:
    clinic = replace(riverside, name=name, portal_url=f"https://{host}", temporary_secret_days=14)

    text = composed(purpose, clinic, pin="48291357", ticket=new_ticket()).text

    assert septets(text) <= 160
    assert "within 14 days: https://" in text
    assert f"{host}/m#" in text
    assert not text.startswith(":")


@pytest.mark.parametrize(("purpose", "context"), WITHOUT_PIN)
def test_so_do_the_texts_that_hold_no_pin(
    riverside: ClinicSettings, purpose: Purpose, context: dict[str, str]
) -> None:
    clinic = replace(riverside, name="Cabinet de kinésithérapie « Forêt – Garçon », Rive gauche")

    text = composed(purpose, clinic, **context).text

    assert septets(text) <= 160
    assert text.startswith("Cabinet de kin")


def test_no_text_of_ours_goes_uncounted() -> None:
    """What patients get is worded by the clinic, which sees its segments as it writes."""
    ours = {purpose for purpose, (channel, _names) in NEEDS.items() if channel is Channel.TEXT}
    counted = {*WITH_PIN, *(purpose for purpose, _context in WITHOUT_PIN)}
    assert {purpose for purpose in ours - counted if not purpose.startswith("appointment_")} == set()


def test_a_code_ends_with_the_line_by_which_browsers_know_whose_it_is(riverside: ClinicSettings) -> None:
    text = composed(Purpose.PHONE_CODE, riverside, code="482913").text
    assert text.startswith("Riverside Physio: your code is 482913.")
    assert text.endswith("\n\n@portal.riverside.example #482913")


def test_the_longest_clinic_name_keeps_thirty_letters(riverside: ClinicSettings) -> None:
    clinic = replace(riverside, name="Riverside Physiotherapy and Sports Injury Clinic")

    for purpose, told in (
        (Purpose.MOBILE_LOGIN, "your PIN is 482913."),
        (Purpose.MOBILE_LOGIN_REISSUED, "your new PIN is 482913."),
    ):
        text = composed(purpose, clinic, pin="482913", ticket=new_ticket()).text
        assert text.startswith(f"Riverside Physiotherapy and Sp: {told}")
        assert septets(text) <= 160


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ("password", "Your password for Riverside Physio was changed."),
        ("pin", "You were given a new PIN for Riverside Physio; the old one no longer works."),
    ],
)
def test_the_owner_is_told_what_changed_and_when(riverside: ClinicSettings, changed: str, told: str) -> None:
    content = composed(Purpose.CREDENTIAL_CHANGED, riverside, name="Clara Lund", changed=changed)

    assert told in content.text
    assert "When: Monday, 6 July 2026, 11:20" in content.text  # the clinic's wall clock, in summer
    assert "please tell +44 20 7946 0123 at once" in content.text


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ("password_shown", "Sam Reyes made a new password for you at Riverside Physio and saw it"),
        ("pin_shown", "Sam Reyes made a new PIN for you at Riverside Physio and saw it"),
        ("factors_removed", "Sam Reyes removed the passkeys and the authenticator app from your login"),
    ],
)
def test_the_owner_is_told_who_saw_a_secret(riverside: ClinicSettings, changed: str, told: str) -> None:
    content = composed(
        Purpose.CREDENTIAL_CHANGED, riverside, name="Clara Lund", changed=changed, by="Sam Reyes"
    )

    assert told in content.text
    assert told in parse(content.html).text


def test_administrators_are_led_to_the_record_of_whose_login_did_not_arrive(
    riverside: ClinicSettings,
) -> None:
    content = composed(
        Purpose.LOGIN_NOT_DELIVERED,
        riverside,
        name="Sam Reyes",
        whose="Clara Lund",
        channel="email",
        recipient="clara@riverside.example",
        why="the mail server refused this address",
        path="/admin/users/7",
    )

    told = "The e-mail with Clara Lund's password was not delivered: the mail server refused this address."
    assert told in content.text
    assert parse(content.html)["a"].get("href") == f"{PORTAL}/admin/users/7"


def test_whoever_forgot_a_password_is_led_to_the_choice_of_another(riverside: ClinicSettings) -> None:
    content = composed(Purpose.FORGOTTEN_PASSWORD, riverside, name="Clara Lund", path="/login/forgotten/abc")

    assert f"Link: {PORTAL}/login/forgotten/abc" in content.text
    assert "works once, within 30 minutes" in content.text
    assert parse(content.html)["a"].get("href") == f"{PORTAL}/login/forgotten/abc"


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("phone", "with your number and PIN, on a new phone."),
        ("desktop", "with your password, on a new device."),
    ],
)
def test_a_new_device_is_named_and_its_owner_asked(riverside: ClinicSettings, kind: str, told: str) -> None:
    content = composed(
        Purpose.NEW_DEVICE,
        riverside,
        name="Clara Lund",
        kind=kind,
        device="Safari, iPhone",
        path="/new-device/abc",
    )

    assert told in content.text
    assert "Device: Safari, iPhone" in content.text
    assert ("initials" in content.text) == (kind == "phone")
    assert parse(content.html)["a"].get("href") == f"{PORTAL}/new-device/abc"


def test_administrators_learn_both_addresses_of_the_portal(riverside: ClinicSettings) -> None:
    content = composed(
        Purpose.PORTAL_ADDRESS_CHANGED, riverside, name="Sam Reyes", by="Alex Okoro", old="", new=PORTAL
    )

    assert "Alex Okoro has changed the address" in content.text
    assert "Old address: none" in content.text
    assert f"New address: {PORTAL}" in content.text
    assert "a" not in [
        element.tag for element in parse(content.html).descendants()
    ]  # whoever changed it chose it


def test_a_diary_s_owner_reads_when_and_what_has_changed(riverside: ClinicSettings) -> None:
    content = composed(
        Purpose.DIARY_CHANGED,
        riverside,
        name="Anna Marsh",
        changes="2",
        days="2026-11-24",
        lines="Tue 24 Nov, 09:00–09:30\tFollow-up, new\nTue 24 Nov, 14:00–15:00\tSports massage, taken out",
    )

    assert content.subject.startswith("2 changes in ")
    assert "Tue 24 Nov, 09:00–09:30: Follow-up, new" in content.text
    assert [cell.text for cell in parse(content.html).all("td")] == [
        "Follow-up, new",
        "Sports massage, taken out",
    ]
    assert parse(content.html)["a"].get("href") == f"{PORTAL}/diary/day/2026-11-24"
