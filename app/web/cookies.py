"""Cookies that no script reads and no other host sets."""

from __future__ import annotations

from litestar.datastructures import Cookie

from app import settings


def cookie_name(name: str) -> str:
    """The full name: with the __Host- prefix, except in development, where plain http would lose it."""
    return name if settings.current().is_development else f"__Host-{name}"


def new_cookie(name: str, value: str, *, max_age: int) -> Cookie:
    """A cookie for the whole site, ``max_age`` seconds long."""
    return Cookie(
        key=cookie_name(name),
        value=value,
        path="/",
        max_age=max_age,
        secure=not settings.current().is_development,
        httponly=True,
        samesite="lax",
    )


def expired_cookie(name: str) -> Cookie:
    """What makes the browser forget the cookie."""
    return new_cookie(name, "", max_age=0)
