"""The page that all others extend."""

from __future__ import annotations

import re
from pathlib import Path

BASE = Path(__file__).resolve().parent.parent.parent / "templates" / "base.html"


def test_the_menu_sets_no_names_that_a_page_may_have() -> None:
    """What the base sets in its body hides what the page was given under the same name."""
    assert set(re.findall(r"{%-?\s*set\s+(\w+)", BASE.read_text(encoding="utf-8"))) == {"here"}
