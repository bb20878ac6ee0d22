"""The measures of the other journeys find what they are there to find."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.journeys.conftest import serious_findings

pytestmark = pytest.mark.browser
FAULTY = """
<html lang="sv"><head><title>Prov</title></head><body><main>
<h1>Prov</h1><p style="color: #777; background: #888">Grått på grått</p><img src="data:,">
</main></body></html>
"""


def rules(findings: list[str]) -> list[str]:
    return [one.partition(":")[0] for one in findings]


def test_a_picture_without_words_and_grey_on_grey_are_found(page: Page) -> None:
    page.set_content(FAULTY)
    assert rules(serious_findings(page)) == ["color-contrast", "image-alt"]


def test_in_the_other_theme_only_colours_are_measured(page: Page) -> None:
    page.set_content(FAULTY)
    assert rules(serious_findings(page, colours_only=True)) == ["color-contrast"]
