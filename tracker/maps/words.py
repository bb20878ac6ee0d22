"""What the script of the map's own frame says: buttons, keys, what changed, and the background."""

from __future__ import annotations

from flask_babel import gettext as _

Words = dict[str, str | dict[str, str]]


def frame_words() -> Words:
    """Texts by the names that the script uses; `{…}` is filled in there."""
    return {
        "whole": _("Helskärm"),
        "part": _("Lämna helskärm"),
        "offline": _("Datorn har inget nät. Det som redan hämtats står kvar."),
        "mapRole": _("karta med egna tangenter"),
        "step": _("{name}. {number} av {total} i kartbilden."),
        "group": _("{count} projekt tillsammans; Retur zoomar in"),
        "noneInView": _("Inga projekt i kartbilden."),
        "inView": _("{count} projekt i kartbilden."),
        "inViewGrouped": _("{count} projekt var för sig och {groups} grupper i kartbilden."),
        "backgroundFailed": _("Bakgrunden gick inte att hämta; projekt och områden visas ändå."),
    }
