"""What an administrator types as URL for Daybook Online."""

from __future__ import annotations

import pytest

from app.portal.address import PortalAddress


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("https://diary.example.com", "https://diary.example.com"),
        ("https://diary.example.com/", "https://diary.example.com"),
        ("HTTPS://Diary.Example.COM.", "https://diary.example.com"),
        ("https://diary.example.com:443", "https://diary.example.com"),
        ("https://physio-münchen.example", "https://xn--physio-mnchen-3ob.example"),
    ],
)
def test_an_address_is_kept_in_its_plain_form(typed: str, address: str) -> None:
    assert str(PortalAddress.parse(typed, development=False)) == address


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("diary.example.com", "Did you mean https://diary.example.com?"),
        ("diary.example.com/login", "Did you mean https://diary.example.com?"),
        ("my portal", "Type the whole address"),
        ("http://diary.example.com", "Use https://"),
        ("ftp://diary.example.com", "Use https://"),
        ("javascript://diary.example.com", "Use https://"),
        ("https://diary.example.com:8443", "Leave out the port"),
        ("https://diary.example.com:0", "The port must be"),
        ("https://diary.example.com:99999", "The port must be"),
        ("https://diary.example.com/book", "Leave out everything after the name: https://diary.example.com"),
        ("https://diary.example.com?x=1", "Leave out everything after the name"),
        ("https://diary.example.com/#top", "Leave out everything after the name"),
        ("https://", "This is not a web address"),
        ("https:///login", "This is not a web address"),
        ("https://user:secret@diary.example.com", "This is not a web address"),
        ("https://diary.example.com\\@elsewhere.example", "This is not a web address"),
        ("https://diary_example.com", "This is not a web address"),
        ("https://-diary.example.com", "This is not a web address"),
        ("https://diary..example.com", "This is not a web address"),
        ("https://" + "a" * 64 + ".example.com", "This is not a web address"),
        ("https://[::1", "This is not a web address"),
        ("https://" + ".".join(["a" * 60] * 4), "too long"),
    ],
)
def test_what_is_no_portal_address_is_refused_with_a_hint(typed: str, said: str) -> None:
    with pytest.raises(ValueError) as refused:
        PortalAddress.parse(typed, development=False)
    assert said in str(refused.value)


@pytest.mark.parametrize("typed", ["http://localhost:8000", "http://[::1]:8000", "https://localhost:8443"])
def test_in_development_plain_http_and_any_port_will_do(typed: str) -> None:
    assert str(PortalAddress.parse(typed, development=True)) == typed
