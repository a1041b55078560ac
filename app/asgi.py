"""The application: the one place that lists controllers, guards, middleware and what starts and stops with it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from litestar import Litestar
from litestar.config.allowed_hosts import AllowedHostsConfig
from litestar.config.csrf import CSRFConfig
from litestar.di import Provide
from litestar.middleware import DefineMiddleware

from app import settings as process_settings
from app.accounts.middleware import ViewerMiddleware
from app.accounts.refusals import HANDLERS as ACCOUNTS_HANDLERS
from app.accounts.views.login import (
    DeskLogInController,
    EntranceController,
    LogOutController,
    PasswordLogInController,
    PinLogInController,
)
from app.db import bind, close_pool, connect, open_pool
from app.settings import ROOT, Settings
from app.web.assets import Assets
from app.web.cookies import cookie_name
from app.web.errors import HANDLERS
from app.web.headers import SecurityHeadersMiddleware
from app.web.proxies import ProxyMiddleware
from app.web.request import Request
from app.web.templates import template_config

LARGEST_FORM = 256 * 1024

CONTROLLERS = [
    EntranceController,
    PasswordLogInController,
    DeskLogInController,
    PinLogInController,
    LogOutController,
]


def create_app(settings: Settings) -> Litestar:
    """The application for these settings. Binds the database; its lifespan opens and closes the connections."""
    process_settings.use(settings)
    bind(connect(settings.database_url))
    assets = Assets.load(ROOT / "static")
    secure = not settings.is_development
    return Litestar(
        route_handlers=[*CONTROLLERS, assets.handler()],
        request_class=Request,
        middleware=[
            DefineMiddleware(ProxyMiddleware, trusted=settings.trusted_proxies),
            DefineMiddleware(SecurityHeadersMiddleware, https_only=secure),
            DefineMiddleware(ViewerMiddleware, exclude_from_auth_key="static"),
        ],
        dependencies={"viewer": Provide(provide_viewer), "clinic": Provide(provide_clinic)},
        exception_handlers={**HANDLERS, **ACCOUNTS_HANDLERS},
        allowed_hosts=AllowedHostsConfig(allowed_hosts=list(settings.allowed_hosts), exclude=["^/health$"]),
        csrf_config=CSRFConfig(
            secret=settings.key("csrf").hex(),
            cookie_name=cookie_name("csrf"),
            cookie_secure=secure,
            cookie_httponly=True,
            cookie_samesite="lax",
        ),
        template_config=template_config(assets, reload=settings.is_development),
        lifespan=[_running],
        openapi_config=None,
        request_max_body_size=LARGEST_FORM,
    )


async def provide_viewer(request: Request) -> Any:
    """Who is looking; None for a stranger."""
    return request.viewer


async def provide_clinic(request: Request) -> Any:
    """The clinic's settings; None until it is set up."""
    return request.context.get("clinic")


@asynccontextmanager
async def _running(_app: Litestar) -> AsyncIterator[None]:
    await open_pool()
    try:
        yield
    finally:
        await close_pool()
