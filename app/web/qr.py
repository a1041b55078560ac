"""QR codes."""

from __future__ import annotations

import segno
from markupsafe import Markup


def qr_code(text: str) -> Markup:
    """The text's code as SVG: black on white whatever the page's colours, with the quiet zone that cameras need."""
    code = segno.make(text, error="m", micro=False)
    drawing = code.svg_inline(border=4, svgclass="qr", lineclass=None, omitsize=True, light="#fff")
    return Markup(drawing)  # noqa: S704 - the text is in it as modules, never as letters
