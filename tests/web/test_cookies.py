"""Cookies: bound to our host by their name, except in development, where plain http would lose such a one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.settings import Settings, use
from app.web.cookies import cookie_name, expired_cookie, new_cookie


@pytest.mark.parametrize(
    ("environment", "name", "secure"), [("production", "__Host-x", True), ("development", "x", False)]
)
def test_a_cookie_is_as_strict_as_its_surroundings_allow(
    settings: Settings, environment: str, name: str, secure: bool
) -> None:
    use(replace(settings, environment=environment))
    cookie = new_cookie("x", "value", max_age=60)
    assert cookie_name("x") == cookie.key == name
    assert (cookie.secure, cookie.httponly, cookie.samesite, cookie.path) == (secure, True, "lax", "/")
    assert (cookie.domain, cookie.max_age) == (None, 60)


def test_forgetting_names_the_same_cookie(settings: Settings) -> None:
    use(settings)
    kept, forgotten = new_cookie("x", "value", max_age=60), expired_cookie("x")
    assert (forgotten.key, forgotten.path, forgotten.secure) == (kept.key, kept.path, kept.secure)
    assert (forgotten.value, forgotten.max_age) == ("", 0)
