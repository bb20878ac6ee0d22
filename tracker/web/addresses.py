"""Whole addresses of pages, for what is passed on: canonical links, shared links, the code on a printed page."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import segno
from flask import current_app, request, url_for
from markupsafe import Markup


def whole_address(endpoint: str, **values: Any) -> str:
    """The address of a page under the installation's public address, or else as this reader reaches it.

    Values that are empty are left out.
    """
    inner = url_for(endpoint, **{name: value for name, value in values.items() if value})
    public = str(current_app.config.get("PUBLIC_URL") or "")
    return f"{public}{inner.removeprefix(request.root_path)}" if public else f"{request.host_url.rstrip('/')}{inner}"


@lru_cache(maxsize=500)
def qr_code(address: str) -> Markup:
    """The address as a QR code: an SVG of paths alone, black on white in both themes, for a page that is printed."""
    code = segno.make_qr(address, error="m")
    drawn = code.svg_inline(border=2, dark="#000", light="#fff", svgclass="qr", lineclass=None, omitsize=True)
    return Markup(drawn)  # noqa: S704 - squares; nothing of the address stands in it as text
