"""What may be led to, read by a real browser's own rules of addresses."""

from __future__ import annotations

from itertools import product

import pytest
from playwright.sync_api import Browser

from tests.web.test_redirects import OURS, PIECES
from tracker.web.redirects import own_address

pytestmark = pytest.mark.browser


def test_a_browser_stays_with_us_whatever_is_let_through(browser: Browser) -> None:
    """Every row of up to four pieces that tricks are made of."""
    rows = ("".join(row) for size in range(1, 5) for row in product(PIECES, repeat=size))
    kept = [text for text in rows if own_address(text) is not None]
    assert len(kept) > 1_000
    page = browser.new_page()
    away = page.evaluate(
        "([texts, ours]) => texts.filter(text => new URL(text, ours + '/x/y').origin !== ours)", [kept, OURS]
    )
    page.close()
    assert away == []
