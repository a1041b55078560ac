"""Answers: pages and their parts, redirects and notices, failures as pages, and the headers on all of them."""

from __future__ import annotations

import pytest

from app.web.headers import CONTENT_SECURITY_POLICY, HEADERS, STRICT_TRANSPORT_SECURITY
from app.web.pages import local_path
from tests.support.client import Client
from tests.support.people import Person, a_clinic, an_administrator, logged_in


@pytest.fixture
async def sam(database: object) -> Person:
    await a_clinic()
    return await an_administrator()


@pytest.fixture
async def admin(sam: Person, client: Client) -> Client:
    return await logged_in(client, sam)


async def test_every_answer_has_its_headers_whoever_gives_it(admin: Client) -> None:
    """Pages and fragments, redirects, and what the router, the form's check and the host's check refuse."""
    token = await admin.token()
    answers = {
        "page": await admin.get("/admin/users"),
        "fragment": await admin.get("/admin/users", headers={"HX-Request-Type": "partial"}),
        "redirect": await admin.get("/"),
        "nowhere": await admin.get("/nowhere"),
        "refused": await admin.get("/admin/users/999"),
        "wrong method": await admin.put("/login", headers={"x-csrftoken": token}),
        "no token": await admin.post("/admin/users"),
        "too large": await admin.post("/admin/users", content=b"x" * 300_000, headers={"x-csrftoken": token}),
        "wrong host": await admin.get("/login", headers={"host": "evil.example"}),
        "health": await admin.get("/health"),
        "no such file": await admin.get("/static/nothing.css"),
    }
    for what, answer in answers.items():
        for name, value in {**HEADERS, "strict-transport-security": STRICT_TRANSPORT_SECURITY}.items():
            assert answer.headers.get(name) == value, f"{what}: {name}"
        assert answer.headers["content-type"].endswith(("charset=utf-8", "/json")) or not answer.content, what
        assert not any(name.startswith("access-control-") for name in answer.headers), what


def test_the_browser_keeps_to_https_for_two_years_on_hosts_below_ours_too() -> None:
    assert STRICT_TRANSPORT_SECURITY == "max-age=63072000; includeSubDomains"


async def test_a_request_is_not_echoed(client: Client, sam: Person) -> None:
    answer = await client.request("TRACE", "/login", headers={"cookie": "a=b"})
    assert answer.status_code == 405
    assert "a=b" not in answer.text


def test_the_policy_lets_nothing_in_that_is_not_ours() -> None:
    directives = dict(part.split(" ", 1) for part in CONTENT_SECURITY_POLICY.split("; "))
    assert directives.pop("default-src") == "'none'"
    assert set(directives.values()) <= {"'self'", "'none'"}
    assert {"script-src", "style-src", "base-uri", "form-action", "frame-ancestors"} <= directives.keys()


async def test_answers_for_htmx_and_for_browsers_are_kept_apart_by_caches(admin: Client) -> None:
    for path in ("/admin/users", "/"):
        vary = (await admin.get(path)).headers["vary"]
        assert {"HX-Request", "HX-Request-Type"} <= {name.strip() for name in vary.split(",")}


async def test_a_failure_is_a_page_that_says_what_to_do(admin: Client) -> None:
    page = await admin.page("/nowhere")
    assert page.status == 404
    assert ".rail" in page, "there are other ways on"
    for words in ("There is no such page", "start again from the diary", "Error 404"):
        assert words in page.text


async def test_a_failure_of_a_part_is_a_fragment_for_the_notices(admin: Client) -> None:
    part = await admin.partial("/admin/users/999")
    assert (part.status, "html" in part) == (404, False)
    assert (part.headers["hx-retarget"], part.headers["hx-reswap"]) == ("#notices", "innerHTML")
    assert "There is no such user." in part.text


async def test_a_notice_is_said_once(admin: Client) -> None:
    answer = await admin.submit("/admin/users", {"name": "Zoë", "practitioner": "true"})
    first = await answer.follow()
    assert "The user is created." in first["#notices"].text
    second = await admin.page(answer.location)
    assert second["#notices"].text == ""


async def test_a_part_of_a_page_does_not_use_the_notice_up(admin: Client) -> None:
    answer = await admin.submit("/admin/users", {"name": "Zoë", "practitioner": "true"})
    await admin.partial("/admin/users")
    assert "The user is created." in (await answer.follow()).text


@pytest.mark.parametrize(
    "forged", ["%3Cscript%3E", "x" * 3000, "{}", "[]", "null", "\x7f", "%7B%22text%22%3A1%7D"]
)
async def test_a_forged_notice_breaks_nothing(admin: Client, forged: str) -> None:
    cookies = f"__Host-notice={forged}; __Host-session={admin.cookies['__Host-session']}"
    page = await admin.page("/admin/users", headers={"cookie": cookies})
    assert page.status == 200
    assert "<script>" not in page.response.text


@pytest.mark.parametrize("path", ["/diary", "/admin/users?q=x&show=current", "/a//b", "/~x", "/%2F"])
def test_a_path_of_this_site_is_one(path: str) -> None:
    assert local_path(path) == path


@pytest.mark.parametrize(
    "path",
    [None, "", "diary", "//x", "/\\x", "https://x", "/a b", "/\x00", "/é", "/\u202e", "/a\r\nb", "/a\x7f"],
)
def test_anything_else_is_none(path: str | None) -> None:
    assert local_path(path) is None
