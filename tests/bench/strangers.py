"""Devices that nobody knows, at the doors of a clinic whose logins can fail in every way."""

from __future__ import annotations

import http.client
import re
import time
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urlencode

from app.accounts.forms import UserForm
from app.accounts.hashing import hash_secret
from app.accounts.tables import Credential, CredentialKind, User
from app.accounts.users import insert_user
from app.clock import now
from app.settings import use
from tests.bench.clinic import Bench, build, using
from tests.bench.meter import Measured
from tests.bench.serve import HOST, bench_settings

SECRETS = {CredentialKind.PASSWORD: "stapler orchid velvet", CredentialKind.PIN: "204957"}
WRONG = {CredentialKind.PASSWORD: "not the password", CredentialKind.PIN: "918273"}
AT_ONCE = 50
FAILURES = ("unknown", "wrong", "expired", "disabled", "locked")


@dataclass(frozen=True, slots=True)
class Site:
    """Where the server is reached, and the token that every form must have."""

    host: str
    port: int
    token: str


@dataclass(slots=True)
class Stranger:
    """A device in a network of its own, which has loaded the form that it sends."""

    number: int
    site: Site
    address: str = field(init=False)

    def __post_init__(self) -> None:
        self.address = f"127.{1 + self.number // 40_000}.{self.number // 200 % 200}.{1 + self.number % 200}"

    def log_in(self, kind: CredentialKind, name: str, secret: str) -> tuple[int, float]:
        """The answer's status, and the milliseconds that it took."""
        if kind is CredentialKind.PASSWORD:
            return self._post("/login", email=name, password=secret)
        return self._post("/m", mobile=name, pin=secret)

    def _post(self, path: str, **typed: str) -> tuple[int, float]:
        connection = http.client.HTTPConnection(
            self.site.host, self.site.port, source_address=(self.address, 0)
        )
        body = urlencode({"_csrf_token": self.site.token, **typed})
        headers = {
            "Host": HOST,
            "Cookie": f"__Host-csrf={self.site.token}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        connection.connect()
        began = time.perf_counter()
        connection.request("POST", path, body, headers)
        answer = connection.getresponse()
        answer.read()
        took = (time.perf_counter() - began) * 1000
        connection.close()
        return answer.status, took


def site_of(server: Measured) -> Site:
    """How strangers reach that server."""
    found = re.search("__Host-csrf=([^;]+)", server.cookie)
    assert found
    return Site(server.connection.host, server.connection.port, found[1])


def name_of(kind: CredentialKind, who: str) -> str:
    """Under what that member of staff logs in, or who is nobody would."""
    if kind is CredentialKind.PASSWORD:
        return f"{who}@riverside.example"
    staff = [*FAILURES, *colleagues()]
    return f"+447911123{staff.index(who):03}"


def colleagues() -> list[str]:
    """Those who have nothing wrong with their logins."""
    return [f"user{n}" for n in range(AT_ONCE)]


async def staffed(url: str) -> Bench:
    """The clinic, whose staff of fifty have passwords and PINs, and one each whose log-in fails in its own way."""
    bench = await build(url)
    use(bench_settings(url))
    async with using(url):
        for who in [*colleagues(), *FAILURES[1:]]:
            email, mobile = (name_of(kind, who) for kind in (CredentialKind.PASSWORD, CredentialKind.PIN))
            user = await insert_user(
                UserForm(name=who, email=email, mobile=mobile, enabled_for_online=True, practitioner=True),
                by=None,
            )
            for kind, secret in SECRETS.items():
                hashed = await hash_secret(kind, user, secret)
                await Credential.insert(
                    Credential(
                        user=user,
                        kind=kind,
                        secret_hash=hashed.secret_hash,
                        pepper=hashed.pepper,
                        temporary=who == "expired",
                        issued_at=now() - timedelta(days=30),
                    )
                )
            if who == "disabled":
                await User.update({User.enabled_for_online: False}).where(User.id == user)
    return bench
