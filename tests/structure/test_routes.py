"""Every route is declared: somebody has thought about who may call it."""

from __future__ import annotations

from litestar import Litestar

from app.accounts.guards import administrators_only, at_own_account, signed_in, who_knows_names
from tests.support.routes import declared, handlers

GUARDS = {"administrators": {administrators_only}, "staff": {signed_in, at_own_account, who_knows_names}}


def test_every_route_is_declared_and_every_declared_one_is_there(app: Litestar) -> None:
    there, known = {route for route, _ in handlers(app)}, declared().keys()
    assert there - known == set(), "say in tests/support/routes.py who may call it"
    assert known - there == set(), "tests/support/routes.py knows of a route that is gone"


def test_its_guard_is_the_one_that_lets_these_in(app: Litestar) -> None:
    logged_in = set.union(*GUARDS.values())
    for route, handler in handlers(app):
        found = logged_in & {getattr(guard, "value", guard) for guard in handler.resolve_guards()}
        assert found <= GUARDS.get(declared()[route], set()), route
        assert found or declared()[route] not in GUARDS, route
