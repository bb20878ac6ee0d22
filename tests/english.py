"""Asking for pages in English."""

from __future__ import annotations

from flask.testing import FlaskClient

ENGLISH = {"Cookie": "sprak=en"}
"""The header of a request."""


def in_english(browser: FlaskClient) -> FlaskClient:
    """The same browser, from now on with English pages."""
    browser.set_cookie("sprak", "en")
    return browser
