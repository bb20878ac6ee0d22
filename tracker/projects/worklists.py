"""Worklists: which projects lack something or wait for somebody, as conditions of the filter."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import and_, exists, false, or_
from sqlalchemy.sql.elements import ColumnElement

from tracker.messages import message
from tracker.projects.completeness import BUILDING
from tracker.projects.completeness_sql import percent, told
from tracker.projects.figures import Figure
from tracker.projects.models import GoalAssessment, GoalTag, Project, ServedArea
from tracker.projects.policies import Viewer, open_to
from tracker.projects.programmes import is_programme
from tracker.projects.secrecy import Secret
from tracker.projects.vocabulary import Phase, Publication

ENOUGH = 80
"""Percent from which a project is no longer on the list of incomplete ones."""
MISSING = {
    "mal": message("Saknar bedömning mot mål"),
    "lage": message("Saknar läge"),
    "omraden": message("Saknar valda områden"),
    "ekonomi": message("Saknar ekonomi"),
    "beslut": message("Saknar beslut för skedet"),
    "ofullstandig": message("Mindre än %(percent)s %% komplett", percent=ENOUGH),
    "utkast": message("Utkast att granska"),
    "granskad": message("Granskad, väntar på publicering"),
    "andrad": message("Ändrad efter granskning"),
}
"""Worklists: value in the address → label."""
COUNTED = tuple(word for word in MISSING if word != "ofullstandig")
"""Those that the overview counts: the score of every project takes too long to be reckoned each time."""
INSIDE = frozenset({"beslut", "ofullstandig", "utkast", "granskad", "andrad"})
"""Lists that tell how the work goes, which is nobody's business outside: there they hold nothing."""


def lacks(what: str, viewer: Viewer) -> ColumnElement[bool]:
    """Is on that worklist. Of a project that hides a thing nobody is told whether it lacks it."""
    if what in INSIDE:
        return _inside(what, viewer) if viewer.drafts else false()
    tables: Mapping[str, tuple[Secret, list[ColumnElement[bool]]]] = {
        "mal": (
            Secret.GOALS,
            [
                ~exists().where(GoalTag.project_id == Project.id),
                ~exists().where(GoalAssessment.project_id == Project.id),
            ],
        ),
        "lage": (Secret.GEOMETRY, [Project.geom.is_(None)]),
        "omraden": (Secret.SERVES, [~exists().where(ServedArea.project_id == Project.id)]),
        "ekonomi": (Secret.FIGURES, [~exists().where(Figure.project_id == Project.id), ~is_programme(viewer)]),
    }
    secret, lacking = tables[what]
    return and_(*lacking, *open_to(viewer, secret))


def _inside(what: str, viewer: Viewer) -> ColumnElement[bool]:
    if what == "beslut":
        return or_(
            and_(Project.phase == Phase.PLANNING, ~told("direction", viewer)),
            and_(Project.phase.in_(sorted(BUILDING - {Phase.CLOSED})), ~told("implementation", viewer)),
            and_(Project.phase == Phase.CLOSED, ~told("final_report", viewer)),
        )
    if what == "ofullstandig":
        return percent(viewer) < ENOUGH
    if what == "andrad":
        published = Project.publication == Publication.PUBLISHED
        return and_(published, Project.published_at.is_not(None), Project.reviewed_at.is_(None))
    state = Publication.DRAFT if what == "utkast" else Publication.REVIEWED
    return Project.publication == state
