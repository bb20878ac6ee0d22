"""Whom a request may say that it came to, and through whom: names that are not ours get no answer of ours."""

from __future__ import annotations

import logging
import secrets
from typing import cast

from flask import Flask, Response, current_app, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import SecurityError

logger = logging.getLogger("tracker.hosts")
REFUSAL = (
    "Begäran går inte att läsa (400). Adressen är inte Portföljkartans. "
    "Den som sköter installationen anger dess namn i PUBLIC_URL eller TRUSTED_HOSTS."
)
PROBES = {"/healthz": "healthz", "/readyz": "readyz"}
"""Whoever watches over the machines names each by its number; the answer has no address in it."""
_FORWARDED = (
    "HTTP_FORWARDED", "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_HOST", "HTTP_X_FORWARDED_PORT",
    "HTTP_X_FORWARDED_PREFIX", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_SERVER", "HTTP_X_REAL_IP",
)  # fmt: skip


def init_hosts(app: Flask) -> None:
    """Look at every request before anything else does."""
    app.before_request_funcs.setdefault(None, []).insert(0, _first)


def _first() -> ResponseReturnValue | None:
    """What later steps need even when one of them fails: whom to believe, and the nonce of the answer."""
    # Talisman leaves a nonce that is there already; an error page of a step before its own would have none.
    setattr(request, "csp_nonce", secrets.token_urlsafe(24))  # noqa: B010 - Talisman's, which the type does not know
    # As many proxies as TRUSTED_PROXIES says have been believed by now; nobody else's word is taken.
    for name in _FORWARDED:
        request.environ.pop(name, None)
    if isinstance(request.routing_exception, SecurityError):
        probe = current_app.view_functions.get(PROBES.get(request.path, ""))
        if probe is not None and request.method in ("GET", "HEAD"):
            return cast(ResponseReturnValue, probe())
        # No page of ours: its links would be built from the foreign name.
        logger.warning("refused a request for a host that is not ours")
        return Response(REFUSAL, status=400, content_type="text/plain; charset=utf-8")
    return None
