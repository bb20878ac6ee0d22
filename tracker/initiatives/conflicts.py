"""Two people changed one initiative: what both say, and the form filled with what only the others changed."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy.orm import Session

from tracker.initiatives.contents import base_of, describe, input_of, seen_codes
from tracker.initiatives.inputs import InitiativeInput
from tracker.initiatives.models import Initiative
from tracker.initiatives.presenters import as_list
from tracker.initiatives.queries import list_linked_projects
from tracker.initiatives.rules import Comparison, compare
from tracker.projects.policies import Viewer


def seen_input(session: Session, initiative: Initiative, viewer: Viewer) -> InitiativeInput:
    """The initiative as it stands, with the projects that this viewer may see."""
    seen = list_linked_projects(session, initiative, viewer)
    return replace(input_of(initiative), project_ids=frozenset(one.id for one in seen))


def find_conflict(
    session: Session, initiative: Initiative, mine: InitiativeInput, opened: int, viewer: Viewer
) -> Comparison:
    """Compare what the form says with what is stored now; `opened` is the version that the form was opened at."""
    theirs = describe(session, seen_input(session, initiative, viewer))
    base = {**theirs, **base_of(session, initiative, opened)}
    codes = as_list(base["projects"])
    seen = seen_codes(session, codes, viewer)
    base["projects"] = [code for code in codes if code in seen]
    return compare({field: base[field] for field in theirs}, theirs, describe(session, mine))
