"""Styles, scripts and pictures: joined, hashed and compressed once at start, then answered from memory."""

from __future__ import annotations

import gzip
import re
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Self

from litestar import Response, get
from litestar.exceptions import NotFoundException
from litestar.handlers import HTTPRouteHandler

from app.web.request import Request

PREFIX = "/static"

# A name contains its content's hash, so what it names never changes.
_FOR_EVER = "public, max-age=31536000, immutable"

_MEDIA_TYPES = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}


@dataclass(frozen=True, slots=True)
class Asset:
    """One file as it is sent, plain and compressed."""

    name: str
    digest: str
    media_type: str
    plain: bytes
    gzipped: bytes

    @classmethod
    def build(cls, name: str, content: str) -> Self:
        """The asset that templates call ``name`` and browsers know by its hash, e.g. app.1f00ba4c2d3e.css."""
        body = content.encode()
        digest = sha256(body).hexdigest()[:12]
        path = Path(name)
        return cls(
            name=f"{path.stem}.{digest}{path.suffix}",
            digest=digest,
            media_type=_MEDIA_TYPES[path.suffix],
            plain=body,
            gzipped=gzip.compress(body, mtime=0),
        )

    def answer(self, accept_encoding: str, if_none_match: str) -> Response[bytes]:
        """The file as the browser can read it, or 304 when it has it already."""
        compressed = _accepts_gzip(accept_encoding)
        etag = f'"{self.digest}-gzip"' if compressed else f'"{self.digest}"'
        headers = {
            "Cache-Control": _FOR_EVER,
            "ETag": etag,
            "Vary": "Accept-Encoding",
            "X-Content-Type-Options": "nosniff",
        }
        known = {tag.strip().removeprefix("W/") for tag in if_none_match.split(",")}
        if etag in known or "*" in known:
            return Response(b"", status_code=304, headers=headers)
        if compressed:
            headers["Content-Encoding"] = "gzip"
        body = self.gzipped if compressed else self.plain
        return Response(body, media_type=self.media_type, headers=headers)


class Assets:
    """Everything under static/ that browsers fetch: app.css, app.js and the pictures beside them."""

    def __init__(self, contents: dict[str, str]) -> None:
        built = {name: Asset.build(name, content) for name, content in contents.items()}
        self._urls = {name: f"{PREFIX}/{asset.name}" for name, asset in built.items()}
        self._by_hashed_name = {asset.name: asset for asset in built.values()}

    @classmethod
    def load(cls, static: Path) -> Self:
        """Reads the folder, e.g. the project's static/."""
        pictures = {path.name: path.read_text() for path in sorted(static.glob("*.svg"))}
        return cls({"app.css": _joined_css(static / "css"), "app.js": _joined_js(static), **pictures})

    def url(self, name: str) -> str:
        """Where browsers find that asset; templates call this ``asset``. KeyError when there is none."""
        return self._urls[name]

    def handler(self) -> HTTPRouteHandler:
        """The route that answers /static/<hashed name>."""

        # Kept by caches that others share: nothing of a viewer may enter it, not even a cookie.
        @get(f"{PREFIX}/{{name:str}}", opt={"static": True, "exclude_from_csrf": True})
        async def static_file(name: str, request: Request) -> Response[bytes]:
            try:
                asset = self._by_hashed_name[name]
            except KeyError:
                raise NotFoundException from None
            return asset.answer(
                request.headers.get("accept-encoding", ""), request.headers.get("if-none-match", "")
            )

        return static_file


def _joined_css(folder: Path) -> str:
    """The style sheets in the order that layers.css declares, each in the layer that its folder is named for."""
    declaration = (folder / "layers.css").read_text()
    order = re.search(r"^@layer ([^;]+);", declaration, re.MULTILINE)
    if order is None:
        raise ValueError("static/css/layers.css declares no layers")
    sheets = [
        f"@layer {layer} {{\n{sheet.read_text()}}}\n"
        for layer in order[1].split(", ")
        for sheet in sorted((folder / layer).glob("*.css"))
    ]
    return "\n".join([declaration, *sheets])


def _joined_js(static: Path) -> str:
    """What others wrote, then our modules, each in a scope of its own, as it would have as a separate file."""
    vendored = [script.read_text() for script in sorted(static.glob("vendor/*/*.js"))]
    modules = [
        f'(() => {{\n"use strict";\n{script.read_text()}}})();\n' for script in sorted(static.glob("js/*.js"))
    ]
    return "\n".join([*vendored, *modules])


def _accepts_gzip(accept_encoding: str) -> bool:
    """Whether that header (RFC 9110 §12.5.3) allows gzip; an explicit mention of it outweighs ``*``."""
    choices: dict[str, bool] = {}
    for choice in accept_encoding.lower().split(","):
        coding, _, weight = choice.partition(";")
        choices[coding.strip()] = not re.fullmatch(r"\s*q\s*=\s*0(\.0*)?\s*", weight)
    return choices.get("gzip", choices.get("*", False))
