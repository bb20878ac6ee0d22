"""Whole addresses of pages, for what is passed on: canonical links, shared links."""

from __future__ import annotations

from typing import Any

from flask import current_app, request, url_for


def whole_address(endpoint: str, **values: Any) -> str:
    """The address of a page under the installation's public address, or else as this reader reaches it.

    Values that are empty are left out.
    """
    inner = url_for(endpoint, **{name: value for name, value in values.items() if value})
    public = str(current_app.config.get("PUBLIC_URL") or "")
    return f"{public}{inner.removeprefix(request.root_path)}" if public else f"{request.host_url.rstrip('/')}{inner}"
