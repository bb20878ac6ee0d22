"""What the ids that a plan tells of are called: goals, areas, measures."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.areas.models import Area, AreaSet
from tracker.goals.models import Goal, GoalSet
from tracker.imports.comparing import Names
from tracker.measures.models import Measure


def names_of(session: Session, fields: Collection[str]) -> Names:
    """(field, id) → its name, for the catalogues that the file has fields of."""
    asked = {
        "goals": ({"goals", "goal_rows"}, select(Goal.id, Goal.code, GoalSet.code).join(GoalSet)),
        "serves": ({"serves"}, select(Area.id, Area.name, AreaSet.code).join(AreaSet)),
        "volumes": ({"volume_rows"}, select(Measure.id, Measure.name_sv, Measure.unit)),
    }
    return {
        (name, one): f"{called} ({of})"
        for name, (wanted, statement) in asked.items()
        if wanted & set(fields)
        for one, called, of in session.execute(statement)
    }
