"""Vonage's own OpenAPI description of the Messages API, where ``VONAGE_SPEC`` names the file; not shipped here."""

from __future__ import annotations

import json
import os
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft4Validator

NOT_NAMED = "VONAGE_SPEC names no file with Vonage's description of the Messages API"

OUTBOUND_TEXT = "#/components/schemas/OutboundSMSText"
RECEIPT = "#/components/schemas/messageStatusSMS"
INBOUND_TEXT = "#/components/schemas/inboundMessageSMS"


def available() -> bool:
    """Whether there is a description to check against."""
    return bool(os.environ.get("VONAGE_SPEC"))


def answer_schema(status: int) -> str:
    """Where the description tells what the API answers with this status."""
    return f"#/paths/~1v1~1messages/post/responses/{status}/content/application~1json/schema"


def violations(schema: str, body: Any) -> list[str]:
    """What is wrong with ``body`` by that part of the description; nothing where there is no description."""
    if not available():
        return []
    # OpenAPI 3.0 schemas are those of JSON Schema draft 4 but for a few words that none of ours uses.
    validator = Draft4Validator({"$ref": schema, **_description()})
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(body)]


@cache
def _description() -> dict[str, Any]:
    whole = json.loads(Path(os.environ["VONAGE_SPEC"]).read_text())
    return {part: whole[part] for part in ("paths", "components")}
