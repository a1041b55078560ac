"""What a platform asks: whether the process is alive, and whether it can serve."""

from __future__ import annotations

import structlog
from litestar import MediaType, Response, get

from app.db.migrate import pending

log = structlog.get_logger(__name__)


@get("/health", static=True, media_type=MediaType.TEXT)
async def health() -> str:
    """The process answers. Nothing else is asked: a platform restarts what fails here, and that mends no database."""
    return "alive\n"


@get("/ready", static=True, media_type=MediaType.TEXT)
async def ready() -> Response[str]:
    """The database answers and has every migration that this code needs; else 503."""
    try:
        missing = await pending()
    except Exception as failure:  # whatever the driver raises, the answer is no
        log.warning("ready.database_failed", error=type(failure).__name__)
        return Response("The database doesn't answer.\n", status_code=503)
    if missing:
        return Response("The database waits for migrations: python -m app migrate\n", status_code=503)
    return Response("ready\n")
