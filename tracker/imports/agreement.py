"""Does a project lie where its source says? The area named in a file against where the geometry is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tracker.areas.gazetteer import Gazetteer, name_key
from tracker.projects.locating import OUTSIDE

_PART = re.compile(r"\s*\(.*\)$")


@dataclass(frozen=True, slots=True)
class Stated:
    """A row: its key (the caller's own), the area as the file names it, and the id of its main stadsdel if any."""

    key: int
    text: str
    area_id: int | None


@dataclass(frozen=True, slots=True)
class Agreement:
    """How many rows agree by the stadsdel's own name, how many by an everyday name or within a list, and the rest."""

    same_name: int
    other_name: int
    differing: tuple[tuple[Stated, str], ...]
    """With the name of the stadsdel that the geometry lies in, "utanför staden" or "inget läge"."""
    silent: int
    """Rows that name no area."""


def compare(stated: Iterable[Stated], names: Mapping[int, str], gazetteer: Gazetteer) -> Agreement:
    """Compare rows with their geometry. `names` are the stadsdelar by id; a part such as "Södermalm (östra delen)"
    goes by the name of the whole."""
    same = other = silent = 0
    differing = []
    for row in stated:
        lies_in = names.get(row.area_id) if row.area_id is not None else None
        if not row.text:
            silent += 1
        elif lies_in and name_key(_PART.sub("", lies_in)) == name_key(row.text):
            same += 1
        elif row.area_id is not None and row.area_id in gazetteer.covered(row.text).districts:
            other += 1
        else:
            differing.append((row, lies_in or ("utanför staden" if row.area_id == OUTSIDE else "inget läge")))
    return Agreement(same, other, tuple(differing), silent)
