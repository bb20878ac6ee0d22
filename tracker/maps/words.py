"""What the script of the map's own frame says: buttons, keys, what changed, and the background."""

from __future__ import annotations

from flask_babel import gettext as _

Words = dict[str, str | dict[str, str]]


def frame_words() -> Words:
    """Texts by the names that the script uses; `{…}` is filled in there."""
    return {
        "whole": _("Helskärm"),
        "part": _("Lämna helskärm"),
        "backgroundFailed": _("Bakgrunden gick inte att hämta; projekt och områden visas ändå."),
    }
