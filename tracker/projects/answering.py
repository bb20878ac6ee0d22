"""Answers for the scripts of the pages: JSON in the reader's language."""

from __future__ import annotations

from typing import Any

import orjson
from flask import Response

from tracker.messages import told


def json_answer(content: object, headers: dict[str, str] | None = None) -> Response:
    """The content as JSON; its messages in the language of the page."""
    text = orjson.dumps(content, default=_said, option=orjson.OPT_PASSTHROUGH_SUBCLASS)
    return Response(text, mimetype="application/json", headers=headers)


def _said(value: Any) -> str:
    if isinstance(value, str):
        return str.__str__(told(value))
    raise TypeError(f"no JSON for {type(value)}")
