"""Styles, scripts and pictures: what browsers get of static/, and how often they have to ask."""

from __future__ import annotations

import gzip
import re
from collections.abc import AsyncIterator
from hashlib import sha256

import httpx
import pytest
from litestar import Litestar

from app.settings import ROOT
from app.web.assets import Assets
from app.web.request import Request

STATIC = ROOT / "static"
NAMES = ["app.css", "app.js", "favicon.svg", "icons.svg"]


@pytest.fixture(scope="module")
def assets() -> Assets:
    return Assets.load(STATIC)


@pytest.fixture
async def visitor(assets: Assets) -> AsyncIterator[httpx.AsyncClient]:
    app = Litestar([assets.handler()], request_class=Request, openapi_config=None)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="https://portal.example"
    ) as client:
        yield client


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("app.css", "text/css; charset=utf-8"),
        ("app.js", "text/javascript; charset=utf-8"),
        ("icons.svg", "image/svg+xml"),
        ("favicon.svg", "image/svg+xml"),
    ],
)
async def test_a_file_comes_compressed_and_is_kept_for_ever(
    assets: Assets, visitor: httpx.AsyncClient, name: str, media_type: str
) -> None:
    answer = await visitor.get(assets.url(name))
    assert answer.status_code == 200
    assert answer.headers["content-type"] == media_type
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["vary"] == "Accept-Encoding"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert int(answer.headers["content-length"]) < len(answer.content)


@pytest.mark.parametrize("accepted", ["identity", "", "br", "gzip;q=0", "gzip; q=0.0, *", "*;q=0"])
async def test_a_browser_that_reads_no_gzip_gets_the_same_file_plain(
    assets: Assets, visitor: httpx.AsyncClient, accepted: str
) -> None:
    compressed = await visitor.get(assets.url("app.css"))
    plain = await visitor.get(assets.url("app.css"), headers={"accept-encoding": accepted})
    assert "content-encoding" not in plain.headers
    assert plain.content == compressed.content
    assert plain.headers["etag"] != compressed.headers["etag"]


@pytest.mark.parametrize("accepted", ["gzip", "br, GZIP;q=0.5", "*", "identity;q=0, *;q=0.1"])
async def test_a_browser_that_reads_gzip_gets_gzip(
    assets: Assets, visitor: httpx.AsyncClient, accepted: str
) -> None:
    answer = await visitor.get(assets.url("app.js"), headers={"accept-encoding": accepted})
    assert answer.headers["content-encoding"] == "gzip"


@pytest.mark.parametrize("known", ["{}", "W/{}", '"older", {}', "*"])
async def test_a_browser_that_has_the_file_is_told_so(
    assets: Assets, visitor: httpx.AsyncClient, known: str
) -> None:
    etag = (await visitor.get(assets.url("icons.svg"))).headers["etag"]
    answer = await visitor.get(assets.url("icons.svg"), headers={"if-none-match": known.format(etag)})
    assert answer.status_code == 304
    assert answer.content == b""
    assert answer.headers["etag"] == etag
    assert answer.headers["vary"] == "Accept-Encoding"


async def test_a_browser_with_another_version_gets_the_file(
    assets: Assets, visitor: httpx.AsyncClient
) -> None:
    answer = await visitor.get(assets.url("icons.svg"), headers={"if-none-match": '"older"'})
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "name", ["app.css", "app.000000000000.css", "..%2Fpyproject.toml", "css%2Flayers.css"]
)
async def test_nothing_else_is_answered(visitor: httpx.AsyncClient, name: str) -> None:
    assert (await visitor.get(f"/static/{name}")).status_code == 404


def test_a_name_changes_with_its_content_and_only_then() -> None:
    first = Assets({"app.css": "body { color: red }"}).url("app.css")
    assert first == Assets({"app.css": "body { color: red }"}).url("app.css")
    assert first != Assets({"app.css": "body { color: blue }"}).url("app.css")


def test_a_name_that_does_not_exist_stops_the_template(assets: Assets) -> None:
    with pytest.raises(KeyError):
        assets.url("missing.css")


async def test_styles_stand_in_the_declared_order_each_in_its_layer(
    assets: Assets, visitor: httpx.AsyncClient
) -> None:
    css = (await visitor.get(assets.url("app.css"))).text
    declared = re.findall(r"^@layer ([\w, ]+);", css, re.MULTILINE)
    assert len(declared) == 1
    opened = re.findall(r"^@layer (\w+) {", css, re.MULTILINE)
    order = declared[0].split(", ")
    assert opened == sorted(opened, key=order.index)
    sheets = list((STATIC / "css").glob("*/*.css"))
    assert len(opened) == len(sheets), "a folder beside layers.css is no layer"


async def test_scripts_are_htmx_first_then_each_module_in_its_own_scope(
    assets: Assets, visitor: httpx.AsyncClient
) -> None:
    script = (await visitor.get(assets.url("app.js"))).text
    assert script.startswith((STATIC / "vendor/htmx-4.0.1/htmx.min.js").read_text())
    for module in (STATIC / "js").glob("*.js"):
        assert f'(() => {{\n"use strict";\n{module.read_text()}}})();' in script


def test_what_others_wrote_is_unchanged() -> None:
    """Each vendored folder's README lists its files' SHA-256, as sha256sum prints them."""
    for folder in (STATIC / "vendor").iterdir():
        listed = dict(
            reversed(line.split())
            for line in re.findall(r"[0-9a-f]{64}  \S+", (folder / "README.md").read_text())
        )
        files = {path.name: sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}
        del files["README.md"]
        assert files == listed


async def test_a_first_visit_is_light(assets: Assets, visitor: httpx.AsyncClient) -> None:
    """DESIGN's budget is 60 KB compressed in 8 requests; the page itself and its pictures of today are the rest."""
    sizes = {name: int((await visitor.get(assets.url(name))).headers["content-length"]) for name in NAMES}
    assert sizes["app.js"] <= 30_000
    assert sum(sizes.values()) <= 50_000


async def test_compression_is_reproducible(assets: Assets, visitor: httpx.AsyncClient) -> None:
    """Two processes behind one address must send the same bytes under the same tag."""
    async with visitor.stream("GET", assets.url("app.js")) as answer:
        sent = b"".join([chunk async for chunk in answer.aiter_raw()])
    assert sent == gzip.compress(gzip.decompress(sent), mtime=0)
