"""What a project is shared over when somebody has not answered everything: nothing is ever dropped.

Indices as in portfolio.py. The special rows and places ("ej bedömt", "oplacerat", …) are indices too, handed
out by the caller beside the goals and places.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from tracker.apportion import WHOLE, IntArray
from tracker.contribution.portfolio import AreaRows, GoalTags
from tracker.contribution.rules import AreaBasis

BoolArray = npt.NDArray[np.bool_]

BASES: tuple[AreaBasis, ...] = (AreaBasis.BETJANAR, AreaBasis.LAGE, AreaBasis.OLOKALISERAD)
"""The basis that a number in the answer of `choose_areas` stands for."""


def complete_tags(
    tags: GoalTags, no_contribution: BoolArray, *, unassessed_row: int, no_contribution_row: int
) -> GoalTags:
    """Give each project without a tag one row of its own, whole.

    `no_contribution` (projects,) says which projects were assessed as contributing nothing; a tag that exists
    all the same goes before that answer. The others without tags are unassessed.
    """
    untagged = np.flatnonzero(np.bincount(tags.project, minlength=no_contribution.size) == 0)
    row = np.where(no_contribution[untagged], no_contribution_row, unassessed_row).astype(np.int64)
    return GoalTags(
        project=np.concatenate((tags.project, untagged)),
        goal=np.concatenate((tags.goal, row)),
        weight=np.concatenate((tags.weight, np.ones_like(row))),
        row=np.concatenate((tags.row, row)),
    )


def choose_areas(
    serves: AreaRows, lies_in: AreaRows, *, project_count: int, unlocated_place: int
) -> tuple[AreaRows, npt.NDArray[np.int8]]:
    """The area rows that count: `serves` where chosen, else `lies_in`, else wholly `unlocated_place`.

    The second answer (projects,) is each project's basis, as an index into BASES.
    """
    chosen = np.bincount(serves.project, minlength=project_count) > 0
    located = np.bincount(lies_in.project, minlength=project_count) > 0
    basis = np.where(chosen, 0, np.where(located, 1, 2)).astype(np.int8)
    fallback = ~chosen[lies_in.project]
    unlocated = np.flatnonzero(basis == 2)
    rows = AreaRows(
        project=np.concatenate((serves.project, lies_in.project[fallback], unlocated)),
        place=np.concatenate(
            (serves.place, lies_in.place[fallback], np.full(unlocated.size, unlocated_place, dtype=np.int64))
        ),
        share=np.concatenate((serves.share, lies_in.share[fallback], np.full(unlocated.size, WHOLE, dtype=np.int64))),
    )
    return rows, basis


def move_tags_without_ytterstad(
    tags: GoalTags, areas: AreaRows, *, in_ytterstad: BoolArray, moved_row: IntArray
) -> GoalTags:
    """Show the G1 tags of projects that reach no ytterstad area on the rows "G1 utan ytterstad".

    G1 is growth through measures in the outer city, so such a tag is never outer-city contribution. The tag
    keeps its part to the öre; only the row changes, and with it neither the order of ties.
    `in_ytterstad` (places,) marks ytterstad areas and stadsdelar ("hela staden" names no outer area: false).
    `moved_row` (rows,) is the row "… utan ytterstad" for a G1 goal, and the goal itself for any other.
    `areas` are those that count (from `choose_areas`).
    """
    reaches = np.zeros(max(tags.project.max(initial=-1), areas.project.max(initial=-1)) + 1, dtype=np.bool_)
    reaches[areas.project[in_ytterstad[areas.place]]] = True
    row = np.where(reaches[tags.project], tags.row, moved_row[tags.row])
    return GoalTags(tags.project, tags.goal, tags.weight, row)
