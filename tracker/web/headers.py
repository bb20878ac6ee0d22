"""Security headers: a strict content policy with nonces, and HTTPS only where it is asked for."""

from __future__ import annotations

from flask import Flask

from tracker.extensions import talisman

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


def content_policy(app: Flask) -> dict[str, str]:
    """The policy of this installation: pictures also from where the map's backgrounds come, and from nowhere else."""
    origins = dict.fromkeys(str(one["origin"]) for one in app.config["MAP_BACKGROUNDS"])
    return CONTENT_POLICY | {"img-src": " ".join([CONTENT_POLICY["img-src"], *origins])}


def init_headers(app: Flask) -> None:
    """Set the headers on every answer; `FORCE_HTTPS` redirects and sends HSTS."""
    https = bool(app.config["FORCE_HTTPS"])
    talisman.init_app(
        app,
        content_security_policy=content_policy(app),
        content_security_policy_nonce_in=["script-src", "style-src"],
        force_https=https,
        strict_transport_security=https,
        session_cookie_secure=https,
        frame_options="DENY",
        referrer_policy="strict-origin-when-cross-origin",
        permissions_policy={"geolocation": "(self)", "camera": "()", "microphone": "()"},
    )
