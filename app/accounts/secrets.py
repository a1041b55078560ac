"""The secrets people log in with: generated ones, and what is asked of one's own."""

from __future__ import annotations

import re
import secrets
import unicodedata
from itertools import pairwise

from zxcvbn import zxcvbn

from app.errors import Invalid
from app.i18n import gettext as _

# No letter or digit that looks like another one: no 0/O, 1/l/I, 2/Z, 5/S, 8/B; u and v are too alike in some fonts.
UNAMBIGUOUS = "abcdefghjkmnpqrstwxyz34679"
PASSWORD_GROUPS, GROUP_LETTERS = 4, 5
OWN_PASSWORD_MIN, OWN_PASSWORD_MAX = 12, 128
ZXCVBN_READS_AT_MOST = 72
GUESSED_AT_ONCE = 2  # zxcvbn's scores 0 and 1: found within a million tries


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


def check_own_password(password: str, *, field: str, about: list[str]) -> None:
    """Raise Invalid unless this will do as one's own password. ``about``: names and addresses it must not hold.

    Length and unguessability, no composition rules (ASVS 5.0, 6.2.1 to 6.2.8).
    """
    length = len(normal_secret(password))
    if length < OWN_PASSWORD_MIN:
        raise Invalid(_("Use at least {n} characters.").format(n=OWN_PASSWORD_MIN), field)
    if length > OWN_PASSWORD_MAX:
        raise Invalid(_("Use at most {n} characters.").format(n=OWN_PASSWORD_MAX), field)
    words = {word for part in about for word in re.split(r"[\W_]+", part.casefold()) if len(word) >= 4}
    if any(word in password.casefold() for word in words):
        raise Invalid(_("Leave out your name, your e-mail address and the clinic's name."), field)
    if zxcvbn(password[:ZXCVBN_READS_AT_MOST], list(words))["score"] < GUESSED_AT_ONCE:
        raise Invalid(
            _(
                "That one is among the first that would be guessed. Three or four unrelated words make a good one."
            ),
            field,
        )
