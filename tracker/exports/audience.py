"""Who an export is for: it decides what the export holds, and is said on it."""

from __future__ import annotations

from enum import StrEnum

from tracker.messages import message
from tracker.projects.policies import INTERNAL, PUBLIC, SHELL, Viewer


class Audience(StrEnum):
    """PUBLIC goes to anybody; OPEN also holds drafts; only INTERNAL holds confidential matters, marked.

    A manager's own confidential projects and fields are in no OPEN export, though their manager sees them on screen:
    a file is passed on.
    """

    PUBLIC = "offentlig"
    OPEN = "oppen"
    INTERNAL = "intern"

    @property
    def viewer(self) -> Viewer:
        """What such an export may hold."""
        return {"offentlig": PUBLIC, "oppen": SHELL, "intern": INTERNAL}[self.value]

    @property
    def file_word(self) -> str:
        """What names such a file: "oppen" would say that anybody may have it."""
        return {"offentlig": "offentlig", "oppen": "med-utkast", "intern": "intern"}[self.value]

    @property
    def text(self) -> str:
        """What is written on the export."""
        return {
            "offentlig": message("Offentlig: publicerade projekt, inga sekretessmarkerade."),
            "oppen": message("Öppna uppgifter: även utkast och granskade projekt, inga sekretessmarkerade."),
            "intern": message(
                "Intern: alla projekt. Sekretessmarkerade är märkta; sprid inte vidare utan sekretessprövning."
            ),
        }[self.value]
