"""The templates' engine: autoescaped, strict about what is missing, with the names every template may use."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jinja2 import pass_context
from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.template.base import csrf_token
from litestar.template.config import TemplateConfig
from markupsafe import Markup

from app.jinja import QuickEnvironment, new_environment, put, remembered, text
from app.web.assets import Assets


def template_config(assets: Assets, *, reload: bool) -> TemplateConfig[JinjaTemplateEngine]:
    """How Litestar renders; ``reload`` notices changed files."""
    environment = new_environment(QuickEnvironment, autoescape=True, auto_reload=reload)
    environment.globals["_"] = text
    environment.globals["asset"] = assets.url
    environment.globals["remembered"] = remembered
    environment.globals["csrf"] = _csrf_field
    return TemplateConfig(instance=JinjaTemplateEngine.from_environment(environment))


@pass_context
def _csrf_field(context: Mapping[str, Any]) -> Markup:
    """The hidden field that every form that posts must have."""
    return Markup(f'<input type="hidden" name="_csrf_token" value="{put(csrf_token(context))}">')  # noqa: S704 - escaped
