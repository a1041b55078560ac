"""The users' list: who works here, and how their logins stand."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from app.accounts.logins import login_state
from app.db import rows
from app.text import like_pattern

LISTED_AT_MOST = 200


@dataclass(frozen=True, slots=True)
class ListedUser:
    """A line of the list. A login is empty where there is none, else as ``login_state`` has it."""

    id: int
    name: str
    practitioner: bool
    front_desk: bool
    administrator: bool
    enabled_for_online: bool
    online_login: str
    mobile_login: str


async def list_users(search: str = "", *, current: bool = True) -> list[ListedUser]:
    """Users by name whose name, e-mail or number contains ``search``."""
    found = await rows(
        f"""
        SELECT u.id, u.name, u.practitioner, u.front_desk, u.administrator, u.enabled_for_online,
               p.id AS p_id, p.temporary AS p_temporary, p.first_used_at AS p_used,
               p.stopped_at AS p_stopped, n.stopped_at AS n_stopped,
               n.id AS n_id, n.temporary AS n_temporary, n.first_used_at AS n_used
        FROM staff_user u
        LEFT JOIN credential p ON p."user" = u.id AND p.kind = 'password'
        LEFT JOIN credential n ON n."user" = u.id AND n.kind = 'pin'
        WHERE u.current = {{}} AND u.search LIKE {{}} ESCAPE '\\'
        ORDER BY u.search LIMIT {LISTED_AT_MOST}
        """,
        current,
        like_pattern(search),
    )
    return [
        ListedUser(
            id=row["id"],
            name=row["name"],
            practitioner=row["practitioner"],
            front_desk=row["front_desk"],
            administrator=row["administrator"],
            enabled_for_online=row["enabled_for_online"],
            online_login=_login_state(row["p_id"], row["p_temporary"], row["p_used"], row["p_stopped"]),
            mobile_login=_login_state(row["n_id"], row["n_temporary"], row["n_used"], row["n_stopped"]),
        )
        for row in found
    ]


async def find_user_ids(search: str) -> list[int]:
    """Users, current or not, whose name, e-mail or number contains ``search``."""
    found = await rows(
        f"SELECT id FROM staff_user WHERE search LIKE {{}} ESCAPE '\\' ORDER BY id LIMIT {LISTED_AT_MOST}",
        like_pattern(search),
    )
    return [row["id"] for row in found]


async def names_of(users: Collection[int]) -> dict[int, str]:
    """The names of these users."""
    if not users:
        return {}
    found = await rows(
        f"SELECT id, name FROM staff_user WHERE id IN ({', '.join(['{}'] * len(users))})", *users
    )
    return {row["id"]: row["name"] for row in found}


async def staff_names() -> dict[int, str]:
    """Everybody who is or was on the staff, by name."""
    found = await rows("SELECT id, name FROM staff_user ORDER BY search, id")
    return {row["id"]: row["name"] for row in found}


def _login_state(credential: int | None, temporary: object, used: object, stopped: object) -> str:
    if not credential:
        return ""
    return login_state(temporary=bool(temporary), used=used is not None, stopped=stopped is not None)
