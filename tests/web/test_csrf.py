"""A form that doesn't come from a page of ours is refused, and the page says what to do."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.db import rows
from tests.support.client import Answer, Client
from tests.support.people import (
    a_clinic,
    a_practitioner,
    an_administrator,
    give_password,
    logged_in,
)


@pytest.fixture
async def admin(database: object, client: Client) -> Client:
    await a_clinic()
    return await logged_in(client, await an_administrator())


NEW = {"name": "Ben Osei", "practitioner": "true"}


def refused(answer: Answer) -> bool:
    return (
        answer.status == 403
        and "That form was too old" in answer.text
        and "Go back, reload the page and send it again." in answer.text
    )


@pytest.mark.parametrize("token", [None, "", "guess", "0" * 128, "é"])
async def test_a_missing_or_wrong_token_is_refused(admin: Client, token: str | None) -> None:
    await admin.token()
    typed = NEW if token is None else {**NEW, "_csrf_token": token}
    answer = Answer(admin, await admin.post("/admin/users", data=typed))
    assert refused(answer)
    assert len(await rows("SELECT id FROM staff_user")) == 1


async def test_another_browser_s_token_is_refused(admin: Client, new_client: Callable[..., Client]) -> None:
    other = await new_client().token()
    await admin.token()
    assert refused(Answer(admin, await admin.post("/admin/users", data={**NEW, "_csrf_token": other})))


async def test_a_token_without_its_cookie_is_refused(
    admin: Client, new_client: Callable[..., Client]
) -> None:
    token = await admin.token()
    answer = await new_client().post("/login", data={"email": "x", "password": "y", "_csrf_token": token})
    assert answer.status_code == 403


async def test_htmx_sends_it_in_a_header_and_gets_a_fragment_without_it(admin: Client) -> None:
    token = await admin.token()
    partial = {"HX-Request": "true", "HX-Request-Type": "partial"}
    good = await admin.post(
        "/admin/users", data={**NEW, "key": "1"}, headers={**partial, "x-csrftoken": token}
    )
    assert good.status_code == 204
    bad = Answer(admin, await admin.post("/admin/users", data=NEW, headers=partial))
    assert refused(bad)
    assert (bad.headers["hx-retarget"], "html" in bad) == ("#notices", False)


async def test_every_page_gives_htmx_the_token(admin: Client) -> None:
    page = await admin.page("/admin/users")
    assert await admin.token() in page["body"].get("hx-headers:inherited")


async def test_the_log_in_is_protected_too(database: object, client: Client) -> None:
    """Else another site could log a person in as somebody else."""
    await a_clinic()
    anna = await a_practitioner()
    await give_password(anna)
    await client.token()
    answer = Answer(
        client, await client.post("/login", data={"email": anna.email, "password": "stapler orchid velvet"})
    )
    assert refused(answer)


async def test_the_token_s_cookie_is_read_by_no_script(client: Client, database: object) -> None:
    await a_clinic()
    answer = await client.page("/login")
    [cookie] = [c.lower() for c in answer.headers.get_list("set-cookie") if c.startswith("__Host-csrf=")]
    assert {"secure", "httponly", "samesite=lax", "path=/"} <= set(cookie.split("; "))
