"""A slow server sends the same bytes as a quick one; a page comes in three parts."""

from __future__ import annotations

from typing import Any

import pytest
from werkzeug.test import EnvironBuilder, run_wsgi_app

from tests.journeys.slowness import SECONDS, slowed

PAGE = b"<!doctype html><title>Prov</title><main>Hej</main>"


def answer(_environ: dict[str, Any], start_response: Any) -> list[bytes]:
    start_response("200 OK", [("Content-Type", "text/html")])
    return [PAGE[:20], PAGE[20:]]


def parts(monkeypatch: pytest.MonkeyPatch, sought: str, slow: str) -> tuple[list[bytes], list[float]]:
    """What comes to someone who fetches a `sought`, and how long each wait was meant to be (0: none)."""
    waits = list[float]()
    monkeypatch.setitem(SECONDS, slow, 0.4)
    monkeypatch.setattr("tests.journeys.slowness.time.sleep", waits.append)
    environ = EnvironBuilder(headers=[("Sec-Fetch-Dest", sought)]).get_environ()
    return [one for one in run_wsgi_app(slowed(answer), environ)[0] if one], waits


def test_a_page_comes_in_three_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    came, waits = parts(monkeypatch, "document", "PAGES")
    assert came == [b"<!doctype", b" html><title>Prov</title>", b"<main>Hej</main>"]
    assert waits == [0.4, 0.4, 0.4]


@pytest.mark.parametrize(("sought", "slow"), [("script", "SCRIPTS"), ("empty", "DATA")])
def test_anything_else_waits_once(monkeypatch: pytest.MonkeyPatch, sought: str, slow: str) -> None:
    came, waits = parts(monkeypatch, sought, slow)
    assert (b"".join(came), waits) == (PAGE, [0.4])


@pytest.mark.parametrize("sought", ["style", "image", "font"])
@pytest.mark.parametrize("slow", ["PAGES", "SCRIPTS", "DATA"])
def test_what_only_looks_never_waits(monkeypatch: pytest.MonkeyPatch, sought: str, slow: str) -> None:
    came, waits = parts(monkeypatch, sought, slow)
    assert (b"".join(came), waits) == (PAGE, [0])


def test_without_a_wish_it_is_the_application_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    for kind in SECONDS:
        monkeypatch.setitem(SECONDS, kind, 0)
    assert slowed(answer) is answer
