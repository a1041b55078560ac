"""Keys: new random ones, and the ones that development keeps in var/."""

from __future__ import annotations

import base64
import os
import secrets
from pathlib import Path

NAMES = ("SECRET_KEY", "AUDIT_KEY", "PEPPERS", "MESSAGE_KEYS")
RINGS = ("PEPPERS", "MESSAGE_KEYS")


def new_keys() -> dict[str, str]:
    """A fresh value for each key variable, as the environment takes it."""
    return {name: ("1:" if name in RINGS else "") + _random() for name in NAMES}


def _random() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


def development_keys(var: Path) -> dict[str, str]:
    """The keys in ``var``/keys.env, made at first use and readable by their owner only."""
    path = var / "keys.env"
    var.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        # Written aside and linked into place, so that of several first starts one wins and none reads half a file.
        aside = var / f"keys.{os.getpid()}.{secrets.token_hex(4)}"
        with open(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.writelines(f"{name}={value}\n" for name, value in new_keys().items())
        try:
            os.link(aside, path)
        except FileExistsError:
            pass
        finally:
            aside.unlink()
    lines = path.read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line)
