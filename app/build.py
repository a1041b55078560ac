"""Which build this is: pages made by another one are out of date, whatever the database says."""

from __future__ import annotations

from functools import cache
from hashlib import sha256

from app.settings import ROOT


@cache
def build_id() -> str:
    """A digest of the code, the templates and what browsers fetch, the same in every process that runs them."""
    digest = sha256()
    for folder in ("app", "templates", "static"):
        for path in sorted((ROOT / folder).rglob("*.*")):
            if path.is_file() and path.suffix != ".pyc":
                digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
