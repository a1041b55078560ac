"""Bars in SVG: a picture that needs no library, and is the same for the same numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape

ROW, BAR, HEADING = 22, 14, 34
NAMES, LONGEST, VALUES = 260, 420, 60
WIDTH = NAMES + LONGEST + VALUES
COLOURS = ("#2a78d6", "#1baf7a")


def bars(groups: Mapping[str, Sequence[tuple[str, float]]]) -> str:
    """A group of bars under each heading, all on one scale that begins at zero."""
    most = max(value for group in groups.values() for _name, value in group)
    height = sum(HEADING + ROW * len(group) for group in groups.values()) + ROW
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="sans-serif" '
            'font-size="13" fill="#1f2933">',
            f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
            *_groups(groups, most),
            "</svg>\n",
        )
    )


def _groups(groups: Mapping[str, Sequence[tuple[str, float]]], most: float) -> Iterator[str]:
    top = 0
    for (heading, group), colour in zip(groups.items(), COLOURS, strict=False):
        top += HEADING
        yield f'<text x="10" y="{top - 8}" font-weight="bold">{escape(heading)}</text>'
        for name, value in group:
            length = value / most * LONGEST
            baseline = top + BAR - 2
            yield f'<text x="{NAMES - 8}" y="{baseline}" text-anchor="end">{escape(name)}</text>'
            yield f'<rect x="{NAMES}" y="{top}" width="{length:.1f}" height="{BAR}" rx="2" fill="{colour}"/>'
            yield f'<text x="{NAMES + length + 6:.1f}" y="{baseline}">{value:.2f}</text>'
            top += ROW
