"""Does a project lie where its source says? The area named in a file against where the geometry is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tracker.areas.gazetteer import Gazetteer, name_key
from tracker.messages import message
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


class _Keys(dict[str, str]):
    """Name → its key; a file has few names and many rows."""

    def __missing__(self, name: str) -> str:
        key = self[name] = name_key(name)
        return key


class _Covered(dict[str, frozenset[int]]):
    """Text → the stadsdelar that it names."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        super().__init__()
        self.gazetteer = gazetteer

    def __missing__(self, text: str) -> frozenset[int]:
        found = self[text] = self.gazetteer.covered(text).districts
        return found


def compare(stated: Iterable[Stated], names: Mapping[int, str], gazetteer: Gazetteer) -> Agreement:
    """Compare rows with their geometry. `names` are the stadsdelar by id; a part such as "Södermalm (östra delen)"
    goes by the name of the whole."""
    same = other = silent = 0
    differing = []
    keys = _Keys()
    bare = {one: keys[_PART.sub("", name)] for one, name in names.items()}
    covered = _Covered(gazetteer)
    for row in stated:
        lies_in = names.get(row.area_id) if row.area_id is not None else None
        if not row.text:
            silent += 1
        elif lies_in and row.area_id is not None and bare[row.area_id] == keys[row.text]:
            same += 1
        elif row.area_id is not None and row.area_id in covered[row.text]:
            other += 1
        else:
            differing.append(
                (row, lies_in or (message("utanför staden") if row.area_id == OUTSIDE else message("inget läge")))
            )
    return Agreement(same, other, tuple(differing), silent)
