"""What stands in bold in the handbook stands so on a screen: a button that is renamed is renamed there too."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from tracker.handbook.pages import FOLDER, INDEX, page_names
from tracker.handbook.places import ENGLISH

CATALOGUE = Path(__file__).resolve().parents[2] / "tracker/translations/en/LC_MESSAGES/messages.po"
BOLD = re.compile(r"\*\*(.+?)\*\*", re.S)


def texts_on_screen(language: str) -> set[str]:
    """Every text that a page, a form or a message is made of; the catalogue is kept alike to them by a test."""
    with CATALOGUE.open("rb") as file:
        every = [one for one in read_po(file) if one.id]
    chosen = [one.string if language == "en" else one.id for one in every]
    return {text for one in chosen for text in ((one,) if isinstance(one, str) else one or ())}


@pytest.mark.parametrize("name", [INDEX, *page_names()])
def test_what_is_in_bold_stands_on_a_screen(name: str) -> None:
    text = (FOLDER / f"{name}.md").read_text(encoding="utf-8")
    told = {" ".join(one.split()) for one in BOLD.findall(text)}
    assert told or name == INDEX
    assert told - texts_on_screen("en" if name == ENGLISH else "sv") == set()
