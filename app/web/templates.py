"""The templates' engine: autoescaped, strict about what is missing, with the names every template may use."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jinja2 import FileSystemLoader, StrictUndefined, pass_context
from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.template.base import csrf_token
from litestar.template.config import TemplateConfig
from markupsafe import Markup

from app.i18n import translations
from app.settings import ROOT
from app.web.assets import Assets
from app.web.jinja import QuickEnvironment, remembered, text


def template_config(assets: Assets, *, reload: bool) -> TemplateConfig[JinjaTemplateEngine]:
    """How Litestar renders; ``reload`` notices changed files."""
    environment = QuickEnvironment(
        loader=FileSystemLoader(ROOT / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=reload,
    )
    environment.install_gettext_translations(translations, newstyle=True)  # type: ignore[attr-defined]
    environment.globals["_"] = text
    environment.globals["asset"] = assets.url
    environment.globals["remembered"] = remembered
    environment.globals["csrf"] = _csrf_field
    return TemplateConfig(instance=JinjaTemplateEngine.from_environment(environment))


@pass_context
def _csrf_field(context: Mapping[str, Any]) -> Markup:
    """The hidden field that every form that posts must have."""
    return Markup('<input type="hidden" name="_csrf_token" value="{}">').format(csrf_token(context))
