"""The browser of the tests: the system's Chromium, by preference the one that is made to have no window."""

from __future__ import annotations

import shutil

FULL = ("chromium", "chromium-browser", "google-chrome")
"""As people have it, with its words in their language."""
WINDOWLESS = "chromium-headless-shell"
"""The same engine; takes two thirds of the processor time."""
MISSING = "Chromium saknas: resorna körs i en riktig webbläsare (Debian: chromium-headless-shell)."


def chromium_program(*, full: bool = False) -> str:
    """Its path; the `full` one rather than the windowless, if there is one. Raises RuntimeError where there is none."""
    names = (*FULL, WINDOWLESS) if full else (WINDOWLESS, *FULL)
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None:
        raise RuntimeError(MISSING)
    return found
