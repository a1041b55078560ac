"""The project's own files, for the tests that read them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent


def files(*patterns: str) -> list[Path]:
    """Files of ours below the root that fit one of the patterns, without what we only ship."""
    found = {path for pattern in patterns for path in ROOT.glob(pattern) if path.is_file()}
    return sorted(path for path in found if "vendor" not in path.parts)


def lines(path: Path) -> Iterator[tuple[str, str]]:
    """Each line of a file with where it stands, as ``app/clock.py:12``."""
    for number, line in enumerate(path.read_text().splitlines(), start=1):
        yield f"{path.relative_to(ROOT)}:{number}", line
