"""The secrets people log in with: generated ones, and what is asked of one's own."""

from __future__ import annotations

import re
import secrets
import unicodedata
from itertools import pairwise

from zxcvbn import zxcvbn

from app.i18n import gettext as _

# No letter or digit that looks like another one: no 0/O, 1/l/I, 2/Z, 5/S, 8/B; u and v are too alike in some fonts.
UNAMBIGUOUS = "abcdefghjkmnpqrstwxyz34679"
PASSWORD_GROUPS, GROUP_LETTERS = 4, 5
OWN_PASSWORD_MIN, OWN_PASSWORD_MAX = 12, 128
GUESSED_AT_ONCE = 2  # below this are zxcvbn's scores 0 and 1: found within a million tries
# zxcvbn tries every way to read signs as letters. Its time grows with their kinds as 2ⁿ: five cost it a second.
SIGNS_FOR_LETTERS, SIGNS_READ_AT_MOST = set("@({[<!|$+%"), 2
ZXCVBN_READS_AT_MOST = 40


def new_password() -> str:
    """A password that can be read from a screen and typed: 20 letters, 94 random bits, in four groups."""
    groups = (
        "".join(secrets.choice(UNAMBIGUOUS) for _ in range(GROUP_LETTERS)) for _ in range(PASSWORD_GROUPS)
    )
    return "-".join(groups)


def new_pin(digits: int, mobile: str) -> str:
    """A uniform PIN, except those that people guess first: runs, repeats, years and the number's own digits."""
    while True:
        pin = "".join(secrets.choice("0123456789") for _ in range(digits))
        if not is_guessable_pin(pin, mobile):
            return pin


def is_guessable_pin(pin: str, mobile: str) -> bool:
    """Whether a PIN is one of those that are guessed first."""
    steps = {(int(b) - int(a)) % 10 for a, b in pairwise(pin)}
    return (
        len(steps) == 1  # 111111, 123456, 987654, 135791
        or len(set(pin)) <= 2
        or pin == pin[: len(pin) // 2] * 2
        or re.search(r"(19|20)\d\d", pin) is not None
        or pin[-4:] in mobile
        or pin[:4] in mobile
    )


def normal_secret(secret: str) -> str:
    """The form in which a secret is hashed, so that é is the same however a keyboard makes it."""
    return unicodedata.normalize("NFC", secret)


def check_own_password(password: str, *about: str) -> None:
    """Raise ValueError, with what to tell the person, unless this will do as their own password.

    ``about``: names and addresses that it must not hold. Length and unguessability count, there are no rules of
    composition (ASVS 5.0, 6.2.1 to 6.2.8). Takes up to a quarter of a second of thinking.
    """
    length = len(normal_secret(password))
    if length < OWN_PASSWORD_MIN:
        raise ValueError(_("Use at least {n} characters.").format(n=OWN_PASSWORD_MIN))
    if length > OWN_PASSWORD_MAX:
        raise ValueError(_("Use at most {n} characters.").format(n=OWN_PASSWORD_MAX))
    words = {word for part in about for word in re.split(r"[\W_]+", part.casefold()) if len(word) >= 4}
    if any(word in password.casefold() for word in words):
        raise ValueError(_("Leave out your name, your e-mail address and the clinic's name."))
    if _is_guessed_at_once(password, words):
        raise ValueError(
            _(
                "That one is among the first that would be guessed. Three or four unrelated words make a good one."
            )
        )


def check_own_pin(pin: str, digits: int, mobile: str) -> None:
    """Raise ValueError, with what to tell the person, unless this will do as their own PIN."""
    if not re.fullmatch(rf"[0-9]{{{digits}}}", pin):
        raise ValueError(_("Use {n} digits.").format(n=digits))
    if is_guessable_pin(pin, mobile):
        raise ValueError(_("That one is among the first that would be guessed. Mix the digits more."))


def _is_guessed_at_once(password: str, words: set[str]) -> bool:
    if len(SIGNS_FOR_LETTERS & set(password)) > SIGNS_READ_AT_MOST:
        return False
    found = zxcvbn(password[:ZXCVBN_READS_AT_MOST], list(words))
    return int(found["score"]) < GUESSED_AT_ONCE
