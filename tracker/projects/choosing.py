"""What the filter offers to choose from, and the filter in words."""

from __future__ import annotations

from sqlalchemy.orm import Session

from tracker.areas.models import AreaSet, Region
from tracker.areas.queries import get_area_set, list_area_sets, list_areas, lowest_set
from tracker.areas.queries import newest_set as newest_area_set
from tracker.goals.models import GoalSetKind
from tracker.goals.queries import goal_tree, list_goal_sets
from tracker.measures.models import MainKind
from tracker.messages import joined, message
from tracker.projects.filters import ProjectFilter
from tracker.projects.vocabulary import Phase
from tracker.projects.worklists import MISSING


def filter_choices(session: Session, wanted: ProjectFilter, *, worklists: bool) -> dict[str, object]:
    """What the filter form offers; the same on list, map and exports. `worklists`: also what is missing."""
    editions = list_goal_sets(session, GoalSetKind.INTEGRATION)
    edition = next((one for one in editions if one.code == wanted.edition), editions[0])
    area_sets = [lowest_set(session), *list_area_sets(session)]
    area_set = _chosen_set(session, wanted)
    areas = list_areas(session, area_set)
    return {
        "kinds": list(MainKind),
        "phases": list(Phase),
        "editions": editions,
        "edition": edition,
        "goals": goal_tree(session, edition),
        "area_sets": area_sets,
        "area_set": area_set,
        "area_choices": areas,
        "unknown_areas": [code for code in wanted.area if code not in {area.code for area in areas}],
        "missing_words": MISSING if worklists else {},
        "heading": filter_heading(session, wanted),
    }


def _chosen_set(session: Session, wanted: ProjectFilter) -> AreaSet:
    return get_area_set(session, wanted.areas) if wanted.areas else newest_area_set(session)


def filter_heading(session: Session, wanted: ProjectFilter) -> str:
    """The filter in words: "bostad · Järva · 2005"; empty without a filter."""
    words = [MainKind(kind).label for kind in wanted.kind] + [Phase(phase).label for phase in wanted.phase]
    words += list(wanted.goal)
    if wanted.area:
        area_set = _chosen_set(session, wanted)
        names = {area.code: area.name for area in list_areas(session, area_set)}
        words += [
            names.get(code) or message("%(code)s (finns inte i %(edition)s)", code=code, edition=area_set.name)
            for code in wanted.area
        ]
    words += [Region(region).label for region in wanted.region]
    words += [str(wanted.year)] if wanted.year else []
    words += [message("”%(name)s”", name=wanted.q)] if wanted.q else []
    words += [MISSING[wanted.missing]] if wanted.missing else []
    return joined(" · ", words)
