"""*Check that it loads*: fetches the portal through its own address, and proves that it reached this installation."""

from __future__ import annotations

import hmac
import ssl
import time
from dataclasses import dataclass

from app.portal.address import PortalAddress
from app.portal.fetch import SECONDS, Answer, FetchFailed, Resolver, fetch, system_resolver
from app.portal.nonce import new_nonce, right_answer
from app.portal.tables import CheckOutcome
from app.settings import Settings

PATH = "/.well-known/daybook/"
KEY = "portal-check"


@dataclass(frozen=True, slots=True)
class CheckResult:
    """How it went and how long it took. ``tls_version`` is empty over plain http and where none was agreed."""

    outcome: CheckOutcome
    milliseconds: int
    tls_version: str


async def check(
    url: str,
    settings: Settings,
    *,
    resolve: Resolver = system_resolver,
    trust: ssl.SSLContext | None = None,
    seconds: float = SECONDS,
) -> CheckResult:
    """Ask the installation behind ``url`` for the answer that only this one knows. Raises nothing."""
    try:
        address = PortalAddress.parse(url, development=settings.is_development)
    except ValueError:  # from before the rules, or from a database that was in development
        return CheckResult(CheckOutcome.UNSAFE, 0, "")
    key = settings.key(KEY)
    nonce = new_nonce(key)
    tls_version = ""
    started = time.perf_counter()
    try:
        found = await fetch(
            address,
            PATH + nonce,
            loopback=settings.is_development,
            resolve=resolve,
            trust=trust,
            seconds=seconds,
        )
        outcome = _judge(found, expected=right_answer(key, nonce), address=address, settings=settings)
        tls_version = found.tls_version
    except FetchFailed as failure:
        outcome = failure.outcome
    return CheckResult(outcome, round((time.perf_counter() - started) * 1000), tls_version)


def _judge(found: Answer, *, expected: str, address: PortalAddress, settings: Settings) -> CheckOutcome:
    if 300 <= found.status < 400:
        return CheckOutcome.REDIRECT
    if found.status != 200 or not hmac.compare_digest(found.body, expected.encode()):
        return CheckOutcome.OTHER_APPLICATION
    if address.host not in (host.strip("[]") for host in settings.allowed_hosts):
        return CheckOutcome.HOST_NOT_ALLOWED
    return CheckOutcome.OK
