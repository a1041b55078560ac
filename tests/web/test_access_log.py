"""One line for each request: how it was answered, and nothing of what somebody typed or may open."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.support.client import Client
from tests.support.people import a_clinic, an_administrator, logged_in


@pytest.fixture
async def said(
    database: object, client: Client, capsys: pytest.CaptureFixture[str]
) -> Callable[[], list[str]]:
    """The lines for requests so far."""
    await a_clinic()
    await logged_in(client, await an_administrator())
    return lambda: [line for line in capsys.readouterr().out.splitlines() if "request " in line]


async def test_a_request_is_logged_by_its_route(client: Client, said: Callable[[], list[str]]) -> None:
    await client.get("/setup/a-token-that-opens?next=hidden")
    await client.get("/admin/users", params={"q": "Confidential"})
    await client.get("/nowhere/Confidential")
    lines = said()
    assert len(lines) == 3
    for line, expected in zip(lines, ("/setup/{token}", "/admin/users", "/{address}"), strict=True):
        assert f"route={expected}" in line
    assert not any(
        word in line for line in lines for word in ("a-token-that-opens", "hidden", "Confidential")
    )


async def test_what_the_router_refuses_is_logged_with_its_status(
    client: Client, said: Callable[[], list[str]]
) -> None:
    token = await client.token()
    said()
    await client.put("/login", headers={"x-csrftoken": token})
    await client.post("/login")
    assert [line.partition("status=")[2][:3] for line in said()] == ["405", "403"]
