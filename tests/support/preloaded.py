"""What a server's process begins with, as a copy of one that has imported this: libraries read and templates compiled.

Both are the same for every server, and are most of what a start and the first pages cost. Nothing of ours has run yet.
"""

from __future__ import annotations

import gc
from importlib import import_module

from app.web.assets import Assets
from app.web.templates import template_config
from tests.support.compiled import compile_once

LIBRARIES = (
    "app.asgi",
    "app.commands",
    # What those read only when they start:
    "anyio._backends._asyncio",
    "litestar.plugins.attrs",
    "litestar.plugins.pydantic",
    "uvicorn.lifespan.on",
    "uvicorn.protocols.http.httptools_impl",
)

for name in LIBRARIES:
    import_module(name)
compile_once()
environment = template_config(Assets({}), reload=False).instance.engine
for name in environment.list_templates():
    environment.get_template(name)
gc.collect()
gc.freeze()  # what all copies share isn't looked through, and so copied, again and again
