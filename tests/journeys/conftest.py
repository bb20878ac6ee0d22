"""A real server and a real Chromium: each journey runs on both databases and fails on any complaint of the browser."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect, sync_playwright
from werkzeug.serving import make_server

from tests.browsers import chromium_program
from tests.journeys.slowness import slowed

ROOT = Path(__file__).resolve().parent.parent.parent
WIDE = {"width": 1280, "height": 800}
TIMEOUT_MILLISECONDS = 15_000
COLOUR_RULES = ["color-contrast", "link-in-text-block"]
"""Those of WCAG 2.1 AA that a theme can break."""


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium, without a window."""
    expect.set_options(timeout=TIMEOUT_MILLISECONDS)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium_program(), args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def live_server(app: Flask) -> Iterator[str]:
    """The address of a server of the application under test."""
    # Flask-Compress leaves the files that it streams to the garbage collector; here every warning is an error.
    app.config["COMPRESS_STREAMS"] = False
    server = make_server("127.0.0.1", 0, slowed(app), threaded=True)
    # Closing the server waits for the answers under way, so that none of them is left with an open connection.
    server.daemon_threads = False  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def one_theme(backend: str) -> str:
    """One database takes the light theme and the other the dark one: a whole run has tried every page in both."""
    return "light" if backend == "sqlite" else "dark"


@pytest.fixture
def complaints() -> list[str]:
    """What the browser complained of so far; a test may strike out what it provoked on purpose."""
    return []


@pytest.fixture
def page(browser: Browser, live_server: str, complaints: list[str]) -> Iterator[Page]:
    """A page whose addresses begin at the server; console errors, script errors and outside requests fail the test."""
    context = browser.new_context(base_url=live_server, viewport=WIDE, locale="sv-SE")  # type: ignore[arg-type]
    opened = context.new_page()
    opened.set_default_timeout(TIMEOUT_MILLISECONDS)
    opened.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("request", lambda asked: _note_outside(asked.url, live_server, complaints))
    yield opened
    context.close()
    assert complaints == []


def _note_outside(address: str, server: str, complaints: list[str]) -> None:
    if not address.startswith((f"{server}/", "data:", "blob:")):
        complaints.append(f"outside request: {address}")


def open_whole(page: Page, address: str) -> None:
    """Go there and wait for the page and, if its scripts ask for more, for all that they fetch."""
    asked = list[str]()
    page.on("request", note := lambda one: asked.append(one.url) if one.resource_type in ("fetch", "xhr") else None)
    page.goto(address)
    page.remove_listener("request", note)
    if asked:
        page.wait_for_load_state("networkidle")


def serious_findings(page: Page, *, colours_only: bool = False) -> list[str]:
    """What axe-core finds serious or critical on the page as it stands, once it has come; or in its colours alone."""
    page.wait_for_load_state()
    # A colour under way from one theme to the other is neither: the measure waits until every transition has ended.
    page.evaluate(
        "Promise.allSettled(document.getAnimations().filter((one) => one instanceof CSSTransition)"
        ".map((one) => one.finished))"
    )
    page.evaluate((ROOT / "static/vendor/axe-core/axe.min.js").read_text(encoding="utf-8"))
    wanted = {"resultTypes": ["violations"]} | ({"runOnly": COLOUR_RULES} if colours_only else {})
    found: dict[str, Any] = page.evaluate("wanted => axe.run(document, wanted)", wanted)
    return [
        f"{one['id']}: {node['target']} {node['failureSummary']}"
        for one in found["violations"]
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]
