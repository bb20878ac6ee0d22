"""Which single fields of a project can be confidential, what hides together, and how the ground in OSL is written.

Pure words. Who sees what is policies.py's; what a hidden project looks like is masking.py's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum

from tracker.messages import joined, message
from tracker.text import clean

_GROUND = re.compile(
    r"""(?:(?:OSL|offentlighets-\s?och\s+sekretesslagen)\s*,?\s*)?
    (?P<chapter>[1-9]\d?)\s*(?:kap\.?|kapitlet|:)\s*
    (?P<section>[1-9]\d?)\s?(?P<letter>[a-z])?\s*§?
    (?P<rest>(?:\s+(?:första|andra|tredje|fjärde)\s+stycket|\s+(?:[1-9]\s+)?(?:p|st)\.?(?:\s?[1-9])?)?)""",
    re.VERBOSE | re.IGNORECASE,
)
LAST_CHAPTER = 44
_LONGEST_GROUND = 500
EXAMPLE = "OSL 19 kap. 3 §"


class Secret(StrEnum):
    """A field, or a group that hides together, by the name under which secret_field keeps it."""

    GEOMETRY = "geometry"
    SERVES = "serves"
    GOALS = "goals"
    ANSWERS = "answers"
    FIGURES = "figures"
    DECISIONS = "decisions"
    VOLUMES = "volumes"
    CASE_NUMBERS = "case_numbers"
    DESCRIPTION_PUBLIC = "description_public"
    DESCRIPTION_INTERNAL = "description_internal"
    LINK = "link"
    DATES = "dates"
    PEOPLE = "people"

    @property
    def label(self) -> str:
        """What is hidden, in words."""
        return _LABELS[self]

    @property
    def hidden_by(self) -> tuple[Secret, ...]:
        """The marks that hide this: its own, and those of fields that would be told by it."""
        return (self, *(one for one, brought in _BRINGS.items() if self in brought))


_LABELS = {
    Secret.GEOMETRY: message("Läge"),
    Secret.SERVES: message("Betjänade områden"),
    Secret.GOALS: message("Mål"),
    Secret.ANSWERS: message("Svar på strategiska frågor"),
    Secret.FIGURES: message("Ekonomi"),
    Secret.DECISIONS: message("Beslut"),
    Secret.VOLUMES: message("Mått"),
    Secret.CASE_NUMBERS: message("Diarienummer"),
    Secret.DESCRIPTION_PUBLIC: message("Beskrivning för alla"),
    Secret.DESCRIPTION_INTERNAL: message("Intern beskrivning"),
    Secret.LINK: message("Länk"),
    Secret.DATES: message("Tider"),
    Secret.PEOPLE: message("Projektledare och ersättare"),
}
_BRINGS: Mapping[Secret, tuple[Secret, ...]] = {
    Secret.GOALS: (Secret.ANSWERS,),
    Secret.FIGURES: (Secret.DECISIONS,),
    Secret.CASE_NUMBERS: (Secret.DECISIONS,),
}
"""A decision tells the amount that was decided and its case number; an answer tells the goal it is about."""
HELP: Mapping[Secret, str] = {
    Secret.GEOMETRY: message("Karta, ”ligger i”, storlek och område enligt källan."),
    Secret.SERVES: message("Områdena, andelarna och motiveringen."),
    Secret.GOALS: message("Mål, styrka, motiveringar och svar på frågorna."),
    Secret.FIGURES: message("Belopp alla år, stadens andel och besluten."),
    Secret.CASE_NUMBERS: message("Diarienumren, även i besluten."),
    Secret.DATES: message("Beslutad och bedömd start och slut."),
}
VALUES: Mapping[Secret, tuple[str, ...]] = {
    Secret.GEOMETRY: ("geometry", "stated_area", "location_approximate", "lies_in"),
    Secret.SERVES: ("serves", "serves_motivation"),
    Secret.GOALS: ("goals", "no_contribution"),
    Secret.ANSWERS: ("answers",),
    Secret.FIGURES: ("figures", "city_share"),
    Secret.DECISIONS: ("decisions",),
    Secret.VOLUMES: ("volumes",),
    Secret.CASE_NUMBERS: ("case_numbers",),
    Secret.DESCRIPTION_PUBLIC: ("description_public",),
    Secret.DESCRIPTION_INTERNAL: ("description_internal",),
    Secret.LINK: ("link",),
    Secret.DATES: ("start_decided", "start_forecast", "end_decided", "end_forecast"),
    Secret.PEOPLE: ("manager_id", "deputy_id"),
}
"""The names under which the history and snapshots.describe keep what each of them holds."""

Hidden = Mapping[Secret, str]
"""What is hidden from somebody → its ground."""


def secret_named(word: str) -> Secret | None:
    """The field of that name, or None."""
    return next((one for one in Secret if one.value == word), None)


def with_brought(marks: Mapping[str, str]) -> dict[Secret, str]:
    """Stored marks (field → ground) as everything that they hide; an own mark's ground goes first."""
    found: dict[Secret, str] = {}
    for one in Secret:
        grounds = [marks[mark.value] for mark in one.hidden_by if mark.value in marks]
        if grounds:
            found[one] = grounds[0]
    return found


def hidden_values(hidden: Iterable[Secret]) -> frozenset[str]:
    """The names of every value that is hidden."""
    return frozenset(name for one in hidden for name in VALUES[one])


def read_ground(text: str) -> str | None:
    """A reference to OSL in one way of writing, "OSL 19 kap. 3 §"; None for what is no such reference."""
    found = _GROUND.fullmatch(" ".join(clean(text).split())) if len(text) <= _LONGEST_GROUND else None
    if found is None or int(found["chapter"]) > LAST_CHAPTER:
        return None
    letter = f" {found['letter'].lower()}" if found["letter"] else ""
    return f"OSL {found['chapter']} kap. {found['section']}{letter} §{(found['rest'] or '').rstrip()}"


def short_ground(ground: str) -> str:
    """ "OSL 19 kap. 3 § första stycket" as "OSL 19:3"."""
    return re.sub(r" kap\. (\d+)( [a-z])? §.*", r":\1\2", ground)


def sign(ground: str) -> str:
    """What stands in the place of a hidden value: "Sekretess (OSL 19:3)"."""
    return message("Sekretess (%(ground)s)", ground=short_ground(ground))


def signs(hidden: Hidden) -> dict[str, str]:
    """Field → what stands in its place."""
    return {one.value: sign(ground) for one, ground in hidden.items()}


def listed(hidden: Hidden) -> str:
    """The fields with their grounds in one line: "Läge (OSL 19:3), Ekonomi (OSL 19:1)"."""
    told = (message("%(field)s (%(ground)s)", field=one.label, ground=short_ground(by)) for one, by in hidden.items())
    return joined(", ", told)
