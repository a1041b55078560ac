"""The portal URL: what an administrator types as *URL for Daybook Online*."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, Self
from urllib.parse import SplitResult, urlsplit

from app.i18n import gettext as _

LONGEST = 200
PORTS = {"https": 443, "http": 80}
_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")


@dataclass(frozen=True, slots=True)
class PortalAddress:
    """Scheme, host and port. ``host`` is lower-case ASCII; an IPv6 address stands without its brackets."""

    scheme: Literal["https", "http"]
    host: str
    port: int

    @classmethod
    def parse(cls, typed: str, *, development: bool) -> Self:
        """Read what was typed. Raises ValueError with a sentence that says what to type instead.

        Outside development it is https on port 443: practitioners' passwords and patients' names travel there.
        """
        if "://" not in typed:
            suggestion = _suggestion(typed)
            raise ValueError(
                _("Begin with https://. Did you mean {address}?").format(address=suggestion)
                if suggestion
                else _("Type the whole address, for example https://diary.example.com.")
            )
        parts = _split(typed)
        host = _ascii_host(parts.hostname or "")
        if not host or parts.username is not None or parts.password is not None:
            raise ValueError(_("This is not a web address. One looks like https://diary.example.com."))
        scheme = parts.scheme
        if scheme not in ("https", "http") or (scheme == "http" and not development):
            raise ValueError(
                _("Use https:// so that passwords are encrypted on their way: https://{host}").format(
                    host=host
                )
            )
        port = _port(parts, PORTS[scheme])
        if port != 443 and not development:
            raise ValueError(
                _("Leave out the port: practitioners reach the portal at https://{host}").format(host=host)
            )
        address = cls("https" if scheme == "https" else "http", host, port)
        if parts.path not in ("", "/") or parts.query or parts.fragment:
            raise ValueError(_("Leave out everything after the name: {address}").format(address=address))
        if len(str(address)) > LONGEST:
            raise ValueError(_("This address is too long: at most {count} characters.").format(count=LONGEST))
        return address

    @property
    def netloc(self) -> str:
        """The host as it stands in a URL and in a Host header, with its port unless that is the scheme's own."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"

    def __str__(self) -> str:
        return f"{self.scheme}://{self.netloc}"


def _split(typed: str) -> SplitResult:
    try:
        return urlsplit(typed)
    except ValueError:  # brackets that don't hold an IPv6 address
        return urlsplit("")


def _port(parts: SplitResult, default: int) -> int:
    try:
        port = parts.port
    except ValueError:  # not a number, or too large a one
        port = 0
    if port == 0:
        raise ValueError(_("The port must be a number from 1 to 65535."))
    return port or default


def _ascii_host(host: str) -> str:
    """The host as DNS knows it (an international name in its xn-- form); empty when it can't be one."""
    if ":" in host:
        return host
    try:
        name = host.rstrip(".").encode("idna").decode()
    except UnicodeError:
        return ""
    return name if len(name) <= 253 and all(map(_LABEL.fullmatch, name.split("."))) else ""


def _suggestion(typed: str) -> str:
    """The address that was probably meant, or nothing when even with a scheme it isn't one."""
    host = _ascii_host(_split(f"https://{typed}").hostname or "")
    return f"https://{host}" if "." in host else ""
