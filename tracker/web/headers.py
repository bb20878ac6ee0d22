"""Security headers: a strict content policy with nonces, and HTTPS only where it is asked for."""

from __future__ import annotations

from flask import Flask, Response, request, session

from tracker.extensions import talisman
from tracker.web.hosts import init_hosts
from tracker.web.redirects import init_redirects

YEAR_SECONDS = 31_536_000
"""As the proxy in front says of the files that it sends itself."""
CONTENT_POLICY = {
    "default-src": "'none'",
    "base-uri": "'none'",
    "connect-src": "'self'",
    "font-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "img-src": "'self' data:",
    "manifest-src": "'self'",
    "script-src": "'self'",
    "style-src": "'self'",
}
PERMISSIONS = {"geolocation": "(self)", "fullscreen": "(self)"} | dict.fromkeys(
    ("accelerometer", "browsing-topics", "camera", "display-capture", "gyroscope", "magnetometer", "microphone",
     "midi", "payment", "usb"), "()"
)  # fmt: skip
"""The map asks where the reader is and fills the screen; nothing here needs more of a browser."""
STATIC = frozenset({"static", "security.static"})
OPEN = "*"


def content_policy(app: Flask) -> dict[str, str]:
    """The policy of this installation: pictures also from where the map's backgrounds come, and from nowhere else."""
    origins = dict.fromkeys(str(one["origin"]) for one in app.config["MAP_BACKGROUNDS"])
    return CONTENT_POLICY | {"img-src": " ".join([CONTENT_POLICY["img-src"], *origins])}


def init_headers(app: Flask) -> None:
    """Set the headers on every answer; `FORCE_HTTPS` redirects and sends HSTS."""
    https = bool(app.config["FORCE_HTTPS"])
    # What is registered first looks at the answer last: when everybody else has said what they know of it.
    app.after_request(_keep_apart)
    app.after_request(_keep_from_caches)
    talisman.init_app(
        app,
        content_security_policy=content_policy(app),
        content_security_policy_nonce_in=["script-src", "style-src"],
        force_https=https,
        strict_transport_security=https,
        strict_transport_security_max_age=YEAR_SECONDS,
        session_cookie_secure=https,
        frame_options="DENY",
        referrer_policy="strict-origin-when-cross-origin",
        permissions_policy=PERMISSIONS,
    )
    init_hosts(app)
    init_redirects(app)


def _keep_apart(response: Response) -> Response:
    """Other sites' pages neither hold a window of ours nor load an answer of ours, but for what anybody may read."""
    response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    anybodys = response.headers.get("Access-Control-Allow-Origin") == OPEN
    response.headers.setdefault("Cross-Origin-Resource-Policy", "cross-origin" if anybodys else "same-origin")
    return response


def _keep_from_caches(response: Response) -> Response:
    """A view that says nothing of caches gives what depends on who asks: nobody else gets it, nor the next person.

    Every page does: it has a nonce, a name and marks against forged forms.
    """
    if request.endpoint in STATIC and response.status_code < 400:
        return response
    if not response.headers.get("Cache-Control"):
        response.headers["Cache-Control"] = "private, no-store" if _is_a_persons() else "private, no-cache"
        response.vary.add("Authorization")
    return response


def _is_a_persons() -> bool:
    """Whether somebody is signed in, or asks with a key; the user's row is not looked up for it."""
    return "_user_id" in session or "Authorization" in request.headers
