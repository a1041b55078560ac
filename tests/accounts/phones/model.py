"""How the limits of log-ins on phones are meant, told without the application: nothing of it is imported here.

One mobile login, whose PIN has been used, and whoever tries to get in. Moments are seconds from any beginning.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

HOUR, DAY = 3600, 24 * 3600
IN, CODE, WRONG, TOO_MANY = "in", "code", "wrong", "too many"


@dataclass(frozen=True, slots=True)
class Limits:
    """The numbers: the design's, or smaller ones that a short run reaches."""

    network: int = 100
    portal: int = 1_000
    number: int = 10
    since_a_good_one: int = 100
    known_device: int = 5
    codes_an_hour: int = 3
    codes_a_day: int = 6
    code_tries: int = 5
    code_seconds: int = 600


@dataclass(slots=True)
class Window:
    """Counts in a window that begins with its first count."""

    seconds: int
    began: float = float("-inf")
    count: int = 0

    def one_more(self, at: float) -> int:
        if self.began < at - self.seconds:
            self.began, self.count = at, 0
        self.count += 1
        return self.count

    def take_back(self) -> None:
        self.count = max(0, self.count - 1)

    def is_full(self, at: float, limit: int) -> bool:
        return self.began >= at - self.seconds and self.count >= limit


@dataclass(slots=True)
class Browser:
    """``wrong`` counts since its last good log-in; a stranger has never had one. ``code_…`` is of what it may give."""

    known: bool = False
    wrong: int = 0
    code_until: float = 0
    code_tries: int = 0
    code_sent: bool = False


@dataclass(slots=True)
class Model:
    """The login and all that is counted around it."""

    limits: Limits
    networks: dict[str, Window] = field(default_factory=lambda: defaultdict(lambda: Window(HOUR)))
    portal: Window = field(default_factory=lambda: Window(HOUR))
    numbers: dict[str, Window] = field(default_factory=lambda: defaultdict(lambda: Window(DAY)))
    guesses: int = 0  # strangers', since the last good log-in
    checked: int = 0  # strangers' PINs that were looked at, since the last good log-in
    codes: list[float] = field(default_factory=list)

    def tries(self, browser: Browser, network: str, *, own_number: bool, right: bool, at: float) -> str:
        """What a try leads to. A right one is of this login's number."""
        if own_number and browser.known and browser.wrong < self.limits.known_device:
            browser.wrong += 1
            if not right:
                return WRONG
            browser.wrong = self.guesses = self.checked = 0
            return IN
        if self.networks[network].is_full(at, self.limits.network) or self.portal.is_full(
            at, self.limits.portal
        ):
            return TOO_MANY
        self.networks[network].one_more(at)
        self.portal.one_more(at)
        number = "own" if own_number else "another"
        allowed = self.numbers[number].one_more(at) <= self.limits.number
        looked_at = allowed and own_number and self.guesses < self.limits.since_a_good_one
        if looked_at:
            self.guesses += 1
            self.checked += 1
        browser.code_until, browser.code_tries = at + self.limits.code_seconds, 0
        browser.code_sent = looked_at and right and self._code_may_leave(at)
        return CODE

    def gives_code(self, browser: Browser, network: str, *, right: bool, at: float) -> str:
        """What a code leads to; ``right`` is one that was texted for this browser."""
        if at >= browser.code_until or browser.code_tries >= self.limits.code_tries:
            return WRONG
        browser.code_tries += 1
        if not (right and browser.code_sent):
            return WRONG
        browser.known, browser.wrong, browser.code_until = True, 0, 0
        self.guesses = self.checked = 0
        for counted in (self.networks[network], self.portal, self.numbers["own"]):
            counted.take_back()
        return IN

    def _code_may_leave(self, at: float) -> bool:
        in_hour = sum(sent > at - HOUR for sent in self.codes)
        in_day = sum(sent > at - DAY for sent in self.codes)
        if in_hour >= self.limits.codes_an_hour or in_day >= self.limits.codes_a_day:
            return False
        self.codes.append(at)
        return True
